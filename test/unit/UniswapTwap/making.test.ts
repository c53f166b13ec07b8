import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { Class, Unit, setNow, termsOf } from "../../fixtures/sources.ts";
import { Mode, words } from "../ChainlinkSettlement/support.ts";
import { MADE, MAX_AGE, WINDOW, deployHostile, deployPool, makeTwap, selector } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  const [real, hostile] = [await deployPool(connection), await deployHostile(connection)];
  await setNow(connection, MADE);
  return { real, hostile };
}

async function errors() {
  return ethers.getContractFactory("UniswapTwap");
}

describe("UniswapTwap", () => {
  describe("making", () => {
    it("freezes pool, token, window and terms: a guard that is read", async () => {
      const { real } = await networkHelpers.loadFixture(deployed);
      const { source, poolAddress, baseAddress } = real;
      expect([...(await source.observed())]).to.deep.equal([poolAddress, baseAddress, WINDOW]);
      expect(await termsOf(source)).to.deep.equal({
        classes: Class.Guard,
        push: true,
        priceExp: 0n,
        maxAge: MAX_AGE,
        maxAhead: 0n,
        base: Unit.ETH,
        quote: Unit.USD,
      });
    });

    it("reverts with TokenNotInPool for another token", async () => {
      const { real } = await networkHelpers.loadFixture(deployed);
      for (const token of [ZeroAddress, real.poolAddress]) {
        await expect(makeTwap(connection, real.poolAddress, token))
          .to.be.revertedWithCustomError(await errors(), "TokenNotInPool")
          .withArgs(token);
      }
    });

    it("reverts with NetworkWithoutCode where there is no contract", async () => {
      const { real } = await networkHelpers.loadFixture(deployed);
      await expect(makeTwap(connection, ZeroAddress, real.baseAddress))
        .to.be.revertedWithCustomError(await errors(), "NetworkWithoutCode")
        .withArgs(ZeroAddress);
    });

    it("reverts with PoolUnreadable for a contract that is no pool", async () => {
      const { real, hostile } = await networkHelpers.loadFixture(deployed);
      await expect(makeTwap(connection, real.baseAddress, real.baseAddress))
        .to.be.revertedWithCustomError(await errors(), "PoolUnreadable")
        .withArgs(real.baseAddress);
      const { pool, poolAddress, baseAddress } = hostile;
      for (const [call, mode, data] of [
        [selector.token1, Mode.BurnGas, "0x"],
        [selector.token1, Mode.Data, `0x${"00".repeat(31)}`],
        [selector.token0, Mode.Data, words(1n << 160n)],
      ] as const) {
        await pool.teach(call, mode, data);
        await expect(makeTwap(connection, poolAddress, baseAddress))
          .to.be.revertedWithCustomError(await errors(), "PoolUnreadable")
          .withArgs(poolAddress);
      }
    });

    it("reverts with WindowInvalid without a window", async () => {
      const { real } = await networkHelpers.loadFixture(deployed);
      const { poolAddress, baseAddress } = real;
      await networkHelpers.time.setNextBlockTimestamp(MADE + 100n);
      await expect(makeTwap(connection, poolAddress, baseAddress, 0n, 0n))
        .to.be.revertedWithCustomError(await errors(), "WindowInvalid")
        .withArgs(MADE + 100n, MADE + 100n);
    });

    it("reverts with PriceExpTooLarge at 19", async () => {
      const { real } = await networkHelpers.loadFixture(deployed);
      await expect(makeTwap(connection, real.poolAddress, real.baseAddress, 19n))
        .to.be.revertedWithCustomError(await errors(), "PriceExpTooLarge")
        .withArgs(19n, 18n);
    });

    it("reverts with TokenDecimalsUnreadable and DecimalsTooLarge for odd tokens", async () => {
      const { hostile } = await networkHelpers.loadFixture(deployed);
      const { pool, poolAddress, baseAddress } = hostile;
      const odd = await ethers.deployContract("HostileFeed");
      const oddAddress = await odd.getAddress();
      await pool.teach(selector.token1, Mode.Data, words(BigInt(oddAddress)));
      for (const [mode, data] of [
        [Mode.Revert, "0x"],
        [Mode.Data, words(256n)],
      ] as const) {
        await odd.teach(selector.decimals, mode, data);
        for (const token of [baseAddress, oddAddress]) {
          await expect(makeTwap(connection, poolAddress, token))
            .to.be.revertedWithCustomError(await errors(), "TokenDecimalsUnreadable")
            .withArgs(oddAddress);
        }
      }
      await odd.teach(selector.decimals, Mode.Data, words(37n));
      await expect(makeTwap(connection, poolAddress, baseAddress))
        .to.be.revertedWithCustomError(await errors(), "DecimalsTooLarge")
        .withArgs(37n, 36n);
      await odd.teach(selector.decimals, Mode.Data, words(36n));
      await makeTwap(connection, poolAddress, baseAddress);
    });
  });
});

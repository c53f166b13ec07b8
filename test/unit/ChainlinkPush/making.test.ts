import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { Class, Unit, termsOf } from "../../fixtures/sources.ts";
import { Mode, selector, usd, words } from "../ChainlinkSettlement/support.ts";
import { HEARTBEAT, deployHostile, deployPush, makePush, teach } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  return deployPush(connection);
}

async function hostile() {
  return deployHostile(connection);
}

/** The errors of a contract that was refused at its making. */
async function errors() {
  return ethers.getContractFactory("ChainlinkPush");
}

describe("ChainlinkPush", () => {
  describe("making", () => {
    it("freezes proxy, decimals and terms", async () => {
      const { source, proxy } = await networkHelpers.loadFixture(deployed);
      expect(await source.proxy()).to.equal(await proxy.getAddress());
      expect(await source.decimals()).to.equal(8n);
      expect(await termsOf(source)).to.deep.equal({
        classes: Class.Chainlink,
        push: true,
        priceExp: 0n,
        maxAge: HEARTBEAT,
        maxAhead: 0n,
        base: Unit.ETH,
        quote: Unit.USD,
      });
    });

    it("takes an exponent of 18 and reverts with PriceExpTooLarge at 19", async () => {
      const { proxy } = await networkHelpers.loadFixture(deployed);
      const address = await proxy.getAddress();
      expect((await termsOf(await makePush(connection, address, 18n))).priceExp).to.equal(18n);
      await expect(makePush(connection, address, 19n))
        .to.be.revertedWithCustomError(await errors(), "PriceExpTooLarge")
        .withArgs(19n, 18n);
    });

    it("reverts with FeedWithoutCode where there is no contract", async () => {
      for (const address of [ZeroAddress, ethers.Wallet.createRandom().address]) {
        await expect(makePush(connection, address))
          .to.be.revertedWithCustomError(await errors(), "FeedWithoutCode")
          .withArgs(address);
      }
    });

    it("reverts with DecimalsUnreadable when decimals() does not read", async () => {
      const { feed, feedAddress } = await networkHelpers.loadFixture(hostile);
      for (const [mode, data] of [
        [Mode.Revert, "0x"],
        [Mode.BurnGas, "0x"],
        [Mode.RevertBomb, "0x"],
        [Mode.Data, `0x${"00".repeat(31)}`],
        [Mode.Data, words((1n << 8n) | 8n)],
      ] as const) {
        await feed.teach(selector.decimals, mode, data);
        await expect(makePush(connection, feedAddress))
          .to.be.revertedWithCustomError(await errors(), "DecimalsUnreadable")
          .withArgs(feedAddress);
      }
    });

    it("takes 36 decimals and reverts with DecimalsTooLarge at 37", async () => {
      const { feed, feedAddress } = await networkHelpers.loadFixture(hostile);
      await teach(feed, selector.decimals, words(36n));
      expect(await (await makePush(connection, feedAddress)).decimals()).to.equal(36n);
      await teach(feed, selector.decimals, words(37n));
      await expect(makePush(connection, feedAddress))
        .to.be.revertedWithCustomError(await errors(), "DecimalsTooLarge")
        .withArgs(37n, 36n);
    });

    it("reverts with PhaseUnreadable for an aggregator in place of its proxy", async () => {
      const aggregator = await ethers.deployContract("MockV3Aggregator", [8, usd(2_000)]);
      const address = await aggregator.getAddress();
      await expect(makePush(connection, address))
        .to.be.revertedWithCustomError(await errors(), "PhaseUnreadable")
        .withArgs(address);
    });
  });
});

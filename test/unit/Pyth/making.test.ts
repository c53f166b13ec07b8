import { expect } from "chai";
import { ZeroAddress } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { Class, Unit, termsOf } from "../../fixtures/sources.ts";
import { EXPONENT, FEED, MAX_AGE, MAX_AHEAD, deployPyth, makePyth } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

async function deployed() {
  return deployPyth(connection);
}

async function errors() {
  return ethers.getContractFactory("Pyth");
}

describe("Pyth", () => {
  describe("making", () => {
    it("freezes contract, feed, exponent and terms", async () => {
      const { source, pyth } = await networkHelpers.loadFixture(deployed);
      expect(await source.pyth()).to.equal(await pyth.getAddress());
      expect(await source.priceId()).to.equal(FEED);
      expect(await source.exponent()).to.equal(EXPONENT);
      expect(await termsOf(source)).to.deep.equal({
        classes: Class.Pyth,
        push: false,
        priceExp: 0n,
        maxAge: MAX_AGE,
        maxAhead: MAX_AHEAD,
        base: Unit.ETH,
        quote: Unit.USD,
      });
    });

    it("takes exponents from -18 to 0 and reverts with ExponentOutOfRange beyond", async () => {
      const { pyth } = await networkHelpers.loadFixture(deployed);
      const address = await pyth.getAddress();
      for (const exponent of [-18n, 0n]) {
        const source = await makePyth(connection, address, { exponent });
        expect(await source.exponent()).to.equal(exponent);
      }
      for (const exponent of [-19n, 1n, -(1n << 31n), (1n << 31n) - 1n]) {
        await expect(makePyth(connection, address, { exponent }))
          .to.be.revertedWithCustomError(await errors(), "ExponentOutOfRange")
          .withArgs(exponent);
      }
    });

    it("reverts with NetworkWithoutCode where there is no contract", async () => {
      await expect(makePyth(connection, ZeroAddress))
        .to.be.revertedWithCustomError(await errors(), "NetworkWithoutCode")
        .withArgs(ZeroAddress);
    });

    it("reverts with PriceExpTooLarge at 19", async () => {
      const { pyth } = await networkHelpers.loadFixture(deployed);
      await expect(makePyth(connection, await pyth.getAddress(), { priceExp: 19n }))
        .to.be.revertedWithCustomError(await errors(), "PriceExpTooLarge")
        .withArgs(19n, 18n);
    });
  });
});

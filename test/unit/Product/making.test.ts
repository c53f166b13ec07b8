import { expect } from "chai";
import { ZeroAddress, encodeBytes32String } from "ethers";

import { connect } from "../../fixtures/connection.ts";
import { Class, Unit, termsOf } from "../../fixtures/sources.ts";
import { ETHER, STETH, deployProduct, makeLeg } from "./support.ts";

const connection = await connect();
const { ethers } = connection;

async function errors() {
  return ethers.getContractFactory("Product");
}

describe("Product", () => {
  describe("making", () => {
    it("joins classes, exponents, ages and units", async () => {
      const { a, b, source } = await deployProduct(connection, { priceExp: 5n }, { priceExp: 13n });
      expect([...(await source.legs())]).to.deep.equal([
        await a.getAddress(),
        await b.getAddress(),
      ]);
      expect(await termsOf(source)).to.deep.equal({
        classes: Class.Chainlink | Class.Pyth,
        push: true,
        priceExp: 18n,
        maxAge: 90_000n,
        maxAhead: 4n,
        base: STETH.base,
        quote: Unit.USD,
      });
    });

    it("takes legs of one class, and the greater age and smaller lead of either", async () => {
      const changes = { classes: Class.Pyth, maxAge: 30n, maxAhead: 2n };
      const { source } = await deployProduct(connection, changes);
      const { classes, maxAge, maxAhead } = await termsOf(source);
      expect([classes, maxAge, maxAhead]).to.deep.equal([Class.Pyth, 60n, 2n]);
    });

    it("takes the age of the pulled leg, of which its time is, if one leg alone is pushed", async () => {
      for (const [first, second, maxAge] of [
        [true, false, 60n],
        [false, true, 90_000n],
        [false, false, 90_000n],
      ] as const) {
        const { source } = await deployProduct(connection, { push: first }, { push: second });
        expect((await termsOf(source)).maxAge).to.equal(maxAge);
      }
    });

    it("is pushed if both legs are", async () => {
      for (const [first, second] of [
        [true, true],
        [true, false],
        [false, true],
        [false, false],
      ] as const) {
        const { source } = await deployProduct(connection, { push: first }, { push: second });
        expect((await termsOf(source)).push).to.equal(first && second);
      }
    });

    it("reverts with UnitsDoNotChain for legs the wrong way round", async () => {
      const [a, b] = [await makeLeg(connection, ETHER), await makeLeg(connection, STETH)];
      await expect(ethers.deployContract("Product", [a, b]))
        .to.be.revertedWithCustomError(await errors(), "UnitsDoNotChain")
        .withArgs(Unit.USD, STETH.base);
    });

    it("reverts with UnitsDoNotChain for a coin that is not the one", async () => {
      const quote = encodeBytes32String("WETH");
      await expect(deployProduct(connection, { quote }))
        .to.be.revertedWithCustomError(await errors(), "UnitsDoNotChain")
        .withArgs(quote, Unit.ETH);
    });

    it("reverts with LegIsGuard for either leg", async () => {
      for (const classes of [Class.Guard, Class.Guard | 1n]) {
        await expect(deployProduct(connection, { classes }))
          .to.be.revertedWithCustomError(await errors(), "LegIsGuard")
          .withArgs(0n);
        await expect(deployProduct(connection, {}, { classes }))
          .to.be.revertedWithCustomError(await errors(), "LegIsGuard")
          .withArgs(1n);
      }
    });

    it("reverts with ProductExpTooLarge at 19", async () => {
      await expect(deployProduct(connection, { priceExp: 18n }, { priceExp: 1n }))
        .to.be.revertedWithCustomError(await errors(), "ProductExpTooLarge")
        .withArgs(19n, 18n);
      await expect(deployProduct(connection, { priceExp: 255n }, { priceExp: 255n }))
        .to.be.revertedWithCustomError(await errors(), "ProductExpTooLarge")
        .withArgs(510n, 18n);
    });

    it("reverts with NetworkWithoutCode where a leg is no contract", async () => {
      const leg = await (await makeLeg(connection, STETH)).getAddress();
      for (const legs of [
        [ZeroAddress, leg],
        [leg, ZeroAddress],
      ]) {
        await expect(ethers.deployContract("Product", legs))
          .to.be.revertedWithCustomError(await errors(), "NetworkWithoutCode")
          .withArgs(ZeroAddress);
      }
    });
  });
});

import { expect } from "chai";
import { ZeroAddress, toBeHex } from "ethers";
import { network } from "hardhat";

import { Bench, CEILING, Mode, feedOf, profileOf, selector, words } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

async function deployed() {
  const world = await bench.deploy();
  const hostile = await ethers.deployContract("HostileFeed");
  return { ...world, hostile, hostileFeed: feedOf(await hostile.getAddress()) };
}

describe("ChainlinkSettlement", () => {
  describe("describe", () => {
    describe("when feed and profile are known", () => {
      it("returns the price exponent and the ceiling", async () => {
        const { oracle, feed } = await networkHelpers.loadFixture(deployed);
        const answer = await oracle.describe(feed, profileOf(6n, CEILING));
        expect([...answer]).to.deep.equal([6n, CEILING]);
      });

      it("takes the bounds: exponent 18, the smallest and the largest ceiling", async () => {
        const { oracle, feed } = await networkHelpers.loadFixture(deployed);
        expect([...(await oracle.describe(feed, profileOf(18n, 1n)))]).to.deep.equal([18n, 1n]);
        const largest = (1n << 112n) - 1n;
        expect([...(await oracle.describe(feed, profileOf(0n, largest)))]).to.deep.equal([
          0n,
          largest,
        ]);
      });
    });

    describe("when the profile is malformed", () => {
      it("reverts with ProfileDirty for every bit above the ceiling", async () => {
        const { oracle, feed } = await networkHelpers.loadFixture(deployed);
        for (const bit of [120n, 121n, 200n, 255n]) {
          const profile = toBeHex((1n << bit) | BigInt(profileOf()), 32);
          await expect(oracle.describe(feed, profile))
            .to.be.revertedWithCustomError(oracle, "ProfileDirty")
            .withArgs(profile);
        }
      });

      it("reverts with PriceExpTooLarge above 18", async () => {
        const { oracle, feed } = await networkHelpers.loadFixture(deployed);
        for (const exponent of [19n, 255n]) {
          await expect(oracle.describe(feed, profileOf(exponent)))
            .to.be.revertedWithCustomError(oracle, "PriceExpTooLarge")
            .withArgs(exponent, 18n);
        }
      });

      it("reverts with ProfileWithoutCeiling", async () => {
        const { oracle, feed } = await networkHelpers.loadFixture(deployed);
        const profile = profileOf(6n, 0n);
        await expect(oracle.describe(feed, profile))
          .to.be.revertedWithCustomError(oracle, "ProfileWithoutCeiling")
          .withArgs(profile);
      });
    });

    describe("when the feed is no contract", () => {
      it("reverts with FeedNotAddress for any of the upper 96 bits", async () => {
        const { oracle, feed, profile } = await networkHelpers.loadFixture(deployed);
        for (const bit of [160n, 255n]) {
          const name = toBeHex((1n << bit) | BigInt(feed), 32);
          await expect(oracle.describe(name, profile))
            .to.be.revertedWithCustomError(oracle, "FeedNotAddress")
            .withArgs(name);
        }
      });

      it("reverts with FeedWithoutCode", async () => {
        const { oracle, profile } = await networkHelpers.loadFixture(deployed);
        const [account] = await ethers.getSigners();
        for (const address of [ZeroAddress, account?.address ?? ""]) {
          await expect(oracle.describe(feedOf(address), profile))
            .to.be.revertedWithCustomError(oracle, "FeedWithoutCode")
            .withArgs(address);
        }
      });
    });

    describe("when decimals() is hostile", () => {
      const replies: [name: string, mode: number, data: string][] = [
        ["reverts", Mode.Revert, "0x"],
        ["burns all gas", Mode.BurnGas, "0x"],
        ["returns nothing", Mode.Data, "0x"],
        ["returns 31 bytes", Mode.Data, `0x${"00".repeat(31)}`],
        ["returns dirty bits", Mode.Data, words((1n << 8n) | 8n)],
        ["returns the largest word", Mode.Data, words((1n << 256n) - 1n)],
        ["reverts with a bomb", Mode.RevertBomb, "0x"],
      ];
      for (const [name, mode, data] of replies) {
        it(`reverts with DecimalsUnreadable when it ${name}`, async () => {
          const { oracle, profile, hostile, hostileFeed } =
            await networkHelpers.loadFixture(deployed);
          await hostile.teach(selector.decimals, mode, data);
          await expect(oracle.describe(hostileFeed, profile))
            .to.be.revertedWithCustomError(oracle, "DecimalsUnreadable")
            .withArgs(await hostile.getAddress());
        });
      }

      it("survives a return bomb: its first word is read and the rest is left", async () => {
        const { oracle, profile, hostile, hostileFeed } =
          await networkHelpers.loadFixture(deployed);
        await hostile.teach(selector.decimals, Mode.ReturnBomb, "0x");
        expect((await oracle.describe(hostileFeed, profile)).maxCeiling).to.equal(CEILING);
        // 64,000 gas for the target to make the bomb; copying it would cost as much again and more.
        expect(await oracle.describe.estimateGas(hostileFeed, profile)).to.be.lessThan(280_000n);
      });

      it("takes 36 decimals and reverts with DecimalsTooLarge at 37", async () => {
        const { oracle, profile, hostile, hostileFeed } =
          await networkHelpers.loadFixture(deployed);
        await hostile.teach(selector.decimals, Mode.Data, words(36n));
        expect((await oracle.describe(hostileFeed, profile)).priceExp).to.equal(0n);
        await hostile.teach(selector.decimals, Mode.Data, words(37n));
        await expect(oracle.describe(hostileFeed, profile))
          .to.be.revertedWithCustomError(oracle, "DecimalsTooLarge")
          .withArgs(37n, 36n);
      });
    });
  });
});

import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { network } from "hardhat";

import { feedIdOf } from "../../../scripts/lib/oracle/redstone.ts";
import {
  ADDRESSES,
  BASE,
  FEED,
  MAX_AGE,
  MAX_AHEAD,
  QUOTE,
  deploySource,
  making,
  walletAt,
} from "./support.ts";
import type { Making } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const standard = () => deploySource(connection);
const deploy = (options: Making) => ethers.deployContract("RedStone", [...making(options)]);

describe("RedStone", () => {
  describe("constructor", () => {
    it("takes 1 to 16 signers and a threshold up to their number", async () => {
      for (const [count, threshold] of [
        [1, 1],
        [5, 3],
        [5, 5],
        [16, 1],
        [16, 16],
      ] as const) {
        const { source, signers } = await deploySource(connection, { count, threshold });
        expect([...(await source.signers())]).to.deep.equal(signers);
        expect(await source.quorum()).to.equal(threshold);
        expect(await source.getUniqueSignersThreshold()).to.equal(threshold);
      }
    });

    it("reverts with SignerCountInvalid for none and more than 16", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      for (const signers of [[], [...ADDRESSES, ZeroAddress]]) {
        await expect(deploy({ signers }))
          .to.be.revertedWithCustomError(source, "SignerCountInvalid")
          .withArgs(signers.length, 1n, 16n);
      }
    });

    it("reverts with ThresholdInvalid for none and more than there are", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      for (const threshold of [0, 6, 255]) {
        await expect(deploy({ threshold }))
          .to.be.revertedWithCustomError(source, "ThresholdInvalid")
          .withArgs(threshold, 5n);
      }
    });

    it("reverts with SignerZero and SignerRepeated", async () => {
      const { source } = await networkHelpers.loadFixture(standard);
      const signers = ADDRESSES.slice(0, 5);
      await expect(deploy({ signers: signers.with(4, ZeroAddress) }))
        .to.be.revertedWithCustomError(source, "SignerZero")
        .withArgs(4n);
      await expect(deploy({ signers: signers.with(3, walletAt(0).address) }))
        .to.be.revertedWithCustomError(source, "SignerRepeated")
        .withArgs(walletAt(0).address, 3n);
    });

    it("reverts with PriceExpTooLarge above 18 and DecimalsTooLarge above 36", async () => {
      const { source } = await deploySource(connection, { priceExp: 18n, decimals: 36n });
      await expect(deploy({ priceExp: 19n }))
        .to.be.revertedWithCustomError(source, "PriceExpTooLarge")
        .withArgs(19n, 18n);
      await expect(deploy({ decimals: 37n }))
        .to.be.revertedWithCustomError(source, "DecimalsTooLarge")
        .withArgs(37n, 36n);
    });
  });

  describe("describe", () => {
    it("says RedStone, no push, and the terms it was made with", async () => {
      const { source } = await deploySource(connection, { priceExp: 6n });
      expect([...(await source.describe())]).to.deep.equal([
        2n,
        false,
        6n,
        MAX_AGE,
        MAX_AHEAD,
        BASE,
        QUOTE,
      ]);
    });
  });

  describe("views", () => {
    it("give the feed's name and the network's decimals", async () => {
      const { source } = await deploySource(connection, { decimals: 18n });
      expect(await source.dataFeedId()).to.equal(feedIdOf(FEED));
      expect(await source.decimals()).to.equal(18n);
    });

    it("give every signer's bit, and revert with SignerNotClaimed for anyone else", async () => {
      const { source, signers } = await deploySource(connection, { count: 16 });
      for (const [index, signer] of signers.entries()) {
        expect(await source.getAuthorisedSignerIndex(signer)).to.equal(index);
      }
      const { source: smaller } = await networkHelpers.loadFixture(standard);
      for (const stranger of [walletAt(5).address, ZeroAddress]) {
        await expect(smaller.getAuthorisedSignerIndex(stranger))
          .to.be.revertedWithCustomError(smaller, "SignerNotClaimed")
          .withArgs(stranger);
      }
    });
  });
});

import { expect } from "chai";
import { AbiCoder, TypedDataEncoder, ZeroAddress, keccak256 } from "ethers";
import { network } from "hardhat";

import { OBSERVATION_TYPES, observationDigest } from "../../../scripts/lib/oracle/signedFeed.ts";
import {
  BASE,
  MAX_AGE,
  MAX_AHEAD,
  QUOTE,
  T,
  WALLETS,
  deployFeed,
  usd,
  walletAt,
} from "./support.ts";

const connection = await network.create();
const { ethers } = connection;

const all = WALLETS.map(({ address }) => address);
const deploy = (signers: string[]) =>
  ethers.deployContract("SignedFeed", [BASE, QUOTE, 0n, MAX_AGE, MAX_AHEAD, signers]);

describe("SignedFeed", () => {
  describe("constructor", () => {
    for (const [count, quorum] of [
      [4, 3n],
      [7, 5n],
      [10, 7n],
      [13, 9n],
      [16, 11n],
    ] as const) {
      it(`takes ${count} signers with a quorum of ${quorum}`, async () => {
        const { feed, signers } = await deployFeed(connection, count);
        expect(await feed.quorum()).to.equal(quorum);
        expect([...(await feed.signers())]).to.deep.equal(signers);
        expect([...(await feed.removalTimes())]).to.deep.equal(Array(count).fill(0n));
        expect(await feed.standing(T)).to.equal((1n << BigInt(count)) - 1n);
      });
    }

    it("reverts with SignerCountInvalid for a number that is not 3f + 1 between 4 and 16", async () => {
      const { feed } = await deployFeed(connection);
      for (const count of [0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 19]) {
        const signers = Array.from({ length: count }, (_, i) => all[i % 16] ?? "");
        await expect(deploy(signers))
          .to.be.revertedWithCustomError(feed, "SignerCountInvalid")
          .withArgs(count, 4n, 16n);
      }
    });

    it("reverts with SignerZero", async () => {
      const { feed } = await deployFeed(connection);
      for (const index of [0, 3]) {
        await expect(deploy(all.slice(0, 4).with(index, ZeroAddress)))
          .to.be.revertedWithCustomError(feed, "SignerZero")
          .withArgs(index);
      }
    });

    it("reverts with SignerRepeated", async () => {
      const { feed } = await deployFeed(connection);
      await expect(deploy(all.slice(0, 7).with(6, walletAt(2).address)))
        .to.be.revertedWithCustomError(feed, "SignerRepeated")
        .withArgs(walletAt(2).address, 6n);
    });
  });

  describe("describe", () => {
    it("says own signers, no push, and the terms it was made with", async () => {
      const { feed } = await deployFeed(connection, 7, 6n);
      expect([...(await feed.describe())]).to.deep.equal([
        4n,
        false,
        6n,
        MAX_AGE,
        MAX_AHEAD,
        BASE,
        QUOTE,
      ]);
    });
  });

  describe("pair", () => {
    it("is the hash of base, quote and unit", async () => {
      const { feed, context } = await deployFeed(connection, 4, 18n);
      const encoded = AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "bytes32", "uint8"],
        [BASE, QUOTE, 18n],
      );
      expect(await feed.pair()).to.equal(keccak256(encoded));
      expect(context.pair).to.equal(keccak256(encoded));
    });
  });

  describe("digest", () => {
    it("is the EIP-712 hash of the observation in the feed's domain", async () => {
      const { feed, context } = await deployFeed(connection);
      const message = { pair: await feed.pair(), time: T, price: usd(2_000) };
      const { name, version, chainId, verifyingContract } = await feed.eip712Domain();
      const domain = { name, version, chainId, verifyingContract };
      expect([name, version]).to.deep.equal(["Certus Signed Feed", "1"]);
      const hash = TypedDataEncoder.hash(domain, OBSERVATION_TYPES, message);
      expect(await feed.digest(T, usd(2_000))).to.equal(hash);
      expect(observationDigest(context, message)).to.equal(hash);
    });
  });
});

import { expect } from "chai";
import { ZeroHash, dataLength, dataSlice, toBeHex } from "ethers";
import { network } from "hardhat";

import {
  encodeObservations,
  encodePayload,
  feedDomain,
  observerOf,
  pairId,
  signObservation,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import type { FeedContext } from "../../../scripts/lib/oracle/signedFeed.ts";
import {
  BASE,
  MAX_PRICE,
  QUOTE,
  T,
  bits,
  deployFeed,
  formOf,
  payloadOf,
  signAll,
  usd,
  walletAt,
} from "./support.ts";
import type { Feed } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;

const of4 = () => deployFeed(connection, 4);
const of7 = () => deployFeed(connection, 7);
const ALL4 = 0xfn;
const ALL7 = 0x7fn;

/** Prices of the signers 0, 1, 2 of four. */
const PRICES = [usd(2_000), usd(2_010), usd(1_990)];

async function signed(world: Feed, prices = PRICES) {
  return signAll(
    world,
    prices.map((price, index) => [index, price] as const),
  );
}

/** A payload of three good observations of which parts may be replaced. */
async function parts(world: Feed) {
  const observations = await signed(world);
  return {
    time: T,
    bitmap: bits(0, 1, 2),
    prices: observations.map(({ price }) => price),
    signatures: observations.map(({ r, vs }) => [r, vs] as const),
  };
}

describe("SignedFeed", () => {
  describe("latest", () => {
    it("answers the median, the time, no confidence and the form of the set", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      expect([...(await world.feed.latest.staticCall(payload))]).to.deep.equal([
        usd(2_000),
        T,
        0n,
        formOf(bits(0, 1, 2), ALL4),
      ]);
    });

    it("is maximal when all signed, and floors the mean of the middle two", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, [7n, 1n, 100n, 4n]);
      const { price, form } = await world.feed.latest.staticCall(payload);
      expect(price).to.equal(5n);
      expect(form).to.equal(formOf(ALL4, ALL4));
    });

    it("takes any set of enough signers", async () => {
      const world = await networkHelpers.loadFixture(of7);
      const prices = [6, 2, 4, 1, 3].map((index, i) => [index, usd(10 - i)] as const);
      const payload = encodeObservations(world.signers, await signAll(world, prices));
      const { price, form } = await world.feed.latest.staticCall(payload);
      expect(price).to.equal(usd(8));
      expect(form).to.equal(formOf(bits(1, 2, 3, 4, 6), ALL7));
    });

    it("takes the bounds of a price and of a time", async () => {
      const world = await networkHelpers.loadFixture(of4);
      for (const price of [1n, MAX_PRICE]) {
        const payload = await payloadOf(world, Array<bigint>(4).fill(price), (1n << 40n) - 1n);
        const reading = await world.feed.latest.staticCall(payload);
        expect([reading.price, reading.time]).to.deep.equal([price, (1n << 40n) - 1n]);
      }
    });

    it("can be sent as a transaction and changes nothing", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      const sent = await world.feed.latest(payload);
      expect((await sent.wait())?.logs).to.deep.equal([]);
    });
  });

  describe("valueAt", () => {
    it("answers the median and the form of the set", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      expect([...(await world.feed.valueAt.staticCall(T, payload))]).to.deep.equal([
        usd(2_000),
        formOf(bits(0, 1, 2), ALL4),
      ]);
    });

    it("reverts with ProofForOtherTime when the observations are of another time", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      for (const asked of [T - 1n, T + 1n, 0n]) {
        await expect(world.feed.valueAt(asked, payload))
          .to.be.revertedWithCustomError(world.feed, "ProofForOtherTime")
          .withArgs(T, asked);
      }
    });

    it("reverts with SignatureForeign when the payload's time is changed to the one asked for", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await parts(world);
      const [first] = await signed(world);
      if (first === undefined) throw new Error("three observations were signed");
      const recovered = observerOf(world.context, { ...first, time: T + 60n });
      await expect(world.feed.valueAt(T + 60n, encodePayload({ ...good, time: T + 60n })))
        .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
        .withArgs(0n, recovered, walletAt(0).address);
    });
  });

  describe("a value sent along", () => {
    it("reverts with WrongFee", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      await expect(world.feed.latest(payload, { value: 1n }))
        .to.be.revertedWithCustomError(world.feed, "WrongFee")
        .withArgs(1n, 0n);
      await expect(world.feed.valueAt(T, payload, { value: 5n }))
        .to.be.revertedWithCustomError(world.feed, "WrongFee")
        .withArgs(5n, 0n);
    });
  });

  describe("a payload of the wrong set", () => {
    it("reverts with TooFewSigners below the quorum", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES.slice(0, 2));
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "TooFewSigners")
        .withArgs(2n, 3n);
      const none = encodePayload({ time: T, bitmap: 0n, prices: [], signatures: [] });
      await expect(world.feed.valueAt(T, none))
        .to.be.revertedWithCustomError(world.feed, "TooFewSigners")
        .withArgs(0n, 3n);
    });

    it("reverts with BitmapTooWide for a bit beyond the signers", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await parts(world);
      for (const bitmap of [bits(0, 1, 4), bits(0, 1, 15), 0xffffn]) {
        await expect(world.feed.latest(encodePayload({ ...good, bitmap })))
          .to.be.revertedWithCustomError(world.feed, "BitmapTooWide")
          .withArgs(bitmap, 4n);
      }
    });

    it("reverts with ObservationsMismatch unless each bit has a price and a signature", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const { time, bitmap, prices, signatures } = await parts(world);
      const cases = [
        { bitmap: ALL4, prices, signatures, counts: [4n, 3n, 3n] },
        { bitmap, prices: [...prices, 1n], signatures, counts: [3n, 4n, 3n] },
        { bitmap, prices: prices.slice(1), signatures, counts: [3n, 2n, 3n] },
        { bitmap, prices, signatures: signatures.slice(1), counts: [3n, 3n, 2n] },
        { bitmap, prices: [], signatures: [], counts: [3n, 0n, 0n] },
      ];
      for (const { counts, ...rest } of cases) {
        const [signers, given, signatureCount] = counts;
        await expect(world.feed.latest(encodePayload({ time, ...rest })))
          .to.be.revertedWithCustomError(world.feed, "ObservationsMismatch")
          .withArgs(signers, given, signatureCount);
      }
    });

    it("reverts with ObservedPriceInvalid for zero and above 2^63 − 1, though signed", async () => {
      const world = await networkHelpers.loadFixture(of4);
      for (const price of [0n, MAX_PRICE + 1n, (1n << 64n) - 1n]) {
        const payload = await payloadOf(world, PRICES.with(1, price));
        await expect(world.feed.latest(payload))
          .to.be.revertedWithCustomError(world.feed, "ObservedPriceInvalid")
          .withArgs(1n, price, MAX_PRICE);
      }
    });
  });

  describe("a signature that is not the signer's", () => {
    /** Signer 1 signs in another context than the feed's. */
    async function foreign(world: Feed, context: FeedContext) {
      const good = await parts(world);
      const price = PRICES[1] ?? 0n;
      const { r, vs } = await signObservation(walletAt(1), context, { time: T, price });
      const recovered = observerOf(world.context, { time: T, price, r, vs });
      const payload = encodePayload({ ...good, signatures: good.signatures.with(1, [r, vs]) });
      return { payload, recovered };
    }

    const contexts: [string, (world: Feed) => FeedContext][] = [
      [
        "another chain",
        ({ context }) => ({ ...context, domain: { ...context.domain, chainId: 1n } }),
      ],
      [
        "another contract",
        ({ context }) => ({
          ...context,
          domain: feedDomain(BigInt(context.domain.chainId ?? 0), walletAt(9).address),
        }),
      ],
      ["another pair", ({ context }) => ({ ...context, pair: pairId(QUOTE, BASE, 0n) })],
      ["another unit", ({ context }) => ({ ...context, pair: pairId(BASE, QUOTE, 6n) })],
      [
        "another version",
        ({ context }) => ({ ...context, domain: { ...context.domain, version: "2" } }),
      ],
    ];
    for (const [name, change] of contexts) {
      it(`reverts with SignatureForeign for one of ${name}`, async () => {
        const world = await networkHelpers.loadFixture(of4);
        const { payload, recovered } = await foreign(world, change(world));
        await expect(world.feed.latest(payload))
          .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
          .withArgs(1n, recovered, walletAt(1).address);
      });
    }

    it("reverts with SignatureForeign for one of a signer of another bit, or of nobody", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await parts(world);
      const others = await signAll(world, [
        [0, usd(2_010)],
        [3, usd(2_010)],
        [8, usd(2_010)],
      ]);
      for (const { signer, r, vs } of others) {
        const signatures = good.signatures.with(1, [r, vs]);
        await expect(world.feed.latest(encodePayload({ ...good, signatures })))
          .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
          .withArgs(1n, signer, walletAt(1).address);
      }
    });

    it("reverts with SignatureForeign, recovering zero, for no signature and a high s", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await parts(world);
      const [r] = good.signatures[2] ?? [ZeroHash];
      // An s above half of the curve's order, the largest that 255 bits hold.
      const high = toBeHex((1n << 255n) - 1n, 32);
      for (const bad of [
        [ZeroHash, ZeroHash],
        [r, high],
      ] as const) {
        const signatures = good.signatures.with(2, bad);
        await expect(world.feed.latest(encodePayload({ ...good, signatures })))
          .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
          .withArgs(2n, ethers.ZeroAddress, walletAt(2).address);
      }
    });

    it("reverts with SignatureForeign when prices stand in another order than the bits", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await parts(world);
      const [first, second] = await signed(world);
      if (first === undefined || second === undefined) throw new Error("three were signed");
      const swapped = [second, first, ...(await signed(world)).slice(2)];
      const payload = encodePayload({
        ...good,
        prices: swapped.map(({ price }) => price),
        signatures: swapped.map(({ r, vs }) => [r, vs] as const),
      });
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
        .withArgs(0n, walletAt(1).address, walletAt(0).address);
    });
  });

  describe("a malformed payload", () => {
    it("reverts with ObservationsMalformed when it is cut or longer", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      const length = dataLength(payload);
      for (const cut of [0, 1, 31, 32, 64, 128, 160, 191, 192, length - 32, length - 1]) {
        await expect(world.feed.latest(dataSlice(payload, 0, cut)))
          .to.be.revertedWithCustomError(world.feed, "ObservationsMalformed")
          .withArgs(cut);
      }
      for (const added of [1, 32, 64, 96]) {
        await expect(world.feed.valueAt(T, payload + "00".repeat(added)))
          .to.be.revertedWithCustomError(world.feed, "ObservationsMalformed")
          .withArgs(length + added);
      }
    });

    it("reverts with ObservationsMalformed for a word its type cannot hold, or that points elsewhere", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const payload = await payloadOf(world, PRICES);
      const length = dataLength(payload);
      const most = (1n << 256n) - 1n;
      const changes: [word: number, value: bigint][] = [
        [0, 1n << 40n],
        [0, most],
        [1, 1n << 16n],
        [1, most],
        [2, 0n],
        [2, 160n],
        [2, most],
        [3, 128n],
        [3, 224n],
        [3, most],
        [4, 2n],
        [4, 4n],
        [4, BigInt(length)],
        [4, most],
        [4, 1n << 255n],
        [8, 2n],
        [8, 4n],
        [8, most],
        [8, 1n << 250n],
      ];
      for (const [word, value] of changes) {
        const changed =
          dataSlice(payload, 0, 32 * word) +
          toBeHex(value, 32).slice(2) +
          dataSlice(payload, 32 * word + 32).slice(2);
        await expect(world.feed.latest(changed), `word ${word} = ${value}`)
          .to.be.revertedWithCustomError(world.feed, "ObservationsMalformed")
          .withArgs(length);
      }
    });
  });
});

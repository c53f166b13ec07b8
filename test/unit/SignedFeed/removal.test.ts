import { expect } from "chai";
import { network } from "hardhat";

import {
  encodeObservations,
  encodePayload,
  findEquivocation,
  observerOf,
  signObservation,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import {
  MAX_PRICE,
  T,
  bits,
  deployFeed,
  equivocate,
  formOf,
  payloadOf,
  prove,
  signAll,
  usd,
  walletAt,
} from "./support.ts";
import type { Feed } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const of4 = () => deployFeed(connection, 4);
const of7 = () => deployFeed(connection, 7);

/** Removes signers, each a second or more after the one before, and says when. */
async function removed(world: Feed, indices: readonly number[]): Promise<bigint[]> {
  const times: bigint[] = [];
  for (const index of indices) {
    await networkHelpers.time.increase(1);
    await prove(world.feed, index, await equivocate(world, index));
    times.push(BigInt(await networkHelpers.time.latest()));
  }
  return times;
}

const payloadOfSigners = async (world: Feed, indices: readonly number[], time: bigint) =>
  encodeObservations(
    world.signers,
    await signAll(
      world,
      indices.map((index) => [index, usd(2_000 + index)] as const),
      time,
    ),
  );

describe("SignedFeed", () => {
  describe("proveEquivocation", () => {
    it("removes the signer as of the block's time, whoever proves it, and says so", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const pair = await equivocate(world, 2, T, [usd(2_000), usd(2_001)]);
      const [, , , stranger] = await connection.ethers.getSigners();
      if (stranger === undefined) throw new Error("the test chain has accounts");
      const proof = prove(world.feed.connect(stranger), 2, pair);
      await expect(proof)
        .to.emit(world.feed, "SignerRemoved")
        .withArgs(walletAt(2).address, 2n, T, usd(2_000), usd(2_001));
      const now = BigInt(await networkHelpers.time.latest());
      expect([...(await world.feed.removalTimes())]).to.deep.equal([0n, 0n, now, 0n]);
      expect(await world.feed.standing(now)).to.equal(0xfn);
      expect(await world.feed.standing(now + 1n)).to.equal(bits(0, 1, 3));
      expect([...(await world.feed.signers())]).to.deep.equal(world.signers);
      expect(await world.feed.quorum()).to.equal(3n);
    });

    it("takes prices and times that no reading would take", async () => {
      const world = await networkHelpers.loadFixture(of7);
      const late = (1n << 64n) - 1n;
      await prove(world.feed, 0, await equivocate(world, 0, late, [0n, usd(1)]));
      await prove(world.feed, 6, await equivocate(world, 6, 0n, [MAX_PRICE + 1n, late]));
      const now = BigInt(await networkHelpers.time.latest());
      expect(await world.feed.standing(now + 1n)).to.equal(bits(1, 2, 3, 4, 5));
    });

    it("removes every one of 16 signers, each as of its own time", async () => {
      const world = await deployFeed(connection, 16);
      const indices = [...world.signers.keys()];
      const times = await removed(world, indices);
      expect([...(await world.feed.removalTimes())]).to.deep.equal(times);
      for (const [index, time] of times.entries()) {
        const standing = ((1n << 16n) - 1n) ^ ((1n << BigInt(index)) - 1n);
        expect(await world.feed.standing(time)).to.equal(standing);
      }
      const last = times.at(-1) ?? 0n;
      expect(await world.feed.standing(last + 1n)).to.equal(0n);
    });

    it("reverts with SignerUnknown beyond the signers", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const pair = await equivocate(world, 4);
      await expect(prove(world.feed, 4, pair))
        .to.be.revertedWithCustomError(world.feed, "SignerUnknown")
        .withArgs(4n, 4n);
    });

    it("reverts with SignerRemovedAlready the second time", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [at] = await removed(world, [1]);
      await expect(prove(world.feed, 1, await equivocate(world, 1, T + 5n)))
        .to.be.revertedWithCustomError(world.feed, "SignerRemovedAlready")
        .withArgs(1n, at);
    });

    it("reverts with PricesEqual for one observation shown twice", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [a] = await equivocate(world, 1);
      await expect(prove(world.feed, 1, [a, a]))
        .to.be.revertedWithCustomError(world.feed, "PricesEqual")
        .withArgs(a.price);
    });

    it("reverts with SignatureForeign for prices of two times, be it the first or the second", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [a] = await equivocate(world, 1, T);
      const [, b] = await equivocate(world, 1, T + 1n);
      const recovered = observerOf(world.context, { ...b, time: T });
      await expect(prove(world.feed, 1, [a, b]))
        .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
        .withArgs(1n, recovered, walletAt(1).address);
      const first = observerOf(world.context, { ...a, time: T + 1n });
      await expect(prove(world.feed, 1, [{ ...a, time: T + 1n }, b]))
        .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
        .withArgs(1n, first, walletAt(1).address);
    });

    it("reverts with SignatureForeign for prices of two signers", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [a] = await equivocate(world, 1);
      const [, b] = await equivocate(world, 2);
      for (const [index, signer] of [
        [1, walletAt(2).address],
        [2, walletAt(1).address],
      ] as const) {
        await expect(prove(world.feed, index, [a, b]))
          .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
          .withArgs(index, signer, walletAt(index).address);
      }
    });

    it("reverts with SignatureForeign for an observation of another feed", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const other = await deployFeed(connection, 4, 6n);
      const [a] = await equivocate(world, 1);
      const price = usd(3);
      const b = await signObservation(walletAt(1), other.context, { time: T, price });
      await expect(prove(world.feed, 1, [a, b]))
        .to.be.revertedWithCustomError(world.feed, "SignatureForeign")
        .withArgs(1n, observerOf(world.context, b), walletAt(1).address);
    });
  });

  describe("after a removal", () => {
    it("reverts with SignerIsRemoved for its observations of later times", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [at = 0n] = await removed(world, [1]);
      const payload = await payloadOfSigners(world, [0, 1, 2], at + 1n);
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "SignerIsRemoved")
        .withArgs(1n, at, at + 1n);
      await expect(world.feed.valueAt(at + 1n, payload))
        .to.be.revertedWithCustomError(world.feed, "SignerIsRemoved")
        .withArgs(1n, at, at + 1n);
    });

    it("is maximal with all that stand at that time", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [at = 0n] = await removed(world, [1]);
      const later = await payloadOfSigners(world, [0, 2, 3], at + 1n);
      expect((await world.feed.valueAt.staticCall(at + 1n, later)).form).to.equal(
        formOf(bits(0, 2, 3), bits(0, 2, 3)),
      );
      const before = await payloadOfSigners(world, [0, 2, 3], at);
      expect((await world.feed.valueAt.staticCall(at, before)).form).to.equal(
        formOf(bits(0, 2, 3), 0xfn),
      );
    });

    it("has no value of later times when fewer than the quorum stand", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const times = await removed(world, [1, 3]);
      const at = times[1] ?? 0n;
      const payload = await payloadOfSigners(world, [0, 2], at + 1n);
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "TooFewSigners")
        .withArgs(2n, 3n);
    });

    it("names the lowest removed signer of the set", async () => {
      const world = await networkHelpers.loadFixture(of7);
      const times = await removed(world, [5, 3]);
      const at = times[1] ?? 0n;
      const payload = await payloadOf(world, Array<bigint>(7).fill(usd(1)), at + 1n);
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "SignerIsRemoved")
        .withArgs(3n, at, at + 1n);
    });

    it("leaves every value up to the block's time as it was", async () => {
      const world = await networkHelpers.loadFixture(of7);
      const start = BigInt(await networkHelpers.time.latest());
      const sets = [[0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 4], [1, 2, 3, 5, 6], [2]];
      const asked: { time: bigint; payload: string }[] = [];
      for (const set of sets) {
        for (const time of [T, start - 1n, start]) {
          asked.push({ time, payload: await payloadOfSigners(world, set, time) });
        }
      }
      const [good] = asked;
      const answers = () =>
        Promise.all(
          asked.map(async ({ time, payload }) => {
            try {
              const { price, form } = await world.feed.valueAt.staticCall(time, payload);
              return `${price} ${form}`;
            } catch (error) {
              return /custom error '([^']*)'/.exec(String(error))?.[1];
            }
          }),
        );
      const before = await answers();
      expect(before.filter((answer) => answer?.startsWith("TooFew"))).to.have.length(3);
      for (const index of [2, 6, 0, 1, 3, 4, 5]) {
        await prove(world.feed, index, await equivocate(world, index));
        expect(await answers()).to.deep.equal(before);
      }
      expect(good).to.not.equal(undefined);
    });
  });

  describe("findEquivocation", () => {
    it("finds the contradiction that removes a signer, and none where there is none", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const honest = await signAll(world, [
        [0, usd(1)],
        [1, usd(2)],
        [2, usd(1)],
      ]);
      const later = await signAll(world, [[1, usd(3)]], T + 1n);
      expect(findEquivocation([...honest, ...later, ...honest])).to.equal(undefined);
      const again = await signAll(world, [[1, usd(4)]]);
      const found = findEquivocation([...honest, ...later, ...again]);
      if (found === undefined) throw new Error("signer 1 signed two prices");
      expect(found.map(({ price }) => price)).to.deep.equal([usd(2), usd(4)]);
      await prove(world.feed, 1, found);
      expect(await world.feed.standing((1n << 40n) - 1n)).to.equal(bits(0, 2, 3));
    });
  });

  describe("a payload with both prices of a signer", () => {
    it("is refused: a bit takes one price", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const [a, b] = await equivocate(world, 0);
      const others = await signAll(world, [
        [1, usd(1)],
        [2, usd(1)],
      ]);
      const all = [a, b, ...others];
      const payload = encodePayload({
        time: T,
        bitmap: bits(0, 1, 2),
        prices: all.map(({ price }) => price),
        signatures: all.map(({ r, vs }) => [r, vs] as const),
      });
      await expect(world.feed.latest(payload))
        .to.be.revertedWithCustomError(world.feed, "ObservationsMismatch")
        .withArgs(3n, 4n, 4n);
    });
  });
});

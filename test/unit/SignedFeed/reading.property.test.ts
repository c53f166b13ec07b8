import { expect } from "chai";
import fc from "fast-check";
import { concat, dataLength, dataSlice, getBytes, hexlify } from "ethers";
import { network } from "hardhat";

import {
  encodeObservations,
  newestSet,
  signObservation,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import {
  MAX_PRICE,
  T,
  bits,
  countOf,
  deployFeed,
  equivocate,
  formOf,
  medianOf,
  payloadOf,
  prove,
  signAll,
  usd,
  walletAt,
} from "./support.ts";
import type { Feed } from "./support.ts";

const connection = await network.create();
const { networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_801);

async function deployed(): Promise<Feed[]> {
  const feeds: Feed[] = [];
  for (const count of [4, 7, 10, 13, 16]) feeds.push(await deployFeed(connection, count));
  return feeds;
}

const of4 = () => deployFeed(connection, 4);
const of7 = () => deployFeed(connection, 7);

const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const price = fc.oneof(
  fc.bigInt({ min: 1n, max: MAX_PRICE }),
  fc.constantFrom(1n, 2n, MAX_PRICE - 1n, MAX_PRICE),
);

/** A set of at least the quorum's size out of 3f+1 signers, with at most f liars in it. */
const lyingSet = fc.integer({ min: 1, max: 5 }).chain((f) =>
  fc.subarray(range(3 * f + 1), { minLength: 2 * f + 1 }).chain((set) =>
    fc.record({
      f: fc.constant(f),
      set: fc.constant(set),
      liars: fc.subarray(set, { maxLength: f }),
      honest: fc.array(fc.bigInt({ min: usd(1_990), max: usd(2_010) }), {
        minLength: set.length,
        maxLength: set.length,
      }),
      lies: fc.array(price, { minLength: set.length, maxLength: set.length }),
      order: fc.shuffledSubarray(range(set.length), { minLength: set.length }),
    }),
  ),
);

/** Ways in which a payload may be damaged. */
const damage = fc.oneof(
  fc.record({
    kind: fc.constant("flip" as const),
    where: fc.nat(),
    by: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({ kind: fc.constant("cut" as const), where: fc.nat(), by: fc.nat() }),
  fc.record({ kind: fc.constant("insert" as const), where: fc.nat(), by: fc.nat({ max: 64 }) }),
  fc.record({ kind: fc.constant("zero" as const), where: fc.nat(), by: fc.nat() }),
  fc.record({ kind: fc.constant("swap" as const), where: fc.nat(), by: fc.nat() }),
);
type Damage = typeof damage extends fc.Arbitrary<infer D> ? D : never;

function damaged(payload: string, { kind, where, by }: Damage): string {
  const length = dataLength(payload);
  const at = where % length;
  const bytes = getBytes(payload, undefined);
  const word = (i: number) => dataSlice(payload, 32 * i, 32 * i + 32);
  const words = range(length / 32).map(word);
  const [i, j] = [where % words.length, by % words.length];
  switch (kind) {
    case "flip":
      return hexlify(Uint8Array.from(bytes).fill((bytes[at] ?? 0) ^ by, at, at + 1));
    case "cut":
      return dataSlice(payload, 0, at);
    case "insert":
      return concat([dataSlice(payload, 0, at), new Uint8Array(by), dataSlice(payload, at)]);
    case "zero":
      return concat(words.with(i, `0x${"00".repeat(32)}`));
    case "swap":
      return concat(words.with(i, words[j] ?? "0x").with(j, words[i] ?? "0x"));
  }
}

/** Why a call was refused: the error's name, or what a node says of a revert without one. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    return /custom error '(\w+)/.exec(String(error))?.[1] ?? String(error);
  }
  return "not refused";
}

/** The errors of a payload. */
const TYPED =
  /^(ObservationsMalformed|ObservationsMismatch|ObservedPriceInvalid|SignatureForeign|BitmapTooWide|TooFewSigners|ProofForOtherTime)$/;

describe("SignedFeed", () => {
  describe("values of random sets", () => {
    it(`stay within what the honest signed, in whatever order, with any f liars (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const feeds = await networkHelpers.loadFixture(deployed);
      const property = fc.asyncProperty(
        lyingSet,
        async ({ f, set, liars, honest, lies, order }) => {
          const world = feeds[f - 1];
          if (world === undefined) throw new Error(`no feed has f = ${f}`);
          const said = set.map((index, i) => {
            const lie = liars.includes(index);
            return [index, (lie ? lies[i] : honest[i]) ?? 0n] as const;
          });
          const truths = said.filter(([index]) => !liars.includes(index)).map(([, value]) => value);
          const observations = await signAll(world, said);
          const shuffled = order.map((i) => observations[i]).filter((o) => o !== undefined);
          const payload = encodeObservations(world.signers, shuffled);
          expect(payload).to.equal(encodeObservations(world.signers, observations));
          const answer = await world.feed.valueAt.staticCall(T, payload);
          expect(answer.price).to.equal(medianOf(said.map(([, value]) => value)));
          expect(truths.every((truth) => truth > answer.price)).to.equal(false);
          expect(truths.every((truth) => truth < answer.price)).to.equal(false);
          const standing = (1n << BigInt(3 * f + 1)) - 1n;
          expect(answer.form).to.equal(formOf(bits(...set), standing));
          expect((await world.feed.latest.staticCall(payload)).price).to.equal(answer.price);
        },
      );
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it("have a greater form with more signers, and of equally many with the lower bitmap", async function () {
      this.timeout(600_000);
      const feeds = await networkHelpers.loadFixture(deployed);
      const world = feeds[2];
      if (world === undefined) throw new Error("there is a feed of ten");
      const all = await signAll(
        world,
        range(10).map((index) => [index, usd(2_000 + index)] as const),
      );
      const form = async (set: readonly number[]) => {
        const chosen = set.map((index) => all[index]).filter((o) => o !== undefined);
        return (await world.feed.valueAt.staticCall(T, encodeObservations(world.signers, chosen)))
          .form;
      };
      const sets = fc.subarray(range(10), { minLength: 7 });
      const property = fc.asyncProperty(sets, sets, async (a, b) => {
        const [first, second] = [bits(...a), bits(...b)];
        const [formA, formB] = [await form(a), await form(b)];
        const [countA, countB] = [countOf(first), countOf(second)];
        const greater = countA > countB || (countA === countB && first < second);
        expect(formA > formB).to.equal(greater);
        expect(formA === formB).to.equal(first === second);
        if ((first & second) === second && first !== second) expect(formA > formB).to.equal(true);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  });

  describe("damaged payloads", () => {
    it(`never give a value: only the very payload that was signed does (${10 * RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const world = await networkHelpers.loadFixture(of4);
      const good = await payloadOf(world, [usd(2_000), usd(2_010), usd(1_990), usd(2_005)]);
      const some = await payloadOf(world, [usd(2_000), usd(2_010), usd(1_990)]);
      const property = fc.asyncProperty(
        fc.constantFrom(good, some),
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        async (payload, damages) => {
          let bad = payload;
          for (const one of damages)
            if (dataLength(bad) > 0 && dataLength(bad) % 32 === 0) bad = damaged(bad, one);
          if (bad === payload) return;
          expect(await refusal(world.feed.latest.staticCall(bad))).to.match(TYPED);
          expect(await refusal(world.feed.valueAt.staticCall(T, bad))).to.match(TYPED);
        },
      );
      await fc.assert(property, { numRuns: 10 * RUNS, seed: SEED });
    });

    it("never give a value when they are random bytes", async function () {
      this.timeout(600_000);
      const world = await networkHelpers.loadFixture(of4);
      const bytes = fc.uint8Array({ maxLength: 600 });
      const property = fc.asyncProperty(bytes, async (payload) => {
        await expect(world.feed.latest.staticCall(payload))
          .to.be.revertedWithCustomError(world.feed, "ObservationsMalformed")
          .withArgs(payload.length);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it("never give a value when they are a megabyte", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = getBytes(await payloadOf(world, [usd(1), usd(2), usd(3)]));
      const huge = new Uint8Array(1 << 20);
      huge.set(good);
      await expect(world.feed.latest.staticCall(huge, { gasLimit: 1n << 24n }))
        .to.be.revertedWithCustomError(world.feed, "ObservationsMalformed")
        .withArgs(1 << 20);
    });
  });

  describe("removal", () => {
    const statement = fc.record({
      signer: fc.constantFrom(1, 1, 1, 2, 9),
      time: fc.constantFrom(T, T, T, T + 1n),
      price: fc.constantFrom(usd(1), usd(2)),
    });

    it(`needs two prices of that signer for that time and nothing else (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const world = await networkHelpers.loadFixture(of4);
      const property = fc.asyncProperty(statement, statement, async (a, b) => {
        const sign = (s: typeof a) => signObservation(walletAt(s.signer), world.context, s);
        const proven = [a, b].every((s) => s.signer === 1 && s.time === T) && a.price !== b.price;
        const [first, second] = [await sign(a), await sign(b)];
        const call = world.feed.proveEquivocation.staticCall(
          1,
          T,
          a.price,
          [first.r, first.vs],
          b.price,
          [second.r, second.vs],
        );
        if (proven) await call;
        else await expect(call).to.revert(connection.ethers);
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });

    it(`never changes a value of the past, and counts from then on (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const world = await networkHelpers.loadFixture(of7);
      const step = fc.record({
        remove: fc.option(fc.nat({ max: 6 })),
        wait: fc.integer({ min: 1, max: 90 }),
        set: fc.subarray(range(7)),
        ago: fc.nat({ max: 200 }),
      });
      const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const snapshot = await networkHelpers.takeSnapshot();
        try {
          await remember(world, steps);
        } finally {
          await snapshot.restore();
        }
      });
      await fc.assert(property, { numRuns: Math.ceil(RUNS / 4), seed: SEED });
    });
  });

  describe("newestSet", () => {
    it("picks the newest time with a quorum, whatever else came in", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const old = await signAll(
        world,
        [
          [0, usd(1)],
          [1, usd(2)],
          [2, usd(3)],
          [3, usd(4)],
        ],
        T,
      );
      const newer = await signAll(
        world,
        [
          [0, usd(5)],
          [1, usd(6)],
          [2, usd(7)],
        ],
        T + 10n,
      );
      const newest = await signAll(
        world,
        [
          [0, usd(8)],
          [3, usd(9)],
          [8, usd(9)],
        ],
        T + 20n,
      );
      const again = await signAll(
        world,
        [
          [2, usd(6.5)],
          [0, usd(9)],
        ],
        T + 10n,
      );
      const all = [...newest, ...old, ...newer, ...again];
      const said = (set: typeof all | undefined) => set?.map((o) => [o.time, o.price]);
      expect(said(newestSet(world.signers, all, 3))).to.deep.equal([
        [T + 10n, usd(5)],
        [T + 10n, usd(6)],
        [T + 10n, usd(6.5)],
      ]);
      expect(newestSet(world.signers, all, 3, T)).to.have.length(4);
      expect(newestSet(world.signers, all, 4)?.[0]?.time).to.equal(T);
      expect(newestSet(world.signers, all, 3, T + 20n)).to.equal(undefined);
    });

    it("makes payloads only of statements that belong together", async () => {
      const world = await networkHelpers.loadFixture(of4);
      const good = await signAll(world, [
        [0, usd(1)],
        [1, usd(2)],
      ]);
      const stranger = await signAll(world, [[8, usd(1)]]);
      const later = await signAll(world, [[2, usd(1)]], T + 1n);
      const encode = (more: typeof good) => () =>
        encodeObservations(world.signers, [...good, ...more]);
      expect(encode(stranger)).to.throw("is no signer");
      expect(encode(good.slice(1))).to.throw("comes twice");
      expect(encode(later)).to.throw("Times differ");
    });
  });
});

interface Step {
  remove: number | null;
  wait: number;
  set: number[];
  ago: number;
}

/** Walks through removals; asks for values as it goes, compares each with the rule, and all of them again at the end. */
async function remember(world: Feed, steps: readonly Step[]): Promise<void> {
  const removedAt = new Map<number, bigint>();
  const asked: { time: bigint; payload: string; answer: string }[] = [];
  const ask = async (time: bigint, payload: string): Promise<string> => {
    try {
      const { price, form } = await world.feed.valueAt.staticCall(time, payload);
      return `${price} ${form}`;
    } catch (error) {
      const name = /custom error '(\w+)/.exec(String(error))?.[1];
      if (name === undefined) throw error;
      return name;
    }
  };
  for (const { remove, wait, set, ago } of steps) {
    await networkHelpers.time.increase(wait);
    if (remove !== null && !removedAt.has(remove)) {
      await prove(world.feed, remove, await equivocate(world, remove));
      removedAt.set(remove, BigInt(await networkHelpers.time.latest()));
    }
    const time = BigInt(await networkHelpers.time.latest()) - BigInt(ago);
    const observations = await signAll(
      world,
      set.map((index) => [index, usd(2_000 + index)] as const),
      time,
    );
    const payload = encodeObservations(world.signers, observations);
    if (set.length === 0) continue;
    const standing = range(7).filter((index) => time <= (removedAt.get(index) ?? time));
    const answer = await ask(time, payload);
    const price = medianOf(set.map((index) => usd(2_000 + index)));
    const value = `${price} ${formOf(bits(...set), bits(...standing))}`;
    const foul = set.some((index) => !standing.includes(index)) ? "SignerIsRemoved" : value;
    expect(answer).to.equal(set.length < 5 ? "TooFewSigners" : foul);
    asked.push({ time, payload, answer });
  }
  for (const { time, payload, answer } of asked) expect(await ask(time, payload)).to.equal(answer);
}

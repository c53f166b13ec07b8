import { expect } from "chai";
import fc from "fast-check";
import {
  CLOSINGS,
  FLAG,
  LADDER,
  MAX_INT64,
  closingTime,
  endAtClosing,
  endEarly,
  maximalForm,
  slotOf,
} from "@certus/model";
import type { LadderEnding, Mark, Samples, Slot, ValueProof } from "@certus/model";
import { biased } from "../../../test/helpers/arbitraries.ts";
import {
  HOUR,
  PRICE,
  SOURCE,
  T,
  VOTERS,
  best,
  lesser,
  openFixing,
  proof,
} from "./helpers/sources.ts";

/** Cases of each property; `FUZZ_RUNS=160000` is the deep run. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 2_000);

const YOUNG = 2n * HOUR;
const OLD = 24n * HOUR;

/** A mark of an age at T. */
function marked(age: bigint, price = PRICE): Mark {
  return { price, time: T - age };
}

function samples(slots: readonly Slot[], mark: Mark, complete = false): Samples {
  return { slots, mark, expiry: T, complete };
}

/** The ending of a fixing that is looked at whenever something may end it. */
function climb(all: Samples): { readonly closing: bigint; readonly ending: LadderEnding } {
  const early = endEarly(all);
  if (early !== undefined) return { closing: 0n, ending: early };
  for (let closing = 1n; closing <= BigInt(CLOSINGS.length); closing += 1n) {
    const ending = endAtClosing(all, closing);
    if (ending !== undefined) return { closing, ending };
  }
  throw new Error("nothing ends it");
}

/** Basis points of the price. */
function bps(value: bigint): bigint {
  return (PRICE * value) / 10_000n;
}

describe("MultiSourceSettlement: the number", () => {
  describe("slots", () => {
    const value = (prices: readonly bigint[], age: bigint, mark = PRICE) =>
      slotOf(prices, marked(age, mark), T).value;

    it("take the median of three or more", () => {
      expect(slotOf([9n, 1n, 4n], marked(OLD), T)).to.include({ value: 4n, strong: true });
      expect(slotOf([9n, 1n, 4n, 7n], marked(OLD), T)).to.include({ value: 5n, strong: true });
      expect(slotOf([9n, 10n], marked(YOUNG), T).strong).to.equal(false);
    });

    it("take the mean of two within 1 %, else the mark decides while it is young", () => {
      const edge = bps(10_100n);
      expect(value([PRICE, edge], OLD)).to.equal(bps(10_050n));
      expect(value([edge, PRICE + 1n], OLD)).to.equal((PRICE + 1n + edge) / 2n);
      const apart = [edge + 1n, PRICE];
      expect(value(apart, OLD)).to.equal(undefined);
      expect(value(apart, OLD - 1n)).to.equal(PRICE);
      expect(value(apart, OLD - 1n, PRICE + 5n)).to.equal(PRICE + 5n);
      expect(value(apart, OLD - 1n, PRICE * 2n)).to.equal(edge + 1n);
    });

    it("take one as it is, and nothing as nothing", () => {
      expect(value([7n], OLD)).to.equal(7n);
      expect(value([], YOUNG)).to.equal(undefined);
    });
  });

  describe("closings", () => {
    it("are 2, 8, 26 and 72 h after the expiry, and a day later when prolonged", () => {
      const hours = [1n, 2n, 3n, 4n].map((at) => (closingTime(T, at, false) - T) / HOUR);
      expect(hours).to.deep.equal([2n, 8n, 26n, 72n]);
      const later = [1n, 2n, 3n, 4n].map((at) => (closingTime(T, at, true) - T) / HOUR);
      expect(later).to.deep.equal([26n, 32n, 50n, 96n]);
    });
  });

  describe("flags", () => {
    const three = (...prices: readonly bigint[]) => slotOf(prices, marked(OLD), T);
    const at = (price: bigint) => three(price, price, price);
    const flags = (slots: readonly Slot[], mark: Mark) =>
      endAtClosing(samples(slots, mark), 2n)?.flags;

    it("see a number more than 3 % off the mark", () => {
      const one = [at(bps(10_300n))];
      expect(flags(one, marked(YOUNG))).to.equal(0n);
      expect(flags([at(bps(10_300n) + 1n)], marked(YOUNG))).to.equal(FLAG.mark);
      expect(flags([at(bps(9_700n) - 1n)], marked(YOUNG))).to.equal(FLAG.mark);
      expect(FLAG).to.deep.equal({ mark: 1n, apart: 2n, jump: 4n });
    });

    it("see classes more than 3 % apart in three slots, or in the only one", () => {
      const wide = three(PRICE, PRICE, bps(10_300n) + 1n);
      const narrow = three(PRICE, PRICE, bps(10_300n));
      expect(flags([wide], marked(YOUNG))).to.equal(FLAG.apart);
      expect(flags([narrow], marked(YOUNG))).to.equal(0n);
      const seven = (count: number) =>
        Array.from({ length: 7 }, (_, slot) => (slot < count ? wide : narrow));
      expect(flags(seven(2), marked(YOUNG))).to.equal(0n);
      expect(flags(seven(3), marked(YOUNG))).to.equal(FLAG.apart);
    });

    it("see slots that do not make the number when classes are apart in them", () => {
      const pair = slotOf([PRICE, PRICE * 2n], marked(OLD), T);
      expect(pair.value).to.equal(undefined);
      const ending = endAtClosing(samples([at(PRICE), pair, pair, pair], marked(OLD)), 2n);
      expect(ending).to.deep.equal({ price: PRICE, step: LADDER.f2, flags: FLAG.apart });
    });

    it("see values more than 10 % apart, and the mark among them if it is of the last hour", () => {
      const rise = (last: bigint) => [at(PRICE), at(PRICE), at(PRICE), at(PRICE), at(last)];
      expect(flags(rise(bps(11_000n)), marked(YOUNG))).to.equal(0n);
      expect(flags(rise(bps(11_000n) + 1n), marked(YOUNG))).to.equal(FLAG.jump);
      const far = marked(HOUR, bps(11_000n) + 1n);
      expect(flags([at(PRICE)], far)).to.equal(FLAG.mark | FLAG.jump);
      expect(flags([at(PRICE)], { ...far, time: far.time - 1n })).to.equal(FLAG.mark);
      expect(flags([at(PRICE)], { ...far, price: bps(11_000n) })).to.equal(FLAG.mark);
    });

    it("see a jump to a slot that counts and is not part of the number", () => {
      const four = [at(PRICE), at(PRICE), at(PRICE), at(PRICE)];
      const last = slotOf([bps(11_000n) + 1n], marked(OLD), T);
      const ending = endAtClosing(samples([...four, last], marked(OLD)), 2n);
      expect(ending).to.deep.equal({ price: PRICE, step: LADDER.f1, flags: FLAG.jump });
    });

    it("are none where the mark is the number", () => {
      const ending = endAtClosing(samples([slotOf([], marked(OLD), T)], marked(OLD)), 4n);
      expect(ending).to.deep.equal({ price: PRICE, step: LADDER.f4, flags: 0n });
    });
  });

  describe("steps", () => {
    const mark = marked(YOUNG);
    const of = (...all: readonly (readonly bigint[])[]) =>
      all.map((prices) => slotOf(prices, mark, T));

    it("take the mean of the strong slots where four of five are", () => {
      const four = of([1n, 3n, 9n], [4n, 4n, 4n], [5n, 5n, 5n], [7n, 7n, 7n], [100n, 100n]);
      const all = samples(four, { ...mark, price: 4n });
      expect(endAtClosing(all, 1n)).to.equal(undefined);
      expect(endAtClosing(all, 2n)).to.include({ price: 4n, step: LADDER.f1 });
      const three = samples(four.slice(1), { ...mark, price: 4n });
      expect(endAtClosing(three, 2n)).to.include({ price: 29n, step: LADDER.f2 });
    });

    it("go down to what there is", () => {
      const prices = (slots: readonly Slot[], closing: bigint, at = mark) =>
        endAtClosing(samples(slots, at), closing);
      const single = of([9n], [], [4n]);
      expect(prices(single, 2n)).to.equal(undefined);
      expect(prices(single, 3n)).to.include({ price: 6n, step: LADDER.f3 });
      const old = marked(OLD, 50n);
      const apart = [slotOf([10n, 40n], old, T), slotOf([60n, 99n], old, T)];
      expect(prices(apart, 2n, old)).to.equal(undefined);
      expect(prices(apart, 3n, old)).to.include({ price: 50n, step: LADDER.f3 });
      const lone = slotOf([7n], old, T);
      expect(prices([...apart, lone], 3n, old)).to.include({ price: 50n });
      const pair = slotOf([30n, 30n], old, T);
      expect(prices([...apart, lone, pair], 3n, old)).to.include({ price: 30n });
      expect(prices(of([], []), 3n)).to.equal(undefined);
    });
  });

  describe("every filling by three votes", () => {
    /** One vote in one slot: nothing, a value, a maximal one. */
    const FILLINGS = [0, 1, 2] as const;
    /** Values in bps of the price by vote: alike, or each two more than 1 % apart and all three more than 3 %. */
    const LEVELS = [
      [10_000n, 10_000n, 10_000n],
      [10_000n, 10_200n, 10_400n],
    ] as const;

    /** What ends a fixing and at which closing, from counts alone. */
    function expected(
      counts: readonly number[],
      full: boolean,
      apart: boolean,
      young: boolean,
      off: boolean,
    ): readonly [step: bigint, closing: bigint] {
      const slots = counts.length;
      const strong = counts.filter((count) => count === 3).length;
      const flagged = off || (apart && strong >= Math.min(3, slots));
      const pairs = counts.filter((count) => count === 2 && (!apart || young)).length;
      if (full && !flagged) return [LADDER.f0, 0n];
      if (strong >= 0.8 * slots) return [LADDER.f1, flagged ? 2n : 1n];
      if (strong + pairs > 0) return [LADDER.f2, 2n];
      if (counts.some((count) => count > 0)) return [LADDER.f3, 3n];
      return [LADDER.f4, 4n];
    }

    it("ends at exactly one step: one slot, by calls", () => {
      const met = new Map<bigint, number>();
      for (const levels of LEVELS) {
        for (const age of [YOUNG, OLD]) {
          for (const level of [10_000n, 11_000n]) {
            for (const a of FILLINGS)
              for (const b of FILLINGS)
                for (const c of FILLINGS) {
                  const fills = [a, b, c];
                  const { oracle, key } = openFixing(0n, { at: T - age, price: bps(level) });
                  const given = fills.flatMap((fill, vote) => {
                    const price = bps(levels[vote] ?? 0n);
                    const source = VOTERS[vote] ?? 0n;
                    if (fill === 0) return [];
                    return [proof(source, 0n, fill === 2 ? best(price) : lesser(price))];
                  });
                  const apart = levels[1] !== levels[0];
                  const count = fills.filter((fill) => fill > 0).length;
                  const full = fills.every((fill) => fill === 2);
                  const [step, closing] = expected(
                    [count],
                    full,
                    apart,
                    age < OLD,
                    level !== 10_000n,
                  );
                  const submitted = oracle.submit(T + 1n, key, given, 0n);
                  expect(submitted.ok).to.equal(true);
                  const times = [
                    T + 1n,
                    ...[1n, 2n, 3n, 4n].map((at) => closingTime(T, at, false)),
                  ];
                  const ended = times.findIndex((now) => oracle.fix(now, key).ok);
                  expect(BigInt(ended)).to.equal(closing);
                  const fixing = oracle.price(key);
                  expect(fixing?.step).to.equal(step);
                  expect((fixing?.price ?? 0n) > 0n).to.equal(true);
                  met.set(step, (met.get(step) ?? 0) + 1);
                }
          }
        }
      }
      expect([...met.values()].reduce((a, b) => a + b)).to.equal(27 * 8);
      expect([...met.keys()].sort()).to.deep.equal([1n, 2n, 3n, 4n, 5n]);
    });

    it("ends at exactly one step: seven slots, every multiset of fillings", () => {
      const kinds: readonly (readonly [count: number, maximal: boolean])[] = FILLINGS.flatMap((a) =>
        FILLINGS.flatMap((b) =>
          FILLINGS.filter((c) => a <= b && b <= c).map((c) => {
            const fills = [a, b, c];
            const count = fills.filter((fill) => fill > 0).length;
            return [count, fills.every((fill) => fill === 2)] as const;
          }),
        ),
      );
      expect(kinds).to.have.length(10);
      const met = new Map<string, number>();
      let cases = 0;
      for (const levels of LEVELS) {
        for (const age of [HOUR / 2n, YOUNG, OLD]) {
          for (const level of [10_000n, 11_000n]) {
            const mark = marked(age, bps(level));
            const slots = kinds.map(([count]) => slotOf(levels.slice(0, count).map(bps), mark, T));
            const visit = (chosen: readonly number[], from: number): void => {
              if (chosen.length < 7) {
                for (let kind = from; kind < kinds.length; kind++) visit([...chosen, kind], kind);
                return;
              }
              const picked = chosen.map((kind) => kinds[kind] ?? ([0, false] as const));
              const full = picked.every(([, maximal]) => maximal);
              const all = samples(
                chosen.flatMap((kind) => slots[kind] ?? []),
                mark,
                full,
              );
              const counts = picked.map(([count]) => count);
              const apart = levels[1] !== levels[0];
              const [step, closing] = expected(counts, full, apart, age < OLD, level !== 10_000n);
              const end = climb(all);
              if (end.ending.step !== step || end.closing !== closing || end.ending.price < 1n) {
                expect.fail(`${counts.join()}: ${end.ending.step} at ${end.closing}`);
              }
              const name = `${step} at ${closing}`;
              met.set(name, (met.get(name) ?? 0) + 1);
              cases += 1;
            };
            visit([], 0);
          }
        }
      }
      expect(cases).to.equal(11_440 * 12);
      const all = ["1 at 0", "2 at 1", "2 at 2", "3 at 2", "4 at 3", "5 at 4"];
      expect([...met.keys()].sort()).to.deep.equal(all);
    });
  });

  describe("any samples", () => {
    const near = fc.bigInt(-600n, 600n).map((off) => bps(10_000n + off));
    const prices = fc.oneof(near, near, near, biased(1n, MAX_INT64));
    const filled = fc.array(prices, { maxLength: 5 });
    const many = fc.array(filled, { minLength: 1, maxLength: 30 });
    const marks = fc
      .tuple(fc.oneof(near, biased(1n, MAX_INT64)), fc.bigInt(1n, 2n * OLD))
      .map(([price, age]) => marked(age, price));

    it("end with a number within what is in and the mark", () => {
      fc.assert(
        fc.property(many, marks, fc.boolean(), (all, mark, complete) => {
          const slots = all.map((each) => slotOf(each, mark, T));
          const { ending } = climb(samples(slots, mark, complete));
          const known = [...all.flat(), mark.price];
          const least = known.reduce((a, b) => (a < b ? a : b));
          const greatest = known.reduce((a, b) => (a > b ? a : b));
          expect(least <= ending.price && ending.price <= greatest).to.equal(true);
        }),
        { numRuns: RUNS },
      );
    });

    it("give a number that flags delay and do not change", () => {
      const strong = fc.array(fc.array(prices, { minLength: 3, maxLength: 8 }), {
        minLength: 1,
        maxLength: 30,
      });
      fc.assert(
        fc.property(strong, marks, marks, fc.boolean(), (all, mark, other, complete) => {
          const [one, two] = [mark, other].map((each) =>
            samples(
              all.map((slot) => slotOf(slot, each, T)),
              each,
              complete,
            ),
          );
          if (one === undefined || two === undefined) throw new Error("no samples");
          const [first, second] = [climb(one).ending, climb(two).ending];
          expect(first.price).to.equal(second.price);
          const late = endAtClosing(one, 2n);
          expect(late?.price).to.equal(first.price);
          expect(late?.flags === 0n).to.equal(climb(one).closing < 2n);
        }),
        { numRuns: RUNS },
      );
    });

    it("give the same number at the same step whatever the mark flags, if it decides nothing", () => {
      fc.assert(
        fc.property(many, marks, marks, (all, mark, other) => {
          const undecided = all.map((each) => (each.length === 2 ? each.slice(1) : each));
          const [one, two] = [mark, other].map((each) => {
            const slots = undecided.map((slot) => slotOf(slot, each, T));
            return climb(samples(slots, each)).ending;
          });
          if (one?.step === LADDER.f4) expect(one.price).to.equal(mark.price);
          else expect([one?.step, one?.price]).to.deep.equal([two?.step, two?.price]);
        }),
        { numRuns: RUNS },
      );
    });
  });

  describe("any submissions", () => {
    /** Values of three votes, two sources of one among them, in seven slots. */
    const values = fc.record({
      source: fc.constantFrom(SOURCE.push, SOURCE.streams, SOURCE.redStone, SOURCE.own),
      slot: fc.bigInt(0n, 6n),
      price: fc.bigInt(-200n, 200n).map((off) => bps(10_000n + off)),
      form: fc.constantFrom(1n, 2n, 3n, maximalForm(1n), maximalForm(2n)),
    });
    const proven = values.map(({ source, slot, price, form }) =>
      proof(source, slot, { price, form }),
    );
    const window = fc.array(proven, { maxLength: 40, size: "max" });
    const openings = [0n, 1n, 2n].map((at) => (at === 0n ? T + 1n : closingTime(T, at, false)));

    /** What is stored after all windows; each is given in some batches. */
    function stored(windows: readonly (readonly (readonly ValueProof[])[])[], early: boolean) {
      const { oracle, key } = openFixing(1n);
      for (const [at, batches] of windows.entries()) {
        const now = openings[at] ?? 0n;
        for (const batch of batches) oracle.submit(now, key, batch, 0n);
        if (early) oracle.fix(now + 1n, key);
      }
      expect(oracle.fix(closingTime(T, 4n, false), key).ok).to.equal(true);
      const words = [...oracle.laneWords(key)].sort(([a], [b]) => (a < b ? -1 : 1));
      return [oracle.headerWord(key), words];
    }

    it("give the same lanes and number in any order, grouping and repetition between closings", () => {
      const orders = fc.array(fc.nat(1_000), { minLength: 120, maxLength: 120 });
      fc.assert(
        fc.property(
          fc.tuple(window, window, window),
          orders,
          fc.nat(9),
          fc.boolean(),
          (windows, keys, group, early) => {
            const plain = windows.map((each) => [each]);
            const shuffled = windows.map((each, at) => {
              const twice = [...each, ...each.slice(0, group)];
              const order = twice.map((value, index) => ({
                value,
                rank: keys[(index * 7 + at) % keys.length] ?? 0,
              }));
              const mixed = order.sort((a, b) => a.rank - b.rank).map(({ value }) => value);
              const size = group + 1;
              const batches = Math.ceil(mixed.length / size);
              return Array.from({ length: batches }, (_, batch) =>
                mixed.slice(batch * size, (batch + 1) * size),
              );
            });
            expect(stored(shuffled, early)).to.deep.equal(stored(plain, early));
          },
        ),
        { numRuns: Math.min(RUNS / 4, 5_000) },
      );
    });
  });
});

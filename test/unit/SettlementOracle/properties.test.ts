import { expect } from "chai";
import { ZeroAddress } from "ethers";
import fc from "fast-check";

import { connect } from "../../fixtures/connection.ts";
import {
  BEST,
  CLOSINGS,
  FEED,
  FixingBench,
  KINDS,
  MAXIMAL,
  Source,
  T,
  fixingOf,
  packFixing,
  packLane,
  profileOf,
} from "../../fixtures/oracles.ts";
import type { FixingWorld, ValueInput } from "../../fixtures/oracles.ts";
import { DAY, HOUR, MAX_63, usd } from "../../fixtures/units.ts";
import { biased } from "../../helpers/arbitraries.ts";
import { better, demoted, settledAt } from "./reference.ts";
import type { Value } from "./reference.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new FixingBench(connection);

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 25);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_105);
const AFTER = T + 1n;

/** When the mark is taken: it is old, young, not recent, recent at T. */
const MARK_TIMES = [T - 2n * DAY, T - DAY, T - DAY + 1n, T - HOUR - 1n, T - HOUR, T - 1n];
/** Two fixings of each profile: they differ in their ceiling. */
const CEILINGS = [1n, 2n];

/** The one fixture: times here are absolute. */
async function deployed() {
  return bench.deploy();
}

const VOTE_OF = [0, 0, 1, 2];

interface Bet {
  readonly kind: number;
  readonly mark: { readonly price: bigint; readonly time: bigint };
  readonly values: readonly Required<Pick<ValueInput, "source" | "slot" | "price" | "form">>[];
}

/** Opens both fixings of a profile at a mark. */
async function open(world: FixingWorld, kind: number, mark: Bet["mark"]): Promise<void> {
  await bench.refresh(world, mark.price, mark.time);
  for (const ceiling of CEILINGS) {
    await bench.at(mark.time);
    await world.oracle.open(FEED, profileOf(BigInt(kind), ceiling), T);
  }
}

/** Sends values to one of the two fixings, in transactions of these sizes. */
async function send(
  { oracle }: FixingWorld,
  { kind, values }: Bet,
  ceiling: bigint,
  sizes: readonly number[],
): Promise<void> {
  const rest = values.map((value) => bench.proof(BigInt(kind), value));
  for (let i = 0; rest.length !== 0; ++i) {
    const part = rest.splice(0, sizes[i] ?? rest.length);
    await bench.at(AFTER);
    await oracle.submit(FEED, profileOf(BigInt(kind), ceiling), T, part, ZeroAddress);
  }
}

/** The lanes that these values leave, by vote and slot. */
function lanesOf({ kind, values }: Bet): Value[][] {
  const slots = Number(KINDS[kind]?.slots ?? 0n);
  const lanes = Array.from({ length: 3 }, () => Array<Value>(slots));
  for (const { source, slot, price, form } of values) {
    const [vote = 0, at] = [VOTE_OF[Number(source)], Number(slot)];
    const value = { price, form: source === Source.Push ? demoted(form) : form };
    const row = lanes[vote];
    if (row !== undefined) row[at] = better(row[at], value);
  }
  return lanes;
}

/** The 80 words of lanes that docs/oracles.md describes. */
function wordsOf(lanes: readonly (readonly Value[])[]): bigint[] {
  const words = Array<bigint>(80).fill(0n);
  for (const [vote, row] of lanes.entries()) {
    row.forEach(({ price, form }, slot) => {
      const lane = vote * row.length + slot;
      const at = Math.floor(lane / 3);
      words[at] = (words[at] ?? 0n) | (packLane(price, form) << (85n * BigInt(lane % 3)));
    });
  }
  return words;
}

const forms = fc.oneof(
  fc.constantFrom(1n, 2n, BEST, MAXIMAL | 2n),
  biased(1n, (1n << 22n) - 1n).filter((form) => (form & (MAXIMAL - 1n)) !== 0n),
);
const near = (dollars: number, spread: number): fc.Arbitrary<bigint> =>
  fc.bigInt(usd(dollars - spread), usd(dollars + spread));

function bets(prices: fc.Arbitrary<bigint>, most: number): fc.Arbitrary<Bet> {
  return fc.nat({ max: 2 }).chain((kind) =>
    fc.record({
      kind: fc.constant(kind),
      mark: fc.record({ price: near(2_000, 60), time: fc.constantFrom(...MARK_TIMES) }),
      values: fc.array(
        fc.record({
          source: fc.constantFrom(...Object.values(Source)),
          slot: fc.bigInt(0n, (KINDS[kind]?.slots ?? 1n) - 1n),
          price: prices,
          form: forms,
        }),
        { maxLength: most },
      ),
    }),
  );
}

/** Values that fill most of the lanes, so that every step is met. */
const full: fc.Arbitrary<Bet> = fc
  .record({
    kind: fc.nat({ max: 2 }),
    mark: fc.record({ price: near(2_000, 30), time: fc.constantFrom(...MARK_TIMES) }),
    wide: fc.constantFrom(1, 10, 40, 120, 900),
    missing: fc.constantFrom(0, 0, 1, 10, 30, 60, 90),
    plain: fc.constantFrom(0, 0, 20),
  })
  .chain(({ kind, mark, wide, missing, plain }) => {
    const slots = Number(KINDS[kind]?.slots ?? 0n);
    const chance = fc.integer({ min: 0, max: 99 });
    const one = fc.record({ price: near(2_000, wide), gone: chance, lesser: chance });
    return fc.array(one, { minLength: 3 * slots, maxLength: 3 * slots }).map((list) => ({
      ...{ kind, mark },
      values: list.flatMap(({ price, gone, lesser }, i) => {
        if (gone < missing) return [];
        const source = [Source.Pulled, Source.RedStone, Source.Own][i % 3] ?? 0n;
        const form = lesser < plain ? 3n : BEST;
        return [{ source, slot: BigInt(Math.floor(i / 3)), price, form }];
      }),
    }));
  });

/** A list in another order, some of it twice. */
function shuffled<Item>(list: readonly Item[], keys: readonly number[]): Item[] {
  const twice = [...list, ...list.filter((_, i) => (keys[i] ?? 0) % 3 === 0)];
  return twice
    .map((item, i) => ({ item, key: ((keys[i] ?? 1) * 7_919 + i * 104_729) % 65_537 }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe("SettlementOracle", () => {
  describe("values", () => {
    it("leave the same words in any order, any number of times, in any transactions", async function () {
      this.timeout(600_000);
      await fc.assert(
        fc.asyncProperty(
          bets(fc.oneof(near(2_000, 3), biased(1n, MAX_63)), 24),
          fc.array(fc.nat({ max: 99_999 }), { minLength: 48, maxLength: 48 }),
          fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 }),
          async (bet, keys, sizes) => {
            const world = await networkHelpers.loadFixture(deployed);
            await open(world, bet.kind, bet.mark);
            await send(world, bet, 1n, []);
            await send(world, { ...bet, values: shuffled(bet.values, keys) }, 2n, sizes);
            const kept = [];
            for (const ceiling of CEILINGS) {
              const fixing = fixingOf(FEED, profileOf(BigInt(bet.kind), ceiling), T);
              kept.push(await bench.fixingWords(world.oracle, fixing));
            }
            expect(kept[0]).to.deep.equal(kept[1]);
            const { price: mark, time: markTime } = bet.mark;
            const header = packFixing({ mark, markTime });
            expect(kept[0]).to.deep.equal([header, ...wordsOf(lanesOf(bet))]);
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
    });

    it("are shown lane by lane", async function () {
      this.timeout(600_000);
      await fc.assert(
        fc.asyncProperty(bets(near(2_000, 3), 12), async (bet) => {
          const world = await networkHelpers.loadFixture(deployed);
          await open(world, bet.kind, bet.mark);
          await send(world, bet, 1n, []);
          const fixing = fixingOf(FEED, profileOf(BigInt(bet.kind), 1n), T);
          const lanes = lanesOf(bet);
          for (const { source, slot } of bet.values) {
            const vote = VOTE_OF[Number(source)] ?? 0;
            const slots = KINDS[bet.kind]?.slots ?? 0n;
            const shown = await bench.laneOf(world, fixing, slots, BigInt(vote), slot);
            expect(shown).to.deep.equal(lanes[vote]?.[Number(slot)]);
          }
        }),
        { numRuns: RUNS, seed: SEED },
      );
    });
  });

  describe("the number", () => {
    it("is what docs/oracles.md writes, at the second of each closing, in one call or in many", async function () {
      this.timeout(600_000);
      const steps = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(fc.oneof(full, bets(near(2_000, 25), 8)), async (bet) => {
          const world = await networkHelpers.loadFixture(deployed);
          const { oracle } = world;
          await open(world, bet.kind, bet.mark);
          for (const ceiling of CEILINGS) await send(world, bet, ceiling, []);
          const lanes = lanesOf(bet);
          const slots = Array.from({ length: lanes[0]?.length ?? 0 }, (_, k) =>
            lanes.map((row) => row[k]),
          );
          const mark = { price: bet.mark.price, age: T - bet.mark.time };
          const [first, second] = CEILINGS.map((each) => profileOf(BigInt(bet.kind), each));
          for (const closing of ["at once", 1, 2, 3, 4] as const) {
            const time = closing === "at once" ? AFTER : T + (CLOSINGS[closing - 1] ?? 0n);
            const expected = settledAt(slots, mark, closing);
            await bench.at(time);
            const sent = oracle.finalise(FEED, first ?? "", T);
            if (expected === undefined) {
              await expect(sent).to.be.revertedWithCustomError(oracle, "TooEarlyToFix");
              continue;
            }
            const { price, step, flags } = expected;
            const fixing = fixingOf(FEED, first ?? "", T);
            await expect(sent).to.emit(oracle, "PriceSettled").withArgs(fixing, price, step, flags);
            const name = `profile ${bet.kind}, F${step - 1n}, flags ${flags}`;
            steps.set(name, (steps.get(name) ?? 0) + 1);
            if (closing !== "at once") {
              // Nobody asked meanwhile: all closings at once give the same.
              const last = T + CLOSINGS[3];
              await bench.at(last);
              await expect(oracle.finalise(FEED, second ?? "", T))
                .to.emit(oracle, "PriceSettled")
                .withArgs(fixingOf(FEED, second ?? "", T), price, step, flags);
            }
            return;
          }
          expect.fail("a fixing without a price");
        }),
        { numRuns: 4 * RUNS, seed: SEED },
      );
      for (const step of ["F0", "F1", "F2", "F3", "F4"]) {
        expect(
          [...steps.keys()].some((name) => name.includes(step)),
          step,
        ).to.equal(true);
      }
    });
  });
});

import { expect } from "chai";
import fc from "fast-check";
import { network } from "hardhat";

import { encodeHints, findHints } from "../../../scripts/lib/roundHints.ts";
import { isComplete, reference } from "./reference.ts";
import type { WrittenPhase, WrittenRound } from "./reference.ts";
import { Bench, MAX_AGE, STALE_DELAY, roundId, usd } from "./support.ts";
import type { SingleFeed } from "./support.ts";

const connection = await network.create();
const { ethers, networkHelpers } = connection;
const bench = new Bench(connection);

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 60);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_260_801);

/** A feed's whole history; times are relative to T. */
interface History {
  phases: { start: number; rounds: RoundPlan[]; reverts: boolean }[];
  opening: number;
  /** Random hints, as positions; turned into ids of the history or near it. */
  guesses: { phase: number; round: number }[][];
}

interface RoundPlan {
  gap: number;
  kind: "complete" | "missing" | "noTime" | "carried" | "zero" | "negative" | "huge";
  /** How many such rounds in a row; more than one for incomplete kinds. */
  times: number;
}

const kinds = ["missing", "noTime", "carried", "zero", "negative", "huge"] as const;
const age = Number(MAX_AGE);

const roundPlan: fc.Arbitrary<RoundPlan> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      gap: fc.oneof(
        fc.constantFrom(0, 1, age - 1, age, age + 1),
        fc.integer({ min: 0, max: 2_000 }),
      ),
      kind: fc.constant("complete" as const),
      times: fc.constant(1),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      gap: fc.integer({ min: 0, max: 500 }),
      kind: fc.constantFrom(...kinds),
      times: fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(1, 2) },
        fc.constantFrom(63, 64, 65, 66),
      ),
    }),
  },
);

const history: fc.Arbitrary<History> = fc
  .record({
    phases: fc.array(
      fc.record({
        start: fc.oneof(
          fc.constantFrom(-2 * age, -age - 1, -age, -age + 1, -1, 0, 1),
          fc.integer({ min: -12_000, max: 500 }),
        ),
        rounds: fc.array(roundPlan, { maxLength: 7 }),
        reverts: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
    opening: fc.nat({ max: 3 }),
    guesses: fc.array(
      fc.array(fc.record({ phase: fc.nat({ max: 5 }), round: fc.nat({ max: 12 }) }), {
        maxLength: 5,
      }),
      { maxLength: 12 },
    ),
  })
  .map((plan) => ({ ...plan, opening: 1 + (plan.opening % plan.phases.length) }));

function write(plan: History["phases"][number], phase: number, expiry: bigint): WrittenRound[] {
  const rounds: WrittenRound[] = [];
  let time = expiry + BigInt(plan.start);
  for (const { gap, kind, times } of plan.rounds) {
    time += BigInt(gap);
    for (let i = 0; i < times; i++) {
      const number = BigInt(rounds.length + 1);
      const good = {
        answer: usd(1_000 * phase) + number,
        updatedAt: time,
        answeredInRound: number,
      };
      rounds.push(
        {
          complete: good,
          missing: { answer: 0n, updatedAt: 0n, answeredInRound: 0n },
          noTime: { ...good, updatedAt: 0n },
          carried: { ...good, answeredInRound: number - 1n },
          zero: { ...good, answer: 0n },
          negative: { ...good, answer: -good.answer },
          huge: { ...good, answer: 1n << 96n },
        }[kind],
      );
    }
  }
  return rounds;
}

/** Whether some walk of a proof may meet more than 64 incomplete rounds. */
function hasLongGap(rounds: WrittenPhase): boolean {
  let run = 0;
  return (rounds ?? []).some((round, i) => (run = isComplete(round, i + 1) ? 0 : run + 1) > 64);
}

/** Brings the chain into the state that the history describes, one second after T + 24 h. */
async function build(plan: History): Promise<SingleFeed & { phases: WrittenPhase[] }> {
  const world = await bench.deploy();
  const { oracle, profile, markTime, mark } = world;
  const expiry = markTime + 100_000n;
  const aggregators = [];
  for (const { reverts } of plan.phases) aggregators.push(await bench.scriptedAggregator(reverts));
  const [first] = aggregators;
  if (first === undefined) throw new Error("a history has at least one phase");
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [first]);
  const proxyAddress = await proxy.getAddress();
  const feed = `0x${"00".repeat(12)}${proxyAddress.slice(2).toLowerCase()}`;
  const result = { ...world, proxy, proxyAddress, feed, expiry };
  const phases: WrittenPhase[] = [];
  for (const [i, phase] of plan.phases.entries()) {
    const aggregator = aggregators[i];
    if (aggregator === undefined) continue;
    if (i > 0) await bench.nextPhase(result, await aggregator.getAddress());
    if (i + 1 === plan.opening) {
      await aggregator.publish(1n, mark, markTime);
      await oracle.open(feed, profile, expiry);
    }
    const rounds = write(phase, i + 1, expiry);
    // An aggregator without rounds forgets the one that the opening used.
    if (rounds.length > 0) await aggregator.script(1n, rounds);
    else await aggregator.script(1n, [{ answer: 0n, updatedAt: 0n, answeredInRound: 0n }]);
    await aggregator.setLatestRound(BigInt(rounds.length));
    phases.push(rounds);
  }
  await networkHelpers.time.increaseTo(expiry + STALE_DELAY + 1n);
  const fixing = await oracle.fixingId(feed, profile, expiry);
  return { ...result, fixing, phases };
}

/** Proofs worth trying: random ones, and the right one with a hint moved, dropped or added. */
function attempts(plan: History, hints: readonly bigint[]): bigint[][] {
  const near = hints.flatMap((hint, i) =>
    [hint - 1n, hint + 1n, 0n].map((moved) => hints.with(i, moved < 0n ? 1n : moved)),
  );
  const random = plan.guesses.map((guess) =>
    guess.map(({ phase, round }) => (round === 0 ? 0n : roundId(phase, round))),
  );
  const whole = plan.guesses.map((guess) =>
    guess.map(({ round }, i) => (round === 0 ? 0n : roundId(plan.phases.length - i, round))),
  );
  return [...near, ...random, ...whole, hints.slice(0, -1), [...hints, 0n]];
}

async function check(plan: History): Promise<void> {
  const world = await build(plan);
  const { oracle, feed, profile, expiry, phases } = world;
  const expected = reference(phases, plan.opening, expiry);
  const settle = async (proof: string): Promise<bigint | string> => {
    try {
      return await oracle.fix.staticCall(feed, profile, expiry, proof, { gasLimit: 15_000_000n });
    } catch (error) {
      const name = /custom error '(\w+)/.exec(String(error))?.[1];
      if (name === undefined) throw error;
      return name;
    }
  };

  const found = await findHints(ethers.provider, feed, expiry, BigInt(plan.opening));
  expect(found?.round.id, "the search finds the reference's round").to.equal(expected?.id);
  if (found && expected) {
    const price = await settle(found.proof);
    const long = phases.some(hasLongGap);
    if (!(long && price === "TooManyIncomplete")) {
      expect(price, "the found proof settles at the reference").to.equal(expected.answer);
    }
  }
  const right = encodeHints(found?.hints ?? []);
  for (const hints of attempts(plan, found?.hints ?? [0n])) {
    if (hints.some((hint) => hint < 0n || hint >= 1n << 80n)) continue;
    const outcome = await settle(encodeHints(hints));
    if (typeof outcome === "string") continue;
    expect(outcome, "an accepted proof yields the reference").to.equal(expected?.answer);
    expect(encodeHints(hints), "and is the one proof there is").to.equal(right);
  }
}

describe("ChainlinkSettlement", () => {
  describe("fix over random histories", () => {
    it(`settles at the reference or not at all (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const property = fc.asyncProperty(history, async (plan) => {
        const snapshot = await networkHelpers.takeSnapshot();
        try {
          await check(plan);
        } finally {
          await snapshot.restore();
        }
      });
      await fc.assert(property, { numRuns: RUNS, seed: SEED });
    });
  });
});

import { expect } from "chai";
import fc from "fast-check";

import { encodeHints, findHintsAt } from "../../../scripts/lib/roundHints.ts";
import { connect } from "../../fixtures/connection.ts";
import { MAXIMAL, setNow, valueOf } from "../../fixtures/sources.ts";
import { reference } from "../ChainlinkSettlement/reference.ts";
import type { WrittenRound } from "../ChainlinkSettlement/reference.ts";
import { MAX_AGE, roundId, usd } from "../ChainlinkSettlement/support.ts";
import { TIME, makePush } from "./support.ts";

const connection = await connect();
const { ethers, networkHelpers } = connection;

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 40);
const SEED = Number(process.env["FUZZ_SEED"] ?? 20_261_121);

/** A feed's phases: when each begins, seconds after TIME, and its rounds: seconds after the one before, and whether complete. */
interface Plan {
  phases: { start: number; reverts: boolean; rounds: { gap: number; complete: boolean }[] }[];
  /** Times asked for, seconds after TIME. */
  times: number[];
  /** Hints to try, as positions. */
  guesses: number[][];
}

const age = Number(MAX_AGE);

const plans: fc.Arbitrary<Plan> = fc.record({
  phases: fc.array(
    fc.record({
      start: fc.oneof(fc.constantFrom(-age, -1, 0, 1), fc.integer({ min: -9_000, max: 3_000 })),
      reverts: fc.boolean(),
      rounds: fc.array(
        fc.record({
          gap: fc.oneof(fc.constantFrom(0, 1, age, age + 1), fc.integer({ min: 0, max: 2_000 })),
          complete: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
        }),
        { maxLength: 6 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  times: fc.array(fc.integer({ min: -8_000, max: 8_000 }), { minLength: 3, maxLength: 3 }),
  guesses: fc.array(fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 4 }), {
    maxLength: 8,
  }),
});

function write({ start, rounds }: Plan["phases"][number], phase: number): WrittenRound[] {
  let updatedAt = TIME + BigInt(start);
  return rounds.map(({ gap, complete }, i) => {
    updatedAt += BigInt(gap);
    if (!complete) return { answer: 0n, updatedAt: 0n, answeredInRound: 0n };
    const number = BigInt(i + 1);
    return { answer: usd(1_000 * phase) + number, updatedAt, answeredInRound: number };
  });
}

/** Brings a feed with these phases to the chain, and a source that reads it. */
async function build(plan: Plan) {
  const phases = plan.phases.map((phase, i) => write(phase, i + 1));
  const aggregators = [];
  for (const [i, rounds] of phases.entries()) {
    const { reverts } = plan.phases[i] ?? { reverts: false };
    const aggregator = await ethers.deployContract("ScriptedAggregator", [8, reverts]);
    if (rounds.length > 0) await aggregator.script(1n, rounds);
    aggregators.push(await aggregator.getAddress());
  }
  const [first = "", ...others] = aggregators;
  const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [first]);
  for (const aggregator of others) {
    await proxy.proposeAggregator(aggregator);
    await proxy.confirmAggregator(aggregator);
  }
  const address = await proxy.getAddress();
  const source = await makePush(connection, address);
  await setNow(connection, TIME + 86_400n);
  return { phases, address, source };
}

async function check(plan: Plan): Promise<void> {
  const { phases, address, source } = await build(plan);
  const value = async (time: bigint, hints: readonly bigint[]) => {
    try {
      return await valueOf(source, time, encodeHints(hints));
    } catch (error) {
      if (!String(error).includes("custom error '")) throw error;
      return undefined;
    }
  };
  for (const offset of plan.times) {
    const time = TIME + BigInt(offset);
    const round = reference(phases, 1, time);
    const fresh = round !== undefined && time - round.updatedAt <= MAX_AGE;
    const expected = fresh ? { price: round.answer, form: MAXIMAL | (round.id >> 64n) } : undefined;
    const found = await findHintsAt(ethers.provider, address, time);
    expect(found !== undefined, "hints are found if there is a value").to.equal(fresh);
    if (found) expect(await value(time, found.hints), "and prove it").to.deep.equal(expected);
    for (const guess of plan.guesses) {
      const hints = guess.map((n, i) => (n === 0 ? 0n : roundId(phases.length - i, n)));
      if (hints.some((hint) => hint < 0n)) continue;
      const got = await value(time, hints);
      if (got === undefined) continue;
      expect(got, "what other hints prove is the same").to.deep.equal(expected);
      expect(hints, "and they are the ones found").to.deep.equal(found?.hints);
    }
  }
}

describe("ChainlinkPush", () => {
  describe("valueAt over random histories", () => {
    it(`gives the reference's value or none (${RUNS} runs, seed ${SEED})`, async function () {
      this.timeout(600_000);
      const property = fc.asyncProperty(plans, async (plan) => {
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

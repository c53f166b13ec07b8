import { POLICY_BOUNDS } from "@certus/model";
import type { Policy } from "@certus/model";
import { expect } from "chai";

import { BreakerBench, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { DAY, HOUR, Level } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { initial, min, max } = POLICY_BOUNDS;
const FIELDS = Object.keys(initial) as (keyof Policy)[];
/** Tighter the higher they are. */
const PEG_FIELDS: readonly string[] = ["depegBelow", "pegAbove"];
const ZERO = Object.fromEntries(FIELDS.map((field) => [field, 0n]));

type Change = "tighten" | "setPolicy";

/** A change of some fields of the thresholds in force, in a block of a time. */
async function change(world: BreakerWorld, time: bigint, call: Change, fields: Partial<Policy>) {
  const { breaker, admin, steward, linear } = world;
  const { policy } = await bench.watch(world);
  await bench.at(time);
  const caller = breaker.connect(call === "tighten" ? steward : admin);
  return caller[call](linear, { ...policy, ...fields });
}

async function rollBack({ breaker, guardian, linear }: BreakerWorld, time: bigint) {
  await bench.at(time);
  return breaker.connect(guardian).rollBack(linear);
}

const clamp = (value: bigint, low: bigint, high: bigint): bigint =>
  value < low ? low : value > high ? high : value;

describe("CircuitBreaker", () => {
  for (const call of ["tighten", "setPolicy"] as const) {
    describe(call, () => {
      it("sets thresholds at once, and the ledger's ceiling with them", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, ledger, linear, linearTerms } = world;
        const time = world.start + HOUR;
        const next = { ...initial, apart: 240n, move: 800n, depegBelow: 9_800n, ceiling: 8_001n };
        const sent = change(world, time, call, next);
        await expect(sent)
          .to.emit(breaker, "PolicySet")
          .withArgs(linear, Object.values(initial), Object.values(next));
        const ceiling = (linearTerms.ceiling * 8_001n) / 10_000n;
        await expect(sent)
          .to.emit(ledger, "GuardSet")
          .withArgs(linear, Level.Normal, 0n, ceiling, time);
        const { policy, previous, policySince } = await bench.watch(world);
        expect([policy, previous, policySince]).to.deep.equal([next, initial, time]);
        expect(await breaker.ceilingOf(linear)).to.equal(ceiling);
      });

      it("takes a step of a fifth of each value, floored, and no more", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker } = world;
        const time = world.start + HOUR;
        const first = { apart: 293n, farApart: 799n, move: 999n, ceiling: 9_999n, floor: 4_999n };
        await change(world, time, call, first);
        const rows = [
          { field: "apart", at: 0n, value: 293n, step: 58n },
          { field: "farApart", at: 1n, value: 799n, step: 159n },
          { field: "move", at: 2n, value: 999n, step: 199n },
          { field: "ceiling", at: 5n, value: 9_999n, step: 1_999n },
          { field: "floor", at: 6n, value: 4_999n, step: 999n },
        ] as const;
        for (const { field, at, value, step } of rows) {
          const far = change(world, time + DAY, call, { [field]: value - step - 1n });
          const args = [at, value - step - 1n, value - step, value + step];
          await reverts(breaker, far, "PolicyStep", args);
        }
        const steps = Object.fromEntries(
          rows.map(({ field, value, step }) => [field, value - step]),
        );
        await change(world, time + DAY, call, steps);
        expect((await bench.watch(world)).policy).to.include(steps);
      });

      it("keeps each within its bounds, before it looks at the step", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const time = world.start + HOUR;
        for (const [at, field] of FIELDS.entries()) {
          for (const value of [min[field] - 1n, max[field] + 1n, 0n, 65_535n]) {
            const sent = change(world, time, call, { [field]: value });
            const args = [BigInt(at), value, min[field], max[field]];
            await reverts(world.breaker, sent, "PolicyBound", args);
          }
        }
      });

      it("comes to every tightest value, and to no tighter one", async () => {
        const world = await networkHelpers.loadFixture(watched);
        let time = world.start + HOUR;
        const tightest = Object.fromEntries(
          FIELDS.map((field) => [field, PEG_FIELDS.includes(field) ? max[field] : min[field]]),
        ) as unknown as Policy;
        let days = 0;
        for (; days < 20; days++, time += DAY) {
          const { policy } = await bench.watch(world);
          if (FIELDS.every((field) => policy[field] === tightest[field])) break;
          const next = Object.fromEntries(
            FIELDS.map((field) => {
              const step = policy[field] / 5n;
              const [low, high] = [policy[field] - step, policy[field] + step];
              return [field, clamp(tightest[field], low, high)];
            }),
          );
          await change(world, time, call, next);
        }
        expect(days).to.equal(7);
        const { linearTerms, breaker, linear } = world;
        expect(await breaker.ceilingOf(linear)).to.equal(linearTerms.ceiling / 4n);
      });

      it("keeps the peg above what is off it", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker } = world;
        const time = world.start + HOUR;
        await change(world, time, call, { depegBelow: 9_849n });
        const next = time + DAY;
        for (const depegBelow of [9_850n, 9_900n]) {
          const sent = change(world, next, call, { depegBelow });
          await reverts(breaker, sent, "PolicyBound", [4n, 9_850n, depegBelow + 1n, 9_950n]);
        }
        const both = { depegBelow: 9_900n, pegAbove: 9_901n };
        await change(world, next, call, both);
        expect((await bench.watch(world)).policy).to.include(both);
      });

      it("may be called once in 24 hours, whatever the other one does", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker } = world;
        const time = world.start + HOUR;
        const other = call === "tighten" ? "setPolicy" : "tighten";
        await change(world, time, call, { apart: 299n });
        await change(world, time + 1n, other, { apart: 298n });
        const day = time + DAY;
        const early = change(world, day - 1n, call, { apart: 297n });
        await reverts(breaker, early, "TooEarly", [day - 1n, day]);
        await change(world, day, call, { apart: 297n });
        const { tightenedAt, setAt, policySince } = await bench.watch(world);
        const ours = call === "tighten" ? tightenedAt : setAt;
        const theirs = call === "tighten" ? setAt : tightenedAt;
        expect([ours, theirs, policySince]).to.deep.equal([day, time + 1n, day]);
      });

      it("refuses the thresholds that are in force, before it looks at them", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear } = world;
        const same = change(world, world.start + HOUR, call, {});
        await reverts(breaker, same, "PolicyUnchanged", [linear]);
      });

      it("keeps a restriction that is in force", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const time = world.start + HOUR;
        await bench.impose(world, time, Level.Restricted, HOUR);
        await change(world, time + 1n, call, { ceiling: 8_000n });
        const { level, until, ceiling } = await bench.guardWord(world);
        const expected = (world.linearTerms.ceiling * 8n) / 10n;
        expect([level, until, ceiling]).to.deep.equal([1n, time + HOUR, expected]);
      });

      it("does not write a halt again", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { ledger, start } = world;
        const time = start + HOUR;
        await bench.impose(world, time, Level.Halted, HOUR);
        const before = await bench.guardWord(world);
        const sent = change(world, time + HOUR - 1n, call, { ceiling: 8_000n });
        await expect(sent).not.to.emit(ledger, "GuardSet");
        expect(await bench.guardWord(world)).to.deep.equal(before);
      });
    });
  }

  describe("tighten", () => {
    it("loosens nothing: lower is tighter, higher for the two of the peg", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      const middle = {
        ...{ apart: 280n, farApart: 700n, move: 900n, depegBelow: 9_750n },
        ...{ pegAbove: 9_900n, ceiling: 9_000n, floor: 4_900n },
      };
      await change(world, time, "setPolicy", middle);
      for (const [at, field] of FIELDS.entries()) {
        const value = middle[field] + (PEG_FIELDS.includes(field) ? -1n : 1n);
        const sent = change(world, time + DAY, "tighten", { [field]: value });
        await reverts(breaker, sent, "PolicyLoosens", [BigInt(at), value, middle[field]]);
      }
      // What stays as it is does not loosen.
      await change(world, time + DAY, "tighten", { apart: 279n });
    });
  });

  describe("setPolicy", () => {
    it("loosens up to the bounds", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      await change(world, time, "setPolicy", { floor: 6_000n, ceiling: 8_000n });
      const far = change(world, time + DAY, "setPolicy", { ceiling: 9_601n });
      await reverts(breaker, far, "PolicyStep", [5n, 9_601n, 6_400n, 9_600n]);
      await change(world, time + DAY, "setPolicy", { ceiling: 9_600n, floor: 7_200n });
      expect((await bench.watch(world)).policy).to.include({ ceiling: 9_600n, floor: 7_200n });
    });
  });

  describe("rollBack", () => {
    it("puts back what was before the last change, once", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ledger, linear, linearTerms } = world;
      const time = world.start + HOUR;
      await change(world, time, "tighten", { ceiling: 9_000n });
      await change(world, time + DAY, "tighten", { ceiling: 8_000n });
      const before = { ...initial, ceiling: 9_000n };
      const sent = rollBack(world, time + DAY + 1n);
      await expect(sent)
        .to.emit(breaker, "PolicySet")
        .withArgs(linear, Object.values({ ...initial, ceiling: 8_000n }), Object.values(before));
      const ceiling = (linearTerms.ceiling * 9n) / 10n;
      await expect(sent)
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, 0n, 0n, ceiling, time + DAY + 1n);
      const { policy, previous, policySince } = await bench.watch(world);
      expect([policy, previous, policySince]).to.deep.equal([before, ZERO, time + DAY + 1n]);
      const again = rollBack(world, time + DAY + 2n);
      await reverts(breaker, again, "NothingToRollBack", [linear]);
    });

    it("waits for no more than 72 hours", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await reverts(breaker, rollBack(world, time), "NothingToRollBack", [linear]);
      await change(world, time, "setPolicy", { apart: 299n });
      const late = rollBack(world, time + 3n * DAY);
      await reverts(breaker, late, "NothingToRollBack", [linear]);
    });

    it("takes the last second of 72 hours", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await change(world, time, "setPolicy", { apart: 299n });
      await expect(rollBack(world, time + 3n * DAY - 1n)).to.emit(world.breaker, "PolicySet");
    });

    it("lets a steward tighten again at once, and the risk role after its day", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      await change(world, time, "setPolicy", { apart: 290n });
      await change(world, time, "tighten", { apart: 280n });
      await rollBack(world, time + 1n);
      expect((await bench.watch(world)).tightenedAt).to.equal(0n);
      const early = change(world, time + 2n, "setPolicy", { apart: 285n });
      await reverts(breaker, early, "TooEarly", [time + 2n, time + DAY]);
      await change(world, time + 2n, "tighten", { apart: 280n });
    });

    it("does not write a halt again", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { ledger, start } = world;
      const time = start + HOUR;
      await change(world, time, "tighten", { ceiling: 9_000n });
      await bench.impose(world, time + 1n, Level.Halted, HOUR);
      await expect(rollBack(world, time + 2n)).not.to.emit(ledger, "GuardSet");
    });
  });
});

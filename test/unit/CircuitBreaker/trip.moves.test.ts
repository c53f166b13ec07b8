import { expect } from "chai";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const { Move, BigMove, HugeMove } = Trigger;

/** Markets that are watched, and an observation at `time`, of which the moves here are. */
async function observed() {
  const world = await bench.deployWatched();
  const time = world.start + HOUR;
  const hint = await bench.observe(world, time, PRICE);
  return { ...world, time, hint };
}

const ROWS = [
  { name: "Move", trigger: Move, up: usd(2_200), bps: 1_000n, stay: 5n * MINUTE },
  { name: "BigMove", trigger: BigMove, up: usd(2_400), bps: 2_000n, stay: 15n * MINUTE },
  { name: "HugeMove", trigger: HugeMove, up: usd(2_700), bps: 3_500n, stay: HOUR },
] as const;

describe("CircuitBreaker", () => {
  describe("trip for moves", () => {
    for (const { name, trigger, up, bps, stay } of ROWS) {
      describe(name, () => {
        it(`restricts for ${stay / MINUTE} minutes from ${bps} bps on, firmly, for anyone`, async () => {
          const world = await networkHelpers.loadFixture(observed);
          const { breaker, linear, hint } = world;
          const time = world.time + 100n;
          await bench.say(world, time, up);
          const until = time + stay;
          await expect(bench.trip(world, time, trigger, { hint }))
            .to.emit(breaker, "Tripped")
            .withArgs(linear, trigger, Level.Restricted, until, bps);
          const found = await bench.watch(world);
          expect([found.level, found.until, found.firmUntil]).to.deep.equal([1n, until, until]);
          const { level, until: end } = await bench.guardWord(world);
          expect([level, end]).to.deep.equal([Level.Restricted, until]);
        });

        it("takes a fall like a rise", async () => {
          const world = await networkHelpers.loadFixture(observed);
          const { hint } = world;
          const time = world.time + 100n;
          await bench.say(world, time, PRICE - (up - PRICE));
          await expect(bench.trip(world, time, trigger, { hint }))
            .to.emit(world.breaker, "Tripped")
            .withArgs(world.linear, trigger, Level.Restricted, time + stay, bps);
        });

        it("has no evidence in a basis point less", async () => {
          const world = await networkHelpers.loadFixture(observed);
          const { breaker, hint } = world;
          const time = world.time + 100n;
          await bench.say(world, time, up - 1n);
          const rise = bench.trip(world, time, trigger, { hint });
          await reverts(breaker, rise, "NoEvidence", [trigger, bps - 1n, bps]);
          await bench.say(world, time + 100n, PRICE - (up - PRICE) + 1n);
          const fall = bench.trip(world, time + 100n, trigger, { hint });
          await reverts(breaker, fall, "NoEvidence", [trigger, bps - 1n, bps]);
        });
      });
    }

    it("takes a reference of 300 seconds, and none that is older", async () => {
      const world = await networkHelpers.loadFixture(observed);
      const { breaker, hint, time } = world;
      await bench.say(world, time + 301n, usd(2_200));
      const late = bench.trip(world, time + 301n, Move, { hint });
      await reverts(breaker, late, "ReferenceInvalid", [hint, 301n]);
    });

    it("takes the last second of a reference", async () => {
      const world = await networkHelpers.loadFixture(observed);
      const { breaker, hint, time } = world;
      await bench.say(world, time + 300n, usd(2_200));
      await expect(bench.trip(world, time + 300n, Move, { hint })).to.emit(breaker, "Tripped");
    });

    it("finds a reference in the place of its number, modulo sixteen", async () => {
      const world = await networkHelpers.loadFixture(observed);
      const { breaker, hint, time } = world;
      expect(hint).to.equal(0n);
      const none = bench.trip(world, time + 1n, Move, { hint: 1n });
      await reverts(breaker, none, "ReferenceInvalid", [1n, 0n]);
      for (let i = 1n; i <= 16n; ++i) await bench.observe(world, time + i * 60n);
      const now = time + 960n;
      const old = bench.trip(world, now, Move, { hint: 1n });
      await reverts(breaker, old, "ReferenceInvalid", [1n, 900n]);
      // The first one's place has been taken by the seventeenth.
      for (const hint of [0n, 16n, 32n]) {
        const same = bench.trip(world, now, Move, { hint });
        await reverts(breaker, same, "NoEvidence", [Move, 0n, 1_000n]);
      }
    });

    it("wants more than half the quorum of this minute", async () => {
      const world = await networkHelpers.loadFixture(observed);
      const { breaker, hint, time } = world;
      await bench.say(world, time + 100n, { push: usd(2_200) });
      const few = bench.trip(world, time + 100n, Move, { hint });
      await reverts(breaker, few, "NoAgreement", [1n, 2n, 0n]);
      await bench.say(world, time + 160n, { own: usd(2_200) });
      await expect(bench.trip(world, time + 160n, Move, { hint })).to.emit(breaker, "Tripped");
    });

    it("wants a core nearer together than `apart`", async () => {
      const world = await networkHelpers.loadFixture(observed);
      const { breaker, hint, time } = world;
      const apart = { push: usd(2_200), redstone: usd(2_266), own: usd(2_400) };
      await bench.say(world, time + 100n, apart);
      const call = bench.trip(world, time + 100n, Move, { hint });
      await reverts(breaker, call, "NoAgreement", [3n, 2n, 300n]);
      await bench.say(world, time + 101n, { redstone: usd(2_266) - 1n });
      await expect(bench.trip(world, time + 101n, Move, { hint })).to.emit(breaker, "Tripped");
    });

    describe("between the nearest ends of both cores", () => {
      const said = { push: usd(1_990), redstone: usd(2_010), own: usd(2_300) };

      async function wide() {
        const world = await bench.deployWatched();
        const time = world.start + HOUR;
        await bench.say(world, time, said);
        await bench.at(time);
        await world.breaker.observe(world.ether.feed);
        return { ...world, time };
      }

      it("is upwards from the upper end of the one to the lower end of the other", async () => {
        const world = await networkHelpers.loadFixture(wide);
        const { breaker, time } = world;
        const up = { push: usd(2_211) - 1n, redstone: usd(2_230), own: usd(2_600) };
        await bench.say(world, time + 100n, up);
        const less = bench.trip(world, time + 100n, Move);
        await reverts(breaker, less, "NoEvidence", [Move, 999n, 1_000n]);
        await bench.say(world, time + 101n, { push: usd(2_211) });
        await expect(bench.trip(world, time + 101n, Move))
          .to.emit(breaker, "Tripped")
          .withArgs(world.linear, Move, 1n, time + 101n + 5n * MINUTE, 1_000n);
      });

      it("is downwards from the lower end of the one to the upper end of the other", async () => {
        const world = await networkHelpers.loadFixture(wide);
        const { breaker, time } = world;
        const down = { push: usd(1_780), redstone: usd(1_791) + 1n, own: usd(1_600) };
        await bench.say(world, time + 100n, down);
        const less = bench.trip(world, time + 100n, Move);
        await reverts(breaker, less, "NoEvidence", [Move, 999n, 1_000n]);
        await bench.say(world, time + 101n, { redstone: usd(1_791) });
        await expect(bench.trip(world, time + 101n, Move))
          .to.emit(breaker, "Tripped")
          .withArgs(world.linear, Move, 1n, time + 101n + 5n * MINUTE, 1_000n);
      });

      it("is nothing where they overlap", async () => {
        const world = await networkHelpers.loadFixture(wide);
        const { breaker, time } = world;
        const over = { push: usd(2_010), redstone: usd(2_030), own: usd(2_600) };
        await bench.say(world, time + 100n, over);
        const call = bench.trip(world, time + 100n, Move);
        await reverts(breaker, call, "NoEvidence", [Move, 0n, 1_000n]);
      });

      it("takes a reference from a degraded spot", async () => {
        const world = await networkHelpers.loadFixture(wide);
        const [, , , healthy] = await world.breaker.observationAt(world.ether.feed, 0n);
        expect(healthy).to.equal(false);
        await bench.say(world, world.time + 100n, usd(2_300));
        const call = bench.trip(world, world.time + 100n, Move);
        await expect(call).to.emit(world.breaker, "Tripped");
      });
    });
  });
});

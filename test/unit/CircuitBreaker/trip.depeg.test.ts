import { expect } from "chai";

import { BreakerBench, Trigger, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();
const { Depeg } = Trigger;
const WAIT = 30n * MINUTE;

/** Trips when the collateral says this. */
async function trip(world: BreakerWorld, time: bigint, price: bigint) {
  await bench.say(world, time, price, world.coin);
  return bench.trip(world, time, Depeg);
}

describe("CircuitBreaker", () => {
  describe("trip for the collateral off its peg", () => {
    it("restricts for an hour, firmly, when it is below for half an hour", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, coin } = world;
      const since = world.start + HOUR;
      await bench.say(world, since, usd(0.97) - 1n, coin);
      await bench.notice(world, since, Depeg);
      const time = since + WAIT;
      const early = trip(world, time - 1n, usd(0.9));
      await reverts(breaker, early, "NoticeMissing", [Depeg, time, since + HOUR]);
      const back = trip(world, time, usd(0.97));
      await reverts(breaker, back, "NoEvidence", [Depeg, 9_700n, 9_700n]);
      await expect(trip(world, time + 1n, usd(0.97) - 1n))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Depeg, Level.Restricted, time + 1n + HOUR, 9_699n);
      const found = await bench.watch(world);
      const until = time + 1n + HOUR;
      expect([found.level, found.until, found.firmUntil]).to.deep.equal([1n, until, until]);
      expect([found.newerStart, found.depegUntil]).to.deep.equal([0n, until]);
    });

    it("takes the last second of the notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + HOUR;
      await bench.say(world, since, usd(0.9), world.coin);
      await bench.notice(world, since, Depeg);
      await expect(trip(world, since + HOUR, usd(0.9))).to.emit(world.breaker, "Tripped");
    });

    it("takes the middle of a quorum, however far its votes are apart", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, coin } = world;
      const since = world.start + HOUR;
      const said = { push: usd(0.8), redstone: usd(0.97) - 1n, own: usd(1) };
      await bench.say(world, since, said, coin);
      await bench.notice(world, since, Depeg);
      const time = since + WAIT;
      await bench.say(world, time, { push: usd(0.8), own: usd(1) }, coin);
      const few = bench.trip(world, time, Depeg);
      await reverts(breaker, few, "NoAgreement", [2n, 3n, 2_500n]);
      await bench.say(world, time + 1n, { redstone: usd(0.97) - 1n }, coin);
      await expect(bench.trip(world, time + 1n, Depeg))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Depeg, Level.Restricted, time + 1n + HOUR, 9_699n);
    });

    describe("while it is in force", () => {
      /** In force from `time` on for an hour. */
      async function tripped() {
        const world = await bench.deployWatched();
        const since = world.start + HOUR;
        await bench.say(world, since, usd(0.9), world.coin);
        await bench.notice(world, since, Depeg);
        await trip(world, since + WAIT, usd(0.9));
        return { ...world, time: since + WAIT };
      }

      it("is prolonged until the collateral is back well enough", async () => {
        const world = await networkHelpers.loadFixture(tripped);
        const { breaker, linear, time } = world;
        const early = trip(world, time + WAIT - 1n, usd(0.9));
        const window = [Depeg, time + WAIT, time + HOUR];
        await reverts(breaker, early, "NoticeMissing", window);
        const back = trip(world, time + WAIT, usd(0.985));
        await reverts(breaker, back, "NoEvidence", [Depeg, 9_850n, 9_850n]);
        const now = time + WAIT + 1n;
        await expect(trip(world, now, usd(0.985) - 1n))
          .to.emit(breaker, "Tripped")
          .withArgs(linear, Depeg, Level.Restricted, now + HOUR, 9_849n);
      });

      it("needs it below its peg again when it was over", async () => {
        const world = await networkHelpers.loadFixture(tripped);
        const { breaker, time } = world;
        const over = trip(world, time + HOUR, usd(0.985) - 1n);
        await reverts(breaker, over, "NoEvidence", [Depeg, 9_849n, 9_700n]);
        const late = time + HOUR + 1n;
        await bench.say(world, late, usd(0.985) - 1n, world.coin);
        const anew = bench.notice(world, late, Depeg);
        await reverts(breaker, anew, "NoEvidence", [Depeg, 9_849n, 9_700n]);
      });

      it("is so whatever else is in force meanwhile", async () => {
        const world = await networkHelpers.loadFixture(tripped);
        const { breaker, time } = world;
        await bench.impose(world, time + 10n, Level.Halted, 2n * HOUR);
        const now = time + HOUR - 1n;
        await bench.say(world, now, usd(0.985) - 1n, world.coin);
        // Kept for when the halt is over: not yet.
        await expect(bench.trip(world, now, Depeg)).to.emit(breaker, "Tripped");
        const { depegUntil, firmUntil, level } = await bench.watch(world);
        expect([depegUntil, firmUntil, level]).to.deep.equal([now + HOUR, now + HOUR, 2n]);
      });

      it("is answered when the collateral is back, and keeps its time", async () => {
        const world = await networkHelpers.loadFixture(tripped);
        const { breaker, linear, coin, time } = world;
        await bench.say(world, time + 60n, usd(0.985) - 1n, coin);
        await bench.at(time + 60n);
        await reverts(breaker, breaker.answer(linear, Depeg), "NothingToAnswer", [Depeg]);
        await bench.say(world, time + 120n, usd(0.985), coin);
        await bench.at(time + 120n);
        await expect(breaker.answer(linear, Depeg)).to.emit(breaker, "NoticeAnswered");
        const { level, until } = await bench.guardWord(world);
        expect([level, until]).to.deep.equal([Level.Restricted, time + HOUR]);
      });
    });
  });
});

import { expect } from "chai";

import { BreakerBench, FAR_APART, Trigger, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE, Status } from "../../fixtures/oracles.ts";
import { HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const { FewVotes, FarApart, Move, Depeg } = Trigger;

const watched = () => bench.deployWatched();

/** Restricted for too few votes at `time`. */
async function restricted() {
  const world = await bench.deployWatched();
  const since = world.start + 2n * HOUR;
  await bench.notice(world, since, FewVotes);
  const time = since + 10n * MINUTE;
  await bench.trip(world, time, FewVotes);
  return { ...world, time };
}

/** Halted for votes far apart at `time`. */
async function halted() {
  const world = await bench.deployWatched();
  const time = world.start + HOUR;
  await bench.say(world, time, FAR_APART);
  await bench.trip(world, time, FarApart);
  return { ...world, time };
}

/** Observations of health at these times. */
async function observe(world: BreakerWorld, ...times: readonly bigint[]): Promise<void> {
  for (const time of times) await bench.observe(world, time);
}

async function release({ breaker, linear }: BreakerWorld, time: bigint) {
  await bench.at(time);
  return breaker.release(linear);
}

describe("CircuitBreaker", () => {
  describe("release", () => {
    it("ends what is in force after three observations over ten minutes, for anyone", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, ledger, linear, linearTerms, time } = world;
      const last = time + 1n + 10n * MINUTE;
      await observe(world, time + 1n, time + 100n, last);
      const call = release(world, last);
      await expect(call).to.emit(breaker, "Released").withArgs(linear, FewVotes);
      await expect(call)
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, Level.Normal, 0n, linearTerms.ceiling, last);
      const { level, until, trigger, newerStart } = await bench.watch(world);
      expect([level, until, trigger, newerStart]).to.deep.equal([0n, 0n, FewVotes, 0n]);
      expect((await breaker.noticeOf(linear, FewVotes)).since).to.equal(0n);
      const over = release(world, last + 1n);
      await reverts(breaker, over, "NotReleasable", [linear, FewVotes]);
    });

    it("ends a halt, which the ledger remembers", async () => {
      const world = await networkHelpers.loadFixture(halted);
      const { time } = world;
      await observe(world, time + 70n, time + 400n, time + 670n);
      await release(world, time + 670n);
      const { level, until, older, newer } = await bench.guardWord(world);
      expect([level, until, older, newer]).to.deep.equal([0n, 0n, 0n, time]);
    });

    it("wants three observations", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, time } = world;
      await reverts(breaker, release(world, time + 1n), "NotHealthy", [0n, 0n]);
      await observe(world, time + 1n);
      await reverts(breaker, release(world, time + 1n), "NotHealthy", [1n, 0n]);
      await observe(world, time + 1_000n);
      await reverts(breaker, release(world, time + 1_000n), "NotHealthy", [2n, 999n]);
    });

    it("wants ten minutes of them", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, time } = world;
      await observe(world, time + 1n, time + 100n, time + 600n);
      await reverts(breaker, release(world, time + 600n), "NotHealthy", [3n, 599n]);
    });

    it("wants the last one not older than two minutes", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, time } = world;
      const last = time + 700n;
      await observe(world, time + 1n, time + 100n, last);
      await bench.say(world, last + 120n, PRICE);
      await reverts(breaker, release(world, last + 121n), "NotHealthy", [3n, 699n]);
    });

    it("takes a last one of two minutes", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const last = world.time + 700n;
      await observe(world, world.time + 1n, world.time + 100n, last);
      await bench.say(world, last + 120n, PRICE);
      await expect(release(world, last + 120n)).to.emit(world.breaker, "Released");
    });

    it("counts none of before the trip, and none of its second", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ether, start } = world;
      const time = start + HOUR;
      await observe(world, time - 100n, time);
      // Pulled readings may be five seconds ahead.
      const apart = { redstone: FAR_APART.redstone, own: FAR_APART.own };
      await bench.say(world, time + 1n, apart, ether, time);
      await bench.trip(world, time, FarApart);
      await reverts(breaker, release(world, time + 1n), "NotHealthy", [0n, 0n]);
      await observe(world, time + 100n);
      await reverts(breaker, release(world, time + 100n), "NotHealthy", [1n, 0n]);
    });

    it("counts sixteen, as no more are kept", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, time } = world;
      for (let i = 0n; i <= 16n; ++i) await observe(world, time + 100n + i * 60n);
      const late = release(world, time + 1_060n + 121n);
      await reverts(breaker, late, "NotHealthy", [16n, 900n]);
    });

    it("wants the spot undegraded now", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, ether, time } = world;
      const last = time + 700n;
      await observe(world, time + 1n, time + 100n, last);
      await bench.say(world, last + 10n, { own: usd(2_021) });
      const call = release(world, last + 10n);
      await reverts(breaker, call, "SpotUnhealthy", [ether.feed, Status.Apart]);
    });

    describe("when nothing can be ended early", () => {
      it("refuses where nothing is in force", async () => {
        const world = await bench.deployWatched();
        const { breaker, linear } = world;
        await reverts(breaker, breaker.release(linear), "NotReleasable", [linear, Trigger.None]);
      });

      it("refuses what is over", async () => {
        const world = await networkHelpers.loadFixture(restricted);
        const { breaker, linear, time } = world;
        const call = release(world, time + 30n * MINUTE);
        await reverts(breaker, call, "NotReleasable", [linear, FewVotes]);
      });

      it("refuses what ends by its time alone", async () => {
        const world = await bench.deployWatched();
        const { breaker, linear } = world;
        const time = world.start + HOUR;
        const hint = await bench.observe(world, time);
        await bench.say(world, time + 100n, usd(2_200));
        await bench.trip(world, time + 100n, Move, { hint });
        await reverts(breaker, release(world, time + 101n), "NotReleasable", [linear, Move]);
        const since = time + HOUR;
        await bench.say(world, since, usd(0.9), world.coin);
        await bench.notice(world, since, Depeg);
        await bench.say(world, since + 30n * MINUTE, usd(0.9), world.coin);
        await bench.trip(world, since + 30n * MINUTE, Depeg);
        const depeg = release(world, since + 31n * MINUTE);
        await reverts(breaker, depeg, "NotReleasable", [linear, Depeg]);
        const day = since + 24n * HOUR;
        await bench.impose(world, day, Level.Restricted, 6n * HOUR);
        const imposed = release(world, day + 1n);
        await reverts(breaker, imposed, "NotReleasable", [linear, Trigger.Guardian]);
      });
    });

    it("counts healthy ones alone, and the last of those", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, ether, time } = world;
      await observe(world, time + 1n, time + 301n);
      const bad = { push: PRICE, redstone: usd(1_900), own: usd(2_021) };
      for (const now of [time + 400n, time + 620n]) {
        await bench.say(world, now, bad);
        await bench.at(now);
        await breaker.observe(ether.feed);
      }
      await bench.say(world, time + 630n, PRICE);
      await reverts(breaker, release(world, time + 630n), "NotHealthy", [2n, 300n]);
      await bench.observe(world, time + 640n);
      await expect(release(world, time + 640n)).to.emit(breaker, "Released");
    });

    describe("when something firm lasts longer", () => {
      it("leaves a restriction to its end", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear, start } = world;
        const time = start + HOUR;
        await bench.at(time);
        await bench.setSequencer(world, true, time);
        await bench.trip(world, time, Trigger.Sequencer);
        await bench.at(time);
        await bench.setSequencer(world, false, time - 99_000n);
        const firm = time + 30n * MINUTE;
        await bench.say(world, time + 10n * MINUTE, FAR_APART);
        await bench.trip(world, time + 10n * MINUTE, FarApart);
        const last = time + 21n * MINUTE;
        await observe(world, time + 11n * MINUTE, time + 15n * MINUTE, last);
        const call = release(world, last);
        await expect(call).to.emit(breaker, "Released").withArgs(linear, FarApart);
        const { level, until } = await bench.guardWord(world);
        expect([level, until]).to.deep.equal([Level.Restricted, firm]);
      });

      it("leaves what the guardian imposed before, as a restriction", async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, linear } = world;
        const time = world.start + HOUR;
        await bench.impose(world, time, Level.Restricted, 30n * MINUTE);
        await bench.say(world, time + 10n, FAR_APART);
        await bench.trip(world, time + 10n, FarApart);
        expect((await bench.guardWord(world)).level).to.equal(Level.Halted);
        await observe(world, time + 100n, time + 400n, time + 700n);
        const call = release(world, time + 700n);
        await expect(call).to.emit(breaker, "Released").withArgs(linear, FarApart);
        const { level, until } = await bench.guardWord(world);
        expect([level, until]).to.deep.equal([Level.Restricted, time + 30n * MINUTE]);
        const found = await bench.watch(world);
        expect([found.level, found.until]).to.deep.equal([level, until]);
      });
    });
  });
});

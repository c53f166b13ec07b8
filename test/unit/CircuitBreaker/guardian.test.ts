import { expect } from "chai";

import { BreakerBench, FAR_APART, Trigger, reverts } from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { DAY, HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { Guardian, FewVotes, Move } = Trigger;
const SIX_HOURS = 6n * HOUR;

async function lift({ breaker, guardian, linear }: BreakerWorld, time: bigint) {
  await bench.at(time);
  return breaker.connect(guardian).lift(linear);
}

/** Restricted for too few votes at `time`, for half an hour. */
async function restricted() {
  const world = await bench.deployWatched();
  const since = world.start + 2n * HOUR;
  await bench.notice(world, since, FewVotes);
  const time = since + 10n * MINUTE;
  await bench.trip(world, time, FewVotes);
  return { ...world, time };
}

describe("CircuitBreaker", () => {
  describe("impose", () => {
    for (const level of [Level.Restricted, Level.Halted]) {
      it(`sets level ${level} for up to six hours without evidence`, async () => {
        const world = await networkHelpers.loadFixture(watched);
        const { breaker, ledger, linear, linearTerms } = world;
        const time = world.start + HOUR;
        const until = time + SIX_HOURS;
        const call = bench.impose(world, time, level, SIX_HOURS);
        await expect(call).to.emit(breaker, "Tripped").withArgs(linear, Guardian, level, until, 0n);
        await expect(call)
          .to.emit(ledger, "GuardSet")
          .withArgs(linear, level, until, linearTerms.ceiling, time);
        const found = await bench.watch(world);
        expect([found.level, found.until, found.trigger]).to.deep.equal([level, until, Guardian]);
        expect([found.firmUntil, found.newerStart]).to.deep.equal([0n, 0n]);
        expect([found.olderImposed, found.newerImposed]).to.deep.equal([0n, time]);
      });
    }

    it("takes no other level or time", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const rows = [
        [0n, HOUR],
        [3n, HOUR],
        [255n, HOUR],
        [1n, 0n],
        [2n, SIX_HOURS + 1n],
        [1n, (1n << 32n) - 1n],
      ] as const;
      for (const [level, duration] of rows) {
        const call = bench.impose(world, world.start + HOUR, level, duration);
        await reverts(world.breaker, call, "ImpositionInvalid", [level, duration]);
      }
    });

    it("waits 24 hours, and seven days for the third time, of each market", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, inverse } = world;
      const first = world.start + HOUR;
      const impose = (time: bigint) => bench.impose(world, time, Level.Restricted, 1n);
      await impose(first);
      await bench.impose(world, first + 1n, Level.Halted, HOUR, inverse);
      const day = first + DAY;
      await reverts(breaker, impose(day - 1n), "GuardianBudget", [day - 1n, day]);
      await impose(day + HOUR);
      const week = first + 7n * DAY;
      await reverts(breaker, impose(day + 2n * DAY), "GuardianBudget", [day + 2n * DAY, week]);
      await reverts(breaker, impose(week - 1n), "GuardianBudget", [week - 1n, week]);
      await impose(week);
      const found = await bench.watch(world);
      expect([found.olderImposed, found.newerImposed]).to.deep.equal([day + HOUR, week]);
      // Seven days after the second, though the third is more than a day ago.
      const next = day + HOUR + 7n * DAY;
      await reverts(breaker, impose(next - 1n), "GuardianBudget", [next - 1n, next]);
      await impose(next);
    });

    it("waits 24 hours where that is longer than seven days after the older use", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const first = world.start + HOUR;
      const second = first + 6n * DAY + 23n * HOUR;
      await bench.impose(world, first, Level.Restricted, 1n);
      await bench.impose(world, second, Level.Restricted, 1n);
      const early = bench.impose(world, second + DAY - 1n, Level.Restricted, 1n);
      const args = [second + DAY - 1n, second + DAY];
      await reverts(world.breaker, early, "GuardianBudget", args);
      await bench.impose(world, second + DAY, Level.Restricted, 1n);
    });

    it("has no more halts than the ledger", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { ledger, start } = world;
      const first = start + HOUR;
      await bench.say(world, first, FAR_APART);
      await bench.trip(world, first, Trigger.FarApart);
      await bench.impose(world, first + 10n, Level.Halted, HOUR);
      const time = first + 10n + DAY;
      const call = bench.impose(world, time, Level.Halted, HOUR);
      await reverts(ledger, call, "HaltBudget", [time, first + 7n * DAY]);
      expect((await bench.watch(world)).newerImposed).to.equal(first + 10n);
      await bench.impose(world, time, Level.Restricted, HOUR);
    });

    it("is refused where it is no tighter and no longer", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, time } = world;
      const until = time + 30n * MINUTE;
      const same = bench.impose(world, time + 10n, Level.Restricted, 30n * MINUTE - 10n);
      await reverts(breaker, same, "AlreadyTripped", [Level.Restricted, until]);
      await bench.impose(world, time + 10n, Level.Restricted, 30n * MINUTE - 9n);
      expect((await bench.watch(world)).until).to.equal(until + 1n);
    });

    it("does not loosen a halt, and may prolong one", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, start } = world;
      const time = start + HOUR;
      await bench.say(world, time, FAR_APART);
      await bench.trip(world, time, Trigger.FarApart);
      const args = [Level.Halted, time + HOUR];
      const looser = bench.impose(world, time + 10n, Level.Restricted, SIX_HOURS);
      await reverts(breaker, looser, "AlreadyTripped", args);
      await bench.impose(world, time + 10n, Level.Halted, HOUR);
      const { until, older, newer } = await bench.guardWord(world);
      expect([until, older, newer]).to.deep.equal([time + 10n + HOUR, time, time + 10n]);
    });

    it("shortens nothing: a halt within a restriction lasts as long", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, linear, time } = world;
      const until = time + 30n * MINUTE;
      const shorter = bench.impose(world, time + 10n, Level.Halted, 30n * MINUTE - 11n);
      await reverts(breaker, shorter, "AlreadyTripped", [Level.Restricted, until]);
      await expect(bench.impose(world, time + 10n, Level.Halted, 30n * MINUTE - 10n))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Guardian, Level.Halted, until, 0n);
      const word = await bench.guardWord(world);
      expect([word.level, word.until]).to.deep.equal([Level.Halted, until]);
    });
  });

  describe("lift", () => {
    it("ends what the guardian imposed", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ledger, linear, linearTerms } = world;
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Halted, SIX_HOURS);
      const call = lift(world, time + 10n);
      await expect(call).to.emit(breaker, "Released").withArgs(linear, Guardian);
      await expect(call)
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, Level.Normal, 0n, linearTerms.ceiling, time + 10n);
      await reverts(breaker, lift(world, time + 11n), "NotReleasable", [linear, Guardian]);
    });

    it("refuses what is over, and where there is nothing", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await reverts(breaker, lift(world, time), "NotReleasable", [linear, Trigger.None]);
      await bench.impose(world, time, Level.Restricted, HOUR);
      await reverts(breaker, lift(world, time + HOUR), "NotReleasable", [linear, Guardian]);
    });

    it("refuses what evidence has tripped", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, linear, time } = world;
      await reverts(breaker, lift(world, time + 1n), "NotReleasable", [linear, FewVotes]);
    });

    it("leaves what evidence had tripped before, as a restriction to its end", async () => {
      const world = await networkHelpers.loadFixture(restricted);
      const { breaker, ledger, linear, linearTerms, time } = world;
      const until = time + 30n * MINUTE;
      await bench.impose(world, time + 10n, Level.Restricted, SIX_HOURS);
      expect((await bench.watch(world)).firmUntil).to.equal(until);
      const call = lift(world, time + 20n);
      await expect(call).to.emit(breaker, "Released").withArgs(linear, Guardian);
      await expect(call)
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, Level.Restricted, until, linearTerms.ceiling, time + 20n);
      await lift(world, until - 1n);
      expect((await bench.guardWord(world)).until).to.equal(until);
      await reverts(breaker, lift(world, until), "NotReleasable", [linear, Guardian]);
    });

    it("leaves what was firm, as a restriction to its end", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      const hint = await bench.observe(world, time);
      await bench.say(world, time + 100n, usd(2_200));
      await bench.trip(world, time + 100n, Move, { hint });
      await bench.impose(world, time + 110n, Level.Halted, HOUR);
      await lift(world, time + 120n);
      const { level, until } = await bench.guardWord(world);
      expect([level, until]).to.deep.equal([Level.Restricted, time + 100n + 5n * MINUTE]);
    });
  });
});

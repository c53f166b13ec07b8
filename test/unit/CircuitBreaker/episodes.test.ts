import { expect } from "chai";

import {
  BreakerBench,
  FAR_APART,
  FAR_APART_BPS,
  Trigger,
  reverts,
} from "../../fixtures/breaker.ts";
import type { BreakerWorld } from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { DAY, HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { Move, BigMove, FarApart, Sequencer, Shortfall } = Trigger;
const SIX_HOURS = 6n * HOUR;

/** Observes a minute before a time, and moves by so many dollars by then. */
async function move(world: BreakerWorld, time: bigint, dollars: number): Promise<bigint> {
  const hint = await bench.observe(world, time - 61n, PRICE);
  await bench.say(world, time, PRICE + usd(dollars));
  return hint;
}

/** Trips for a move of ten per cent; answers how long it stays. */
async function episode(world: BreakerWorld, time: bigint): Promise<bigint> {
  const hint = await move(world, time, 200);
  await bench.trip(world, time, Move, { hint });
  const { level, until } = await bench.guardWord(world);
  expect(level).to.equal(Level.Restricted);
  return until - time;
}

/** Halts for votes far apart. */
async function halt(world: BreakerWorld, time: bigint) {
  await bench.say(world, time, FAR_APART);
  return bench.trip(world, time, FarApart);
}

describe("CircuitBreaker", () => {
  describe("an episode", () => {
    it("stays four times as long from the third in 24 hours on, and six hours at most", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const expected = [300n, 300n, 1_200n, 4_800n, 19_200n, SIX_HOURS, SIX_HOURS];
      let time = world.start + HOUR;
      for (const [at, stay] of expected.entries()) {
        expect(await episode(world, time), `${at}`).to.equal(stay);
        const { escalation } = await bench.watch(world);
        expect(escalation, `${at}`).to.equal(BigInt(Math.min(Math.max(at - 1, 0), 4)));
        // The one before the last one is less than 24 hours old each time.
        time += stay + 70n;
      }
    });

    it("starts afresh when the one before the last one began 24 hours ago", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const first = world.start + HOUR;
      await episode(world, first);
      await episode(world, first + HOUR);
      expect(await episode(world, first + DAY - 1n)).to.equal(1_200n);
      // The second one began a day before.
      expect(await episode(world, first + HOUR + DAY)).to.equal(300n);
      const { escalation, olderStart, newerStart } = await bench.watch(world);
      const starts = [0n, first + DAY - 1n, first + HOUR + DAY];
      expect([escalation, olderStart, newerStart]).to.deep.equal(starts);
    });

    it("goes on while a level is in force: what prolongs it begins none", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      const hint = await move(world, time, 400);
      await bench.trip(world, time, Move, { hint });
      await bench.trip(world, time + 10n, BigMove, { hint });
      const { olderStart, newerStart, trippedAt, until } = await bench.watch(world);
      expect([olderStart, newerStart]).to.deep.equal([0n, time]);
      expect([trippedAt, until]).to.deep.equal([time + 10n, time + 10n + 15n * MINUTE]);
    });

    it("is none where the trigger does not escalate", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, linearBook } = world;
      const time = world.start + HOUR;
      await bench.drain(world, 1n);
      await bench.setSequencer(world, true, time - 1n);
      await bench.trip(world, time, Sequencer);
      await bench.at(time + 1n);
      const accounts = [world.maker.account, world.taker.account].sort((a, b) => (a < b ? -1 : 1));
      await breaker.tripShortfall(linear, [linearBook], accounts);
      const { newerStart, trigger } = await bench.watch(world);
      expect([newerStart, trigger]).to.deep.equal([0n, Shortfall]);
    });

    it("begins within what does not escalate, and forgets how often it was on other days", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const first = world.start + HOUR;
      for (const after of [0n, HOUR, 2n * HOUR]) await episode(world, first + after);
      expect((await bench.watch(world)).escalation).to.equal(1n);
      const later = first + 2n * HOUR + DAY;
      await bench.impose(world, later - 100n, Level.Restricted, 200n);
      expect(await episode(world, later)).to.equal(300n);
      const { escalation, newerStart } = await bench.watch(world);
      expect([escalation, newerStart]).to.deep.equal([0n, later]);
    });

    for (const { after, begins } of [
      { after: DAY - 1n, begins: false },
      { after: DAY, begins: true },
    ]) {
      it(`${begins ? "begins" : "goes on"} within a level ${after} seconds after the last one began`, async () => {
        const world = await networkHelpers.loadFixture(watched);
        const first = world.start + HOUR;
        await episode(world, first);
        await bench.impose(world, first + DAY - HOUR, Level.Restricted, SIX_HOURS);
        await halt(world, first + after);
        const { newerStart } = await bench.watch(world);
        expect(newerStart).to.equal(begins ? first + after : first);
      });
    }

    it("is one, however often a move within a level is told", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.impose(world, time - 100n, Level.Restricted, SIX_HOURS);
      const hint = await move(world, time, 200);
      for (let i = 0n; i < 6n; i++) await bench.trip(world, time + i, Move, { hint });
      const { escalation, olderStart, newerStart, firmUntil } = await bench.watch(world);
      expect([escalation, olderStart, newerStart]).to.deep.equal([0n, 0n, time]);
      expect(firmUntil).to.equal(time + 5n + 5n * MINUTE);
    });
  });

  describe("a trip that is no tighter", () => {
    it("is refused with what is in force", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      const hint = await move(world, time, 400);
      await bench.trip(world, time, BigMove, { hint });
      const [until, now] = [time + 15n * MINUTE, time + 10n];
      const shorter = bench.trip(world, now, Move, { hint });
      await reverts(breaker, shorter, "AlreadyTripped", [Level.Restricted, until]);
      await bench.trip(world, now, BigMove, { hint });
      const end = now + 15n * MINUTE;
      const same = bench.trip(world, now, BigMove, { hint });
      await reverts(breaker, same, "AlreadyTripped", [Level.Restricted, end]);
    });

    it("never prolongs a halt", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      await halt(world, time);
      const again = bench.trip(world, time + 5n, FarApart);
      await reverts(breaker, again, "AlreadyTripped", [Level.Halted, time + HOUR]);
      const { older, newer } = await bench.guardWord(world);
      expect([older, newer]).to.deep.equal([0n, time]);
    });

    it("leaves neither a notice nor an episode behind", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const since = world.start + 2n * HOUR;
      await bench.notice(world, since, Trigger.FewVotes);
      const time = since + 10n * MINUTE;
      await bench.impose(world, time, Level.Halted, HOUR);
      const call = bench.trip(world, time, Trigger.FewVotes);
      await reverts(breaker, call, "AlreadyTripped", [Level.Halted, time + HOUR]);
      expect((await breaker.noticeOf(linear, Trigger.FewVotes)).since).to.equal(since);
      expect((await bench.watch(world)).newerStart).to.equal(0n);
    });
  });

  describe("a trip within what is in force", () => {
    it("leaves a restriction that lasts longer for after a halt", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, linearTerms } = world;
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Restricted, SIX_HOURS);
      const now = time + 200n;
      await expect(halt(world, now))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, FarApart, Level.Halted, now + HOUR, FAR_APART_BPS);
      const { until, firmUntil, trigger } = await bench.watch(world);
      const end = time + SIX_HOURS;
      expect([until, firmUntil, trigger]).to.deep.equal([now + HOUR, end, FarApart]);
      await bench.at(now + HOUR - 1n);
      const early = breaker.sync(linear);
      await reverts(breaker, early, "AlreadyTripped", [Level.Halted, now + HOUR]);
      await bench.at(now + HOUR);
      await expect(breaker.sync(linear))
        .to.emit(world.ledger, "GuardSet")
        .withArgs(linear, Level.Restricted, end, linearTerms.ceiling, now + HOUR);
      const word = await bench.guardWord(world);
      expect([word.level, word.until, word.newer]).to.deep.equal([1n, end, now]);
    });

    it("keeps the later end of what nothing ends early", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      const hint = await move(world, time, 400);
      await bench.trip(world, time, BigMove, { hint });
      await bench.setSequencer(world, true, time - 5n * MINUTE);
      await bench.trip(world, time + 10n, Sequencer);
      const until = time + 10n + 30n * MINUTE;
      const found = await bench.watch(world);
      expect([found.until, found.firmUntil]).to.deep.equal([until, until]);
    });

    it("keeps a move during a halt for after it, as long as it lasts longer than what is kept", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ledger, linear } = world;
      const time = world.start + HOUR;
      await halt(world, time);
      const now = time + 100n;
      const hint = await move(world, now, 400);
      const call = bench.trip(world, now, BigMove, { hint });
      const end = now + 15n * MINUTE;
      await expect(call)
        .to.emit(breaker, "Tripped")
        .withArgs(linear, BigMove, Level.Restricted, end, 2_000n);
      await expect(call).not.to.emit(ledger, "GuardSet");
      const found = await bench.watch(world);
      expect([found.level, found.until, found.trigger]).to.deep.equal([2n, time + HOUR, FarApart]);
      expect([found.firmUntil, found.newerStart]).to.deep.equal([end, time]);
      const shorter = bench.trip(world, now + 1n, Move, { hint });
      await reverts(breaker, shorter, "AlreadyTripped", [Level.Halted, time + HOUR]);
    });

    it("answers what it has done", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Halted, HOUR);
      await bench.setSequencer(world, true, time);
      await bench.mineAt(time + 10n);
      const answer = await breaker.trip.staticCall(linear, Sequencer, 0n);
      expect([...answer]).to.deep.equal([1n, time + 10n + 30n * MINUTE]);
    });
  });

  describe("sync", () => {
    it("writes a ceiling that changed during a halt, once it is over, for anyone", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ledger, steward, linear, linearTerms } = world;
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Halted, HOUR);
      const { policy } = await bench.watch(world);
      await breaker.connect(steward).tighten(linear, { ...policy, ceiling: 8_000n });
      expect((await bench.guardWord(world)).ceiling).to.equal(linearTerms.ceiling);
      await bench.at(time + HOUR);
      const ceiling = (linearTerms.ceiling * 8n) / 10n;
      await expect(breaker.sync(linear))
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, Level.Normal, 0n, ceiling, time + HOUR);
      expect(await bench.guardWord(world)).to.deep.equal({
        ...{ level: 0n, until: 0n, ceiling, older: 0n, newer: time },
      });
    });

    it("changes nothing of a restriction", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.impose(world, time, Level.Restricted, HOUR);
      const before = await bench.guardWord(world);
      await bench.at(time + HOUR - 1n);
      await world.breaker.sync(world.linear);
      expect(await bench.guardWord(world)).to.deep.equal(before);
    });
  });

  describe("the budget of halts", () => {
    it("leaves evidence one in seven days; the next one restricts", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const first = world.start + HOUR;
      await halt(world, first);
      const last = first + 7n * DAY - 1n;
      await expect(halt(world, last))
        .to.emit(world.breaker, "Tripped")
        .withArgs(world.linear, FarApart, Level.Restricted, last + HOUR, FAR_APART_BPS);
      // It is tighter, so it halts within the restriction.
      await bench.trip(world, last + 1n, FarApart);
      const { level, older, newer } = await bench.guardWord(world);
      expect([level, older, newer]).to.deep.equal([2n, first, last + 1n]);
    });

    it("counts the guardian's", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const first = world.start + HOUR;
      await bench.impose(world, first, Level.Halted, 1n);
      await halt(world, first + DAY);
      const { level, trigger } = await bench.watch(world);
      expect([level, trigger]).to.deep.equal([Level.Restricted, FarApart]);
    });

    it("is not spent on a halt that is over, whatever is written after it", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await halt(world, time);
      await bench.at(time + HOUR);
      await breaker.adapt(linear);
      const { level, until, older, newer } = await bench.guardWord(world);
      expect([level, until, older, newer]).to.deep.equal([0n, 0n, 0n, time]);
    });
  });
});

import { expect } from "chai";

import {
  BreakerBench,
  FAR_APART,
  FAR_APART_BPS,
  Trigger,
  reverts,
} from "../../fixtures/breaker.ts";
import { connect } from "../../fixtures/connection.ts";
import { PRICE } from "../../fixtures/oracles.ts";
import { HOUR, Level, MINUTE, usd } from "../../fixtures/units.ts";

const connection = await connect();
const { networkHelpers } = connection;
const bench = new BreakerBench(connection);

const watched = () => bench.deployWatched();

const { FewVotes, NoVotes, Apart, FarApart } = Trigger;
/** Three per cent, reached exactly, and a unit of the price less. */
const APART = { push: usd(2_000), redstone: usd(2_030), own: usd(2_060) };
const NOT_APART = { ...APART, own: usd(2_060) - 1n };
/** One vote is off by eight per cent, and by a unit of the price less. */
const ONE_OFF = { push: usd(2_000), redstone: usd(2_000), own: usd(2_160) };
const NOT_OFF = { ...ONE_OFF, own: usd(2_160) - 1n };

describe("CircuitBreaker", () => {
  describe("trip for too few votes", () => {
    it("restricts for half an hour when ten minutes have brought none, for anyone", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, ledger, linear, linearTerms } = world;
      // Push feeds are good for 3,900 seconds: that of the listing still is.
      const since = world.start + HOUR;
      await bench.notice(world, since, FewVotes);
      const time = since + 10n * MINUTE;
      const early = bench.trip(world, time - 1n, FewVotes);
      await reverts(breaker, early, "NoticeMissing", [FewVotes, time, since + HOUR]);
      await bench.mineAt(time);
      const answered = await breaker.trip.staticCall(linear, FewVotes, 0n);
      expect([...answered]).to.deep.equal([Level.Restricted, time + 30n * MINUTE]);
      const until = time + 30n * MINUTE;
      const call = bench.trip(world, time, FewVotes);
      await expect(call)
        .to.emit(breaker, "Tripped")
        .withArgs(linear, FewVotes, Level.Restricted, until, 1n);
      await expect(call)
        .to.emit(ledger, "GuardSet")
        .withArgs(linear, Level.Restricted, until, linearTerms.ceiling, time);
      const { level, trigger, trippedAt, firmUntil, newerStart } = await bench.watch(world);
      expect([level, trigger, trippedAt, firmUntil]).to.deep.equal([1n, FewVotes, time, 0n]);
      expect(newerStart).to.equal(0n);
      expect((await bench.watch(world, world.inverse)).level).to.equal(0n);
    });

    it("may come an hour after the notice, and not a second later", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + 2n * HOUR;
      await bench.notice(world, since, FewVotes);
      const [from, to] = [since + 10n * MINUTE, since + HOUR];
      await bench.mineAt(to);
      const late = bench.trip(world, to + 1n, FewVotes);
      await reverts(world.breaker, late, "NoticeMissing", [FewVotes, from, to]);
    });

    it("takes the last second of the notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + 2n * HOUR;
      await bench.notice(world, since, FewVotes);
      await expect(bench.trip(world, since + HOUR, FewVotes)).to.emit(world.breaker, "Tripped");
    });

    it("wants a notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + 2n * HOUR;
      for (const trigger of [FewVotes, NoVotes, Apart, Trigger.Depeg]) {
        const call = bench.trip(world, time, trigger);
        await reverts(world.breaker, call, "NoticeMissing", [trigger, 0n, 0n]);
      }
    });

    it("is answered by readings that are too old again by then", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + HOUR;
      await bench.notice(world, since, FewVotes);
      await bench.say(world, since + 10n, { redstone: PRICE, own: PRICE });
      const call = bench.trip(world, since + 10n * MINUTE, FewVotes);
      await reverts(world.breaker, call, "NoEvidence", [FewVotes, 3n, 3n]);
    });

    it("is not answered by a vote in quarantine", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { hub, ether, start } = world;
      const time = start + 2n * HOUR;
      const lying = { push: PRICE, redstone: PRICE, own: usd(2_061) };
      await bench.say(world, time, lying);
      const fresh = bench.notice(world, time, FewVotes);
      await reverts(world.breaker, fresh, "NoEvidence", [FewVotes, 3n, 3n]);
      await bench.say(world, time + 15n, lying);
      expect((await hub.spot(ether.feed)).live).to.equal(2n);
      await bench.notice(world, time + 15n, FewVotes);
      await bench.say(world, time + 30n, lying);
      await expect(bench.trip(world, time + 15n + 10n * MINUTE, FewVotes))
        .to.emit(world.breaker, "Tripped")
        .withArgs(world.linear, FewVotes, 1n, time + 15n + 40n * MINUTE, 2n);
    });

    it("is renewed call by call while they are missing", async () => {
      const world = await networkHelpers.loadFixture(watched);
      let time = world.start + 2n * HOUR;
      await bench.notice(world, time, FewVotes);
      for (let i = 0; i < 3; i++) {
        time += 10n * MINUTE;
        await bench.trip(world, time, FewVotes);
        const { level, until } = await bench.guardWord(world);
        expect([level, until]).to.deep.equal([Level.Restricted, time + 30n * MINUTE]);
        expect((await world.breaker.noticeOf(world.linear, FewVotes)).since).to.equal(time);
      }
    });
  });

  describe("trip for no votes", () => {
    it("halts for an hour when fewer than two have been good", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const since = world.start + HOUR;
      await bench.notice(world, since, NoVotes);
      const time = since + 10n * MINUTE;
      const early = bench.trip(world, time - 1n, NoVotes);
      await reverts(breaker, early, "NoticeMissing", [NoVotes, time, since + 2n * HOUR]);
      await expect(bench.trip(world, time, NoVotes))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, NoVotes, Level.Halted, time + HOUR, 1n);
      const { level, until, newer } = await bench.guardWord(world);
      expect([level, until, newer]).to.deep.equal([Level.Halted, time + HOUR, time]);
    });

    it("has no evidence with two", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + HOUR;
      await bench.notice(world, since, NoVotes);
      await bench.say(world, since + 10n * MINUTE, { own: PRICE });
      const call = bench.trip(world, since + 10n * MINUTE, NoVotes);
      await reverts(world.breaker, call, "NoEvidence", [NoVotes, 2n, 2n]);
    });

    it("takes the last second of the notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + 2n * HOUR;
      await bench.notice(world, since, NoVotes);
      const last = since + 2n * HOUR;
      await expect(bench.trip(world, last, NoVotes)).to.emit(world.breaker, "Tripped");
    });
  });

  describe("trip for votes apart", () => {
    it("restricts for half an hour when they are so twice, a minute apart", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const since = world.start + HOUR;
      await bench.say(world, since, NOT_APART);
      const less = bench.notice(world, since, Apart);
      await reverts(breaker, less, "NoEvidence", [Apart, 299n, 300n]);
      await bench.say(world, since + 2n, APART);
      await bench.notice(world, since + 2n, Apart);
      const time = since + 2n + MINUTE;
      const early = bench.trip(world, time - 1n, Apart);
      await reverts(breaker, early, "NoticeMissing", [Apart, time, since + 2n + 15n * MINUTE]);
      await expect(bench.trip(world, time, Apart))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, Apart, Level.Restricted, time + 30n * MINUTE, 300n);
      expect((await bench.watch(world)).firmUntil).to.equal(0n);
    });

    it("has no evidence when they have come together", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + HOUR;
      await bench.say(world, since, APART);
      await bench.notice(world, since, Apart);
      await bench.say(world, since + MINUTE, NOT_APART);
      const call = bench.trip(world, since + MINUTE, Apart);
      await reverts(world.breaker, call, "NoEvidence", [Apart, 299n, 300n]);
    });

    it("takes the last second of the notice", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const since = world.start + HOUR;
      await bench.say(world, since, APART);
      await bench.notice(world, since, Apart);
      const last = since + 15n * MINUTE;
      await bench.say(world, last, APART);
      await expect(bench.trip(world, last, Apart)).to.emit(world.breaker, "Tripped");
    });

    it("looks at votes of this minute, two at least", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker } = world;
      const time = world.start + HOUR;
      await bench.say(world, time, { push: APART.push, own: APART.own });
      await bench.say(world, time + 60n, { redstone: APART.redstone });
      await bench.mineAt(time + 60n);
      // All three, to the last second of the minute; then one.
      await expect(bench.notice(world, time + 60n, Apart)).to.emit(breaker, "NoticeGiven");
      const alone = bench.trip(world, time + 121n, FarApart);
      await reverts(breaker, alone, "NoEvidence", [FarApart, 0n, 800n]);
    });
  });

  describe("trip for votes far apart", () => {
    it("halts for an hour at once where no two of a quorum agree", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await bench.say(world, time, FAR_APART);
      const until = time + HOUR;
      await expect(bench.trip(world, time, FarApart))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, FarApart, Level.Halted, until, FAR_APART_BPS);
      const { level, until: end } = await bench.guardWord(world);
      expect([level, end]).to.deep.equal([Level.Halted, until]);
    });

    it("restricts where some agree, from eight per cent on", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear } = world;
      const time = world.start + HOUR;
      await bench.say(world, time, NOT_OFF);
      const less = bench.trip(world, time, FarApart);
      await reverts(breaker, less, "NoEvidence", [FarApart, 799n, 800n]);
      // Soon after, or the second reading that is off would be in quarantine.
      await bench.say(world, time + 14n, ONE_OFF);
      await expect(bench.trip(world, time + 14n, FarApart))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, FarApart, Level.Restricted, time + 14n + HOUR, 800n);
    });

    it("halts from three per cent in the core on", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const { breaker, linear, inverse } = world;
      const time = world.start + HOUR;
      const less = { push: usd(2_000), redstone: usd(2_060) - 1n, own: usd(2_200) };
      await bench.say(world, time, less);
      await expect(bench.trip(world, time, FarApart))
        .to.emit(breaker, "Tripped")
        .withArgs(linear, FarApart, Level.Restricted, time + HOUR, 1_000n);
      await bench.say(world, time + 1n, { redstone: usd(2_060) });
      await expect(bench.trip(world, time + 1n, FarApart, { market: inverse }))
        .to.emit(breaker, "Tripped")
        .withArgs(inverse, FarApart, Level.Halted, time + 1n + HOUR, 1_000n);
    });

    it("restricts where fewer than a quorum are of this minute", async () => {
      const world = await networkHelpers.loadFixture(watched);
      const time = world.start + HOUR;
      await bench.say(world, time, { push: usd(2_000), own: usd(2_200) });
      await expect(bench.trip(world, time, FarApart))
        .to.emit(world.breaker, "Tripped")
        .withArgs(world.linear, FarApart, Level.Restricted, time + HOUR, 1_000n);
    });
  });

  describe("trip for what is none of its triggers", () => {
    it("is refused", async () => {
      const { breaker, linear } = await networkHelpers.loadFixture(watched);
      for (const trigger of [Trigger.None, Trigger.Shortfall, Trigger.Guardian]) {
        const args = [linear, trigger];
        await reverts(breaker, breaker.trip(linear, trigger, 0n), "TriggerUnavailable", args);
      }
    });
  });
});

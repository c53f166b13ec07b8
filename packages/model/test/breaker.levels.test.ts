import { expect } from "chai";
import { expectRefused } from "./helpers/refusals.ts";
import { GUARD } from "./helpers/scene.ts";
import { FEED, START } from "./helpers/sources.ts";
import {
  BREAKER,
  FAR_APART,
  GUARDIAN,
  STEWARD,
  createGuarded,
  done,
  guardOf,
  observe,
  percent,
  say,
  told,
  tripSilent,
} from "./helpers/breaker.ts";
import type { GuardedScene } from "./helpers/breaker.ts";

const HOUR = 3_600n;
const DAY = 86_400n;
const NOW = START + 10n * HOUR;

/** Trips for a move of ten per cent; answers how long it stays. */
function episode(scene: GuardedScene, now: bigint): bigint {
  observe(scene, now - 61n);
  say(scene, now, percent(110n));
  const { breaker, market } = scene;
  const hint = (breaker.feeds.get(FEED)?.count ?? 1n) - 1n;
  return done(breaker.trip(now, market, "Move", hint)).until - now;
}

function impose({ breaker, market }: GuardedScene, now: bigint, level: bigint, time: bigint) {
  return breaker.impose({ now, sender: GUARDIAN }, market, level, time);
}

function lift({ breaker, market }: GuardedScene, now: bigint) {
  return breaker.lift({ now, sender: GUARDIAN }, market);
}

/** Halts for votes far apart. */
function halt(scene: GuardedScene, now: bigint): bigint {
  say(scene, now, FAR_APART);
  return done(scene.breaker.trip(now, scene.market, "FarApart", 0n)).level;
}

describe("CircuitBreaker: levels", () => {
  describe("enroll", () => {
    it("wants a market of this guard, once", () => {
      const { breaker, market, inverse } = createGuarded({ enrolled: false });
      expectRefused(breaker.notice(NOW, market, "FewVotes"), "NotEnrolled", market);
      const other = inverse.market.market;
      expectRefused(breaker.enroll(other), "NotThisGuard", other, GUARD);
      expectRefused(breaker.enroll(1n), "NotThisGuard", 1n, 0n);
      expect(told(breaker.enroll(market))).to.deep.equal([["MarketEnrolled", market, FEED]]);
      expectRefused(breaker.enroll(market), "AlreadyEnrolled", market);
      expect(breaker.setup.address).to.equal(BREAKER);
    });
  });

  describe("episodes", () => {
    it("stay four times as long from the third in a day on, six hours at most", () => {
      const scene = createGuarded();
      let now = NOW;
      for (const stay of [300n, 300n, 1_200n, 4_800n, 19_200n, 21_600n, 21_600n]) {
        expect(episode(scene, now)).to.equal(stay);
        now += stay + 70n;
      }
      expect(scene.breaker.require(scene.market).escalation).to.equal(4n);
    });

    it("begin afresh after a day, within a level that is in force as well", () => {
      const scene = createGuarded();
      for (const after of [0n, HOUR, 2n * HOUR]) episode(scene, NOW + after);
      expect(scene.breaker.require(scene.market).escalation).to.equal(1n);
      const later = NOW + 2n * HOUR + DAY;
      done(impose(scene, later - 100n, 1n, 200n));
      expect(episode(scene, later)).to.equal(300n);
    });
  });

  describe("halts", () => {
    it("become restrictions where one began within seven days", () => {
      const scene = createGuarded();
      expect([halt(scene, NOW), halt(scene, NOW + DAY)]).to.deep.equal([2n, 1n]);
      expect(halt(scene, NOW + 7n * DAY - 1n)).to.equal(1n);
      const { breaker, market } = scene;
      const { level } = done(breaker.trip(NOW + 7n * DAY, market, "FarApart", 0n));
      expect(level, "within the restriction").to.equal(2n);
    });

    it("are not written again by what goes on meanwhile", () => {
      const scene = createGuarded();
      const { breaker, ledger, market } = scene;
      halt(scene, NOW);
      const before = guardOf(ledger, market);
      expect(done(breaker.adapt(NOW + HOUR - 1n, market))).to.equal(0n);
      const env = { now: NOW + HOUR - 1n, sender: STEWARD };
      done(breaker.tighten(env, market, { ...breaker.require(market).policy, ceiling: 8_000n }));
      expect(guardOf(ledger, market)).to.deep.equal(before);
      done(breaker.adapt(NOW + HOUR + 600n, market));
      const { level, until, newerHalt } = guardOf(ledger, market);
      expect([level, until, newerHalt]).to.deep.equal([0n, 0n, NOW]);
    });
  });

  describe("release", () => {
    it("wants three observations over ten minutes, the last of two, and a spot that is right", () => {
      const scene = createGuarded();
      const { breaker, ledger, market } = scene;
      const time = tripSilent(scene, NOW, "FewVotes");
      const release = (now: bigint) => breaker.release(now, market);
      expectRefused(release(time + 1n), "NotHealthy", 0n, 0n);
      observe(scene, time + 1n);
      observe(scene, time + 61n);
      observe(scene, time + 600n);
      expectRefused(release(time + 600n), "NotHealthy", 3n, 599n);
      observe(scene, time + 700n);
      expectRefused(release(time + 821n), "NotHealthy", 4n, 699n);
      expectRefused(release(time + 820n), "SpotUnhealthy", FEED, 8n);
      say(scene, time + 821n);
      observe(scene, time + 830n);
      expect(told(release(time + 830n))).to.deep.include(["Released", market, 1n]);
      expect(guardOf(ledger, market).level).to.equal(0n);
      expectRefused(release(time + 831n), "NotReleasable", market, 1n);
    });

    it("leaves what the guardian imposed, as a restriction", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      done(impose(scene, NOW, 1n, 1_800n));
      say(scene, NOW + 10n, FAR_APART);
      const { level, until } = done(breaker.trip(NOW + 10n, market, "FarApart", 0n));
      expect([level, until]).to.deep.equal([2n, NOW + 10n + HOUR]);
      for (const after of [100n, 400n, 700n]) observe(scene, NOW + after);
      done(breaker.release(NOW + 700n, market));
      const found = breaker.require(market);
      expect([found.level, found.until]).to.deep.equal([1n, NOW + 1_800n]);
    });
  });

  describe("what is firm", () => {
    it("waits for the end of a halt, and for somebody to write it", () => {
      const scene = createGuarded();
      const { breaker, ledger, market } = scene;
      halt(scene, NOW);
      observe(scene, NOW + 61n);
      say(scene, NOW + 200n, percent(140n));
      const kept = breaker.trip(NOW + 200n, market, "HugeMove", 0n);
      const until = NOW + 200n + HOUR;
      expect(told(kept)).to.deep.equal([["Tripped", market, 7n, 1n, until, 4_000n]]);
      const soon = breaker.sync(NOW + HOUR - 1n, market);
      expectRefused(soon, "AlreadyTripped", 2n, NOW + HOUR);
      done(breaker.sync(NOW + HOUR, market));
      const word = guardOf(ledger, market);
      expect([word.level, word.until]).to.deep.equal([1n, until]);
    });

    it("counts as one episode, however often it is told", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      done(impose(scene, NOW - 10n, 1n, 6n * HOUR));
      observe(scene, NOW);
      say(scene, NOW + 100n, percent(110n));
      for (let i = 0n; i < 6n; i++) done(breaker.trip(NOW + 100n + i, market, "Move", 0n));
      const { escalation, firmUntil, newerStart } = breaker.require(market);
      expect([escalation, newerStart]).to.deep.equal([0n, NOW + 100n]);
      expect(firmUntil).to.equal(NOW + 405n);
    });
  });

  describe("the guardian", () => {
    it("imposes what is tighter or longer, within six hours", () => {
      const scene = createGuarded();
      for (const [level, time] of [
        [0n, 1n],
        [3n, 1n],
        [1n, 0n],
        [1n, 21_601n],
      ] as const) {
        expectRefused(impose(scene, NOW, level, time), "ImpositionInvalid", level, time);
      }
      const stranger = scene.breaker.impose({ now: NOW, sender: 1n }, scene.market, 1n, 1n);
      expectRefused(stranger, "AccessManagedUnauthorized", 1n);
      const time = tripSilent(scene, NOW, "FewVotes");
      const same = impose(scene, time, 1n, 1_800n);
      expectRefused(same, "AlreadyTripped", 1n, time + 1_800n);
      done(impose(scene, time, 1n, 1_801n));
    });

    it("has one use in a day and two in seven", () => {
      const scene = createGuarded();
      done(impose(scene, NOW, 1n, 1n));
      const day = impose(scene, NOW + DAY - 1n, 1n, 1n);
      expectRefused(day, "GuardianBudget", NOW + DAY - 1n, NOW + DAY);
      done(impose(scene, NOW + DAY, 1n, 1n));
      const week = impose(scene, NOW + 3n * DAY, 1n, 1n);
      expectRefused(week, "GuardianBudget", NOW + 3n * DAY, NOW + 7n * DAY);
      done(impose(scene, NOW + 7n * DAY, 1n, 1n));
    });

    it("has no more halts than the ledger", () => {
      const scene = createGuarded();
      halt(scene, NOW);
      done(impose(scene, NOW + HOUR, 2n, 1n));
      const third = impose(scene, NOW + 2n * DAY, 2n, 1n);
      expectRefused(third, "HaltBudget", NOW + 2n * DAY, NOW + 7n * DAY);
      expect(scene.breaker.require(scene.market).newerImposed).to.equal(NOW + HOUR);
    });

    it("lifts its own, but nothing of what evidence had tripped", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      expectRefused(lift(scene, NOW), "NotReleasable", market, 0n);
      const time = tripSilent(scene, NOW, "FewVotes");
      expectRefused(lift(scene, time), "NotReleasable", market, 1n);
      const short = impose(scene, time, 2n, 1_799n);
      expectRefused(short, "AlreadyTripped", 1n, time + 1_800n);
      done(impose(scene, time, 2n, 1_800n));
      expect(told(lift(scene, time + 1n))).to.deep.include(["Released", market, 11n]);
      const { level, until } = breaker.require(market);
      expect([level, until]).to.deep.equal([1n, time + 1_800n]);
    });
  });
});

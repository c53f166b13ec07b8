import { expect } from "chai";
import { TRIGGERS } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";
import {
  FEED,
  PRICE,
  SOURCE,
  START,
  UNIT,
  governed,
  reading,
  returnedBy,
} from "./helpers/sources.ts";
import {
  COIN,
  PEG,
  RISK,
  block,
  createGuarded,
  done,
  guardOf,
  percent,
  say,
  told,
  tripSilent,
} from "./helpers/breaker.ts";
import type { GuardedScene } from "./helpers/breaker.ts";

const HOUR = 3_600n;
const NOW = START + 10n * HOUR;
/** Far enough from each other that nobody is judged, three per cent in all. */
const APART = [PRICE, percent(100n) + PRICE / 67n, percent(103n)] as const;

describe("CircuitBreaker: evidence", () => {
  describe("notices", () => {
    it("are good from noticeMin to noticeMax, stand that long, and are one of each trigger", () => {
      for (const { name, noticeMin, noticeMax, index } of TRIGGERS) {
        const scene = createGuarded();
        const { breaker, market } = scene;
        if (name === "Apart") say(scene, NOW, APART);
        if (name === "Depeg") say(scene, NOW, PEG / 2n, COIN);
        const trigger = BigInt(index);
        const notice = breaker.notice(NOW, market, name);
        if (noticeMin === 0n) {
          expectRefused(notice, "TriggerUnavailable", market, trigger);
          continue;
        }
        expect(told(notice)).to.deep.equal([["NoticeGiven", market, trigger]]);
        const window = { since: NOW, from: NOW + noticeMin, to: NOW + noticeMax };
        expect(done(breaker.noticeOf(NOW, market, name))).to.deep.equal(window);
        const stands = breaker.notice(window.to, market, name);
        expectRefused(stands, "NoticeStands", trigger, NOW);
        for (const time of [window.from - 1n, window.to + 1n]) {
          const trip = breaker.trip(time, market, name, 0n);
          expectRefused(trip, "NoticeMissing", trigger, window.from, window.to);
        }
      }
    });

    it("want the condition to hold, and are taken back when it does no longer", () => {
      const scene = createGuarded();
      const { breaker, hub, market } = scene;
      say(scene, NOW);
      expectRefused(breaker.notice(NOW, market, "FewVotes"), "NoEvidence", 1n, 3n, 3n);
      const late = NOW + 2n * HOUR;
      done(breaker.notice(late, market, "FewVotes"));
      expectRefused(breaker.answer(late, market, "FewVotes"), "NothingToAnswer", 1n);
      say(scene, late + 10n);
      const answer = breaker.answer(late + 9n * HOUR, market, "FewVotes");
      expect(told(answer)).to.deep.equal([["NoticeAnswered", market, 1n]]);
      expectRefused(breaker.answer(late, market, "FewVotes"), "NothingToAnswer", 1n);
      expect(hub.feeds.size).to.equal(2);
    });

    it("of votes apart are not taken back", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      say(scene, NOW, APART);
      done(breaker.notice(NOW, market, "Apart"));
      say(scene, NOW + 30n);
      expectRefused(breaker.answer(NOW + 30n, market, "Apart"), "NothingToAnswer", 3n);
    });
  });

  describe("notices of missing votes", () => {
    it("are none if the sequencer was down since", () => {
      for (const name of ["FewVotes", "NoVotes"] as const) {
        const scene = createGuarded();
        const { breaker, market, setUptime } = scene;
        done(breaker.notice(NOW, market, name));
        const since = () => done(breaker.noticeOf(NOW + 600n, market, name)).since;
        setUptime(1n, NOW + 10n);
        expect(since()).to.equal(0n);
        const trip = breaker.trip(NOW + 600n, market, name, 0n);
        expectRefused(trip, "NoticeMissing", name === "FewVotes" ? 1n : 2n, 0n, 0n);
        setUptime(0n, NOW + 1n);
        expect(since()).to.equal(0n);
        setUptime(0n, NOW);
        expect(since()).to.equal(NOW);
      }
    });
  });

  describe("votes missing", () => {
    it("trips when a notice was not answered by enough of them, in quarantine or not", () => {
      const scene = createGuarded();
      const { breaker, ledger, market, linear } = scene;
      done(breaker.notice(NOW, market, "NoVotes"));
      const trip = breaker.trip(NOW + 600n, market, "NoVotes", 0n);
      const until = NOW + 600n + HOUR;
      const { ceiling } = linear.market.terms;
      expect(told(trip)).to.deep.equal([
        ["Tripped", market, 2n, 2n, until, 0n],
        ["GuardSet", market, 2n, until, ceiling, NOW + 600n],
      ]);
      expect(done(trip)).to.deep.equal({ level: 2n, until });
      const { level, newerHalt } = guardOf(ledger, market);
      expect([level, newerHalt]).to.deep.equal([2n, NOW + 600n]);
    });

    it("counts who was good at any time since the notice", () => {
      const scene = createGuarded();
      const { breaker, hub, market } = scene;
      done(breaker.notice(NOW, market, "NoVotes"));
      returnedBy(hub.update(NOW + 1n, FEED, SOURCE.own, reading(NOW + 1n)));
      done(breaker.trip(NOW + 600n, market, "NoVotes", 0n));
      const again = createGuarded();
      done(again.breaker.notice(NOW, again.market, "NoVotes"));
      say(again, NOW + 1n);
      const trip = again.breaker.trip(NOW + 2n * HOUR, again.market, "NoVotes", 0n);
      expectRefused(trip, "NoEvidence", 2n, 3n, 2n);
    });
  });

  describe("votes apart", () => {
    it("is measured in bps of the lowest, floored, over votes of this minute", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      say(scene, NOW, [PRICE, PRICE, percent(108n) - 1n]);
      const trip = (now: bigint) => breaker.trip(now, market, "FarApart", 0n);
      expectRefused(trip(NOW), "NoEvidence", 4n, 799n, 800n);
      say(scene, NOW + 5n, [PRICE, PRICE, percent(108n)]);
      expectRefused(trip(NOW + 66n), "NoEvidence", 4n, 0n, 800n);
      // Two of them agree, so there is a price.
      expect(done(trip(NOW + 65n))).to.deep.equal({ level: 1n, until: NOW + 65n + HOUR });
    });

    it("halts where not even the core of a quorum agrees", () => {
      const rows = [
        { said: [percent(100n), percent(103n) - 1n, percent(111n)], level: 1n },
        { said: [percent(100n), percent(103n), percent(111n)], level: 2n },
      ] as const;
      for (const { said, level } of rows) {
        const scene = createGuarded();
        say(scene, NOW, said);
        const trip = scene.breaker.trip(NOW, scene.market, "FarApart", 0n);
        expect(done(trip).level).to.equal(level);
      }
      const two = createGuarded();
      for (const [index, price] of [
        [SOURCE.own, PRICE],
        [SOURCE.redStone, percent(120n)],
      ] as const) {
        returnedBy(two.hub.update(NOW, FEED, index, reading(NOW, { price })));
      }
      const trip = two.breaker.trip(NOW, two.market, "FarApart", 0n);
      expect(done(trip).level).to.equal(1n);
    });
  });

  describe("moves", () => {
    const observed = (said: Parameters<typeof say>[2] = PRICE): GuardedScene => {
      const scene = createGuarded();
      say(scene, NOW, said);
      done(scene.breaker.observe(block(NOW), FEED));
      return scene;
    };

    it("are measured against an observation of 300 s, by its place", () => {
      const scene = observed();
      const { breaker, market } = scene;
      say(scene, NOW + 300n, percent(110n));
      const trip = (now: bigint, hint: bigint) => breaker.trip(now, market, "Move", hint);
      expectRefused(trip(NOW + 301n, 0n), "ReferenceInvalid", 0n, 301n);
      expectRefused(trip(NOW + 300n, 1n), "ReferenceInvalid", 1n, 0n);
      expect(told(trip(NOW + 300n, 32n))).to.have.lengthOf(2);
      expect(breaker.require(market).firmUntil).to.equal(NOW + 600n);
    });

    it("have thresholds of once, twice and three and a half times `move`", () => {
      for (const [name, bps, index] of [
        ["Move", 1_000n, 5n],
        ["BigMove", 2_000n, 6n],
        ["HugeMove", 3_500n, 7n],
      ] as const) {
        const scene = observed();
        const { breaker, market } = scene;
        say(scene, NOW + 70n, PRICE + (PRICE * bps) / 10_000n - 1n);
        const less = breaker.trip(NOW + 70n, market, name, 0n);
        expectRefused(less, "NoEvidence", index, bps - 1n, bps);
        say(scene, NOW + 140n, PRICE - (PRICE * bps) / 10_000n);
        expect(done(breaker.trip(NOW + 140n, market, name, 0n)).level).to.equal(1n);
      }
    });

    it("are the way between the nearest ends of both cores", () => {
      const scene = observed([percent(99n), percent(101n), percent(130n)]);
      const { breaker, market } = scene;
      const up = (percent(101n) * 11n) / 10n;
      say(scene, NOW + 70n, [up - 1n, percent(113n), percent(140n)]);
      const trip = (now: bigint) => breaker.trip(now, market, "Move", 0n);
      expectRefused(trip(NOW + 70n), "NoEvidence", 5n, 999n, 1_000n);
      say(scene, NOW + 71n, [up, percent(113n), percent(140n)]);
      done(trip(NOW + 71n));
      const down = (percent(99n) * 9n) / 10n;
      say(scene, NOW + 140n, [down + 1n, percent(88n), percent(70n)]);
      expectRefused(trip(NOW + 140n), "NoEvidence", 5n, 999n, 1_000n);
      say(scene, NOW + 141n, [down, percent(88n), percent(70n)]);
      done(trip(NOW + 141n));
      say(scene, NOW + 210n, [percent(101n), percent(103n), percent(140n)]);
      expectRefused(trip(NOW + 210n), "NoEvidence", 5n, 0n, 1_000n);
    });

    it("want a core of this minute that agrees", () => {
      const scene = observed();
      const { breaker, market } = scene;
      const trip = (now: bigint) => breaker.trip(now, market, "Move", 0n);
      expectRefused(trip(NOW + 61n), "NoAgreement", 0n, 2n, 0n);
      say(scene, NOW + 100n, [percent(110n), percent(114n), percent(120n)]);
      expectRefused(trip(NOW + 100n), "NoAgreement", 3n, 2n, 363n);
    });
  });

  describe("the sequencer", () => {
    it("restricts for 30 minutes while it is down, and for what is left of the grace after", () => {
      const scene = createGuarded();
      const { breaker, market, setUptime } = scene;
      const trip = (now: bigint) => breaker.trip(now, market, "Sequencer", 0n);
      expectRefused(trip(NOW), "NoEvidence", 8n, NOW, 2_701n);
      setUptime(1n, NOW - 500n);
      expect(done(trip(NOW))).to.deep.equal({ level: 1n, until: NOW + 1_800n });
      setUptime(0n, NOW);
      expectRefused(trip(NOW + 499n), "AlreadyTripped", 1n, NOW + 1_800n);
      expectRefused(trip(NOW + 500n), "NoEvidence", 8n, NOW + 500n, NOW + 500n);
    });

    it("is unavailable where there is none", () => {
      const { breaker, market } = createGuarded({ sequencer: false });
      const trip = breaker.trip(NOW, market, "Sequencer", 0n);
      expectRefused(trip, "TriggerUnavailable", market, 8n);
    });
  });

  describe("the peg", () => {
    it("is lost below `depegBelow`, and while that is in force back at `pegAbove`", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      const at = (now: bigint, bps: bigint) => {
        say(scene, now, (PEG * bps) / 10_000n, COIN);
        return now;
      };
      const notice = breaker.notice(at(NOW, 9_700n), market, "Depeg");
      expectRefused(notice, "NoEvidence", 9n, 9_700n, 9_700n);
      done(breaker.notice(at(NOW + 1n, 9_699n), market, "Depeg"));
      const time = NOW + 1_801n;
      expectRefused(breaker.trip(time, market, "Depeg", 0n), "NoAgreement", 0n, 3n, 0n);
      done(breaker.trip(at(time, 9_699n), market, "Depeg", 0n));
      const back = breaker.trip(at(time + 1_800n, 9_850n), market, "Depeg", 0n);
      expectRefused(back, "NoEvidence", 9n, 9_850n, 9_850n);
      const end = done(breaker.trip(at(time + 1_801n, 9_849n), market, "Depeg", 0n)).until;
      expect(end).to.equal(time + 1_801n + HOUR);
      expect(breaker.require(market).depegUntil).to.equal(end);
      const over = breaker.trip(at(end, 9_849n), market, "Depeg", 0n);
      expectRefused(over, "NoEvidence", 9n, 9_849n, 9_700n);
    });

    it("is unavailable without a feed of the collateral", () => {
      const { breaker, hub, market } = createGuarded();
      done(breaker.setTokenFeed({ sender: RISK }, market, 0n));
      const notice = breaker.notice(NOW, market, "Depeg");
      expectRefused(notice, "TriggerUnavailable", market, 9n);
      const unit = { ...UNIT, priceExp: 3n, quorum: 3n, dailyVol: 0n };
      returnedBy(hub.createFeed(governed(), 9n, unit, []));
      const other = breaker.setTokenFeed({ sender: RISK }, market, 9n);
      expectRefused(other, "TokenFeedUnit", 9n, 3n);
    });
  });

  describe("a shortfall", () => {
    it("is proven by any part of what is owed, in ascending lists", () => {
      const scene = createGuarded();
      const { breaker, ledger, market, linear, inverse, alice, bob } = scene;
      const trip = (books: readonly bigint[], accounts: readonly bigint[]) =>
        breaker.tripShortfall(NOW, market, books, accounts);
      const both = alice < bob ? [alice, bob] : [bob, alice];
      expectRefused(trip([linear.book], both), "NoEvidence", 10n, 2_000n, 3_000n);
      expectRefused(trip([inverse.book], []), "ListInvalid", 0n);
      expectRefused(trip([linear.book, linear.book], []), "ListInvalid", 1n);
      expectRefused(trip([linear.book], both.toReversed()), "ListInvalid", 2n);
      ledger.world.tokens.get(linear.market.terms.token)?.balances.set(0x1ed9e7n, 1_999n);
      const found = trip([], both);
      expect(told(found)).to.deep.include(["Tripped", market, 10n, 2n, NOW + 6n * HOUR, 1n]);
      expectRefused(trip([], both), "AlreadyTripped", 2n, NOW + 6n * HOUR);
      // Later it is kept for when the halt is over.
      const later = breaker.tripShortfall(NOW + 1n, market, [], both);
      expect(done(later)).to.deep.equal({ level: 1n, until: NOW + 1n + 6n * HOUR });
      expect(breaker.require(market).level).to.equal(2n);
    });
  });

  describe("what is no evidence", () => {
    it("is refused, before anything is looked at", () => {
      const { breaker } = createGuarded();
      for (const [name, index] of [
        ["None", 0n],
        ["Shortfall", 10n],
        ["Guardian", 11n],
      ] as const) {
        expectRefused(breaker.trip(NOW, 1n, name, 0n), "TriggerUnavailable", 1n, index);
      }
    });

    it("leaves no trace", () => {
      const scene = createGuarded();
      const { breaker, market } = scene;
      tripSilent(scene, NOW, "NoVotes");
      const before = breaker.require(market);
      const again = breaker.trip(NOW + 1_200n, market, "NoVotes", 0n);
      expectRefused(again, "AlreadyTripped", 2n, NOW + 600n + HOUR);
      expect(breaker.require(market)).to.equal(before);
    });
  });
});

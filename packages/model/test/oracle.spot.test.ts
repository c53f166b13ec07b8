import { expect } from "chai";
import fc from "fast-check";
import {
  MAX_INT64,
  STATUS,
  VERDICT,
  bandOf,
  dispersionOf,
  halfWidth,
  sequencerStatus,
  sqrt,
} from "@certus/model";
import type { HubFeed, OracleHub, Quote, Round, UptimeReads } from "@certus/model";
import { biased } from "../../../test/helpers/arbitraries.ts";
import {
  FEED,
  HOUR,
  PRICE,
  SOURCE,
  START,
  VOTE,
  createHub,
  eventNames,
  eventsOf,
  readAll,
  reading,
  returnedBy,
} from "./helpers/sources.ts";

/** Cases of each property; `FUZZ_RUNS=160000` is the deep run. */
const RUNS = Number(process.env["FUZZ_RUNS"] ?? 4_000);
const DAY = 86_400n;

const prices = biased(1n, MAX_INT64);

function quoted(all: readonly bigint[]): readonly Quote[] {
  return all.map((price) => ({ price, age: 0n, confidence: 0n }));
}

/** Prices in percent of one price. */
function percent(value: bigint): bigint {
  return (PRICE * value) / 100n;
}

/** A feed of a quorum whose votes have just said these prices. */
function feedOf(quorum: bigint, said: readonly bigint[]): HubFeed {
  const votes = said.map((price, at) => {
    const seen = { price, time: START, seenAt: START, maxAge: 60n, confidence: 0n };
    const stands = { standing: 0n, since: 0n, agreement: 0n, form: 1n, index: BigInt(at) };
    return { classes: 1n << BigInt(at), store: { ...seen, ...stands } };
  });
  return { base: 1n, quote: 2n, priceExp: 0n, dailyVol: 0n, quorum, sources: [], votes };
}

describe("OracleHub: spot", () => {
  describe("band", () => {
    it("is the median and what f liars cannot move", () => {
      const { mid, lo, hi, faults } = bandOf(quoted([9n, 1n, 5n, 7n, 3n]), 3n, 0n);
      expect([mid, lo, hi, faults]).to.deep.equal([5n, 3n, 7n, 1n]);
      const wide = bandOf(quoted([9n, 1n, 5n, 7n, 3n]), 5n, 0n);
      expect([wide.mid, wide.lo, wide.hi, wide.faults]).to.deep.equal([5n, 5n, 5n, 2n]);
      const few = bandOf(quoted([4n, 1n]), 3n, 0n);
      expect([few.mid, few.lo, few.hi, few.faults]).to.deep.equal([2n, 1n, 4n, 0n]);
      expect(bandOf([], 3n, 500n)).to.include({ mid: 0n, low: 0n, high: 0n, faults: 0n });
    });

    it("is as wide as what is stated, what a day's volatility does in the age, and 5 bps", () => {
      expect(halfWidth(1_000_000n, 0n, 0n, 500n)).to.equal(500n);
      expect(halfWidth(1_000_001n, 0n, 0n, 500n)).to.equal(501n);
      expect(halfWidth(1_000_000n, 7n, 0n, 500n)).to.equal(700n);
      expect(halfWidth(1_000_001n, 7n, 0n, 500n)).to.equal(701n);
      // 5 % a day is half of it, 2.5 %, to each side after a day, and 1.25 % after a quarter of one.
      expect(halfWidth(1_000_000n, 7n, DAY, 500n)).to.equal(25_000n);
      expect(halfWidth(1_000_000n, 7n, DAY / 4n, 500n)).to.equal(12_500n);
      expect(halfWidth(1_000_000n, 0n, 60n, 1n)).to.equal(500n);
    });

    it("stays within the prices there are", () => {
      const top = bandOf(quoted([MAX_INT64, MAX_INT64, MAX_INT64]), 3n, 0n);
      expect(top.high).to.equal(MAX_INT64);
      const bottom = bandOf(quoted([1n, 1n, 1n]), 3n, 0n);
      expect([bottom.low, bottom.high]).to.deep.equal([1n, 2n]);
    });

    it("takes roots of integers", () => {
      fc.assert(
        fc.property(biased(0n, 1n << 80n), (n) => {
          const root = sqrt(n);
          expect(root * root <= n && n < (root + 1n) * (root + 1n)).to.equal(true);
        }),
      );
    });

    it("keeps mid, lo and hi within the honest votes' range, however far a minority lies", () => {
      const cases = fc.constantFrom(3, 5, 7).chain((quorum) =>
        fc.integer({ min: quorum, max: 8 }).chain((live) =>
          fc.integer({ min: 1, max: (quorum - 1) / 2 }).chain((liars) =>
            fc.record({
              quorum: fc.constant(BigInt(quorum)),
              honest: fc.array(prices, { minLength: live - liars, maxLength: live - liars }),
              lies: fc.array(prices, { minLength: liars, maxLength: liars }),
              confidence: fc.bigInt(0n, 300n),
              age: fc.bigInt(0n, 90_000n),
              dailyVol: fc.bigInt(0n, 10_000n),
            }),
          ),
        ),
      );
      fc.assert(
        fc.property(cases, ({ quorum, honest, lies, confidence, age, dailyVol }) => {
          const quotes = [...lies, ...honest].map((price) => ({ price, age, confidence }));
          const { mid, lo, hi, low, high } = bandOf(quotes, quorum, dailyVol);
          const least = honest.reduce((a, b) => (a < b ? a : b));
          const greatest = honest.reduce((a, b) => (a > b ? a : b));
          const within = [lo, mid, hi].every((price) => least <= price && price <= greatest);
          const ordered = 1n <= low && low <= lo && lo <= mid && mid <= hi && hi <= high;
          expect(within && ordered && high <= MAX_INT64).to.equal(true);
        }),
        { numRuns: RUNS },
      );
    });

    it("takes one liar of three or more, by any amount", () => {
      const votes = fc.array(prices, { minLength: 2, maxLength: 7 });
      fc.assert(
        fc.property(votes, prices, fc.nat(7), (honest, lie, at) => {
          const all = honest.toSpliced(at % (honest.length + 1), 0, lie);
          const { mid, lo, hi } = bandOf(quoted(all), 3n, 500n);
          const least = honest.reduce((a, b) => (a < b ? a : b));
          const greatest = honest.reduce((a, b) => (a > b ? a : b));
          const within = [lo, mid, hi].every((price) => least <= price && price <= greatest);
          expect(within).to.equal(true);
        }),
        { numRuns: RUNS },
      );
    });
  });

  describe("status", () => {
    const statusAt = (hub: OracleHub, now: bigint) => returnedBy(hub.spot(now, FEED)).status;
    const say = (hub: OracleHub, now: bigint, index: bigint, price: bigint) =>
      returnedBy(hub.update(now, FEED, index, reading(now, { price })));

    it("says that there is nothing, and nothing else about nothing", () => {
      const hub = createHub();
      say(hub, START, SOURCE.guard, PRICE);
      const status = STATUS.noPrice | STATUS.fewVotes | STATUS.notFresh;
      const none = { mid: 0n, low: 0n, high: 0n, live: 0n, faults: 0n, status };
      expect(returnedBy(hub.spot(START, FEED))).to.deep.equal(none);
      expect(Object.values(STATUS)).to.deep.equal([1n, 2n, 4n, 8n, 16n, 32n, 64n]);
    });

    it("counts live votes: young, not quarantined, no guards", () => {
      const hub = createHub();
      say(hub, START, SOURCE.guard, PRICE);
      say(hub, START, SOURCE.redStone, PRICE);
      say(hub, START, SOURCE.own, PRICE);
      expect(statusAt(hub, START)).to.equal(STATUS.fewVotes);
      say(hub, START, SOURCE.push, PRICE);
      expect(statusAt(hub, START)).to.equal(0n);
      expect(statusAt(hub, START + 60n)).to.equal(0n);
      expect(statusAt(hub, START + 61n)).to.equal(STATUS.notFresh);
      expect(statusAt(hub, START + HOUR)).to.equal(STATUS.notFresh);
      expect(statusAt(hub, START + HOUR + 1n)).to.equal(STATUS.fewVotes | STATUS.notFresh);
    });

    it("sees votes more than 1 % apart", () => {
      const hub = createHub();
      readAll(hub, START);
      say(hub, START + 1n, SOURCE.own, percent(101n));
      expect(statusAt(hub, START + 1n)).to.equal(0n);
      say(hub, START + 2n, SOURCE.own, percent(101n) + 1n);
      expect(statusAt(hub, START + 2n)).to.equal(STATUS.apart);
    });

    it("sees a guard more than 15 % off, while it is live", () => {
      const hub = createHub();
      readAll(hub, START);
      say(hub, START, SOURCE.guard, percent(115n));
      expect(statusAt(hub, START)).to.equal(0n);
      say(hub, START + 1n, SOURCE.guard, percent(85n) - 1n);
      expect(statusAt(hub, START + 1n)).to.equal(STATUS.guardApart);
      readAll(hub, START + 2n * HOUR);
      expect(statusAt(hub, START + 2n * HOUR)).to.equal(0n);
    });
  });

  describe("dispersion", () => {
    const votesAt = (hub: OracleHub, now: bigint, since = now) =>
      returnedBy(hub.dispersion(now, FEED, since)).votes;
    const say = (hub: OracleHub, now: bigint, index: bigint, price: bigint) =>
      returnedBy(hub.update(now, FEED, index, reading(now, { price })));

    it("gives the quorum, and is nothing where nobody but a guard has spoken", () => {
      const hub = createHub();
      say(hub, START, SOURCE.guard, PRICE);
      const { quorum, votes } = returnedBy(hub.dispersion(START, FEED, START));
      expect(quorum).to.equal(3n);
      expect(Object.values<bigint>({ ...votes })).to.deep.equal([0n, 0n, 0n, 0n, 0n, 0n]);
    });

    it("gives the lowest and the highest vote of this minute", () => {
      const hub = createHub();
      say(hub, START, SOURCE.redStone, percent(102n));
      say(hub, START + 1n, SOURCE.own, percent(99n));
      const [low, high] = [percent(99n), percent(102n)];
      const ends = { lowest: low, highest: high, coreLow: low, coreHigh: high };
      expect(votesAt(hub, START + 60n)).to.deep.equal({ seen: 2n, recent: 2n, ...ends });
      const one = { lowest: low, highest: low, coreLow: 0n, coreHigh: 0n };
      expect(votesAt(hub, START + 61n)).to.deep.equal({ seen: 2n, recent: 1n, ...one });
      expect(votesAt(hub, START + 62n).recent).to.equal(0n);
    });

    it("has a core of more than half the quorum, the nearest together and the lowest such ones", () => {
      const cores = fc
        .constantFrom(3n, 5n, 7n)
        .chain((quorum) =>
          fc.tuple(
            fc.constant(quorum),
            fc.array(fc.bigInt(1n, 40n), { minLength: 1, maxLength: 8 }),
          ),
        );
      fc.assert(
        fc.property(cores, (drawn) => {
          const [quorum, said] = drawn;
          const { coreLow, coreHigh } = dispersionOf(feedOf(quorum, said), START, START);
          const size = Number(quorum / 2n) + 1;
          const sorted = [...said].sort((a, b) => Number(a - b));
          const groups = sorted
            .slice(0, Math.max(0, said.length - size + 1))
            .map((low, at) => [low, sorted[at + size - 1] ?? 0n] as const);
          const narrowest = groups.toSorted(([a, b], [c, d]) => Number(b - a - (d - c)))[0];
          expect([coreLow, coreHigh]).to.deep.equal(narrowest ?? [0n, 0n]);
        }),
        { numRuns: RUNS },
      );
    });

    it("hears who was good at some time since, unless in quarantine", () => {
      const hub = createHub();
      say(hub, START, SOURCE.own, PRICE);
      expect(votesAt(hub, START + 9n * HOUR, START + HOUR).seen).to.equal(1n);
      expect(votesAt(hub, START + 9n * HOUR, START + HOUR + 1n).seen).to.equal(0n);
      for (const now of [START + HOUR, START + HOUR + 15n]) {
        say(hub, now, SOURCE.redStone, PRICE);
        say(hub, now, SOURCE.streams, PRICE);
        say(hub, now, SOURCE.own, percent(104n));
      }
      const { seen, recent, highest } = votesAt(hub, START + HOUR + 15n, 0n);
      expect([seen, recent, highest]).to.deep.equal([2n, 2n, PRICE]);
    });
  });

  describe("sequencer", () => {
    const round = (id: bigint, answer: bigint, startedAt: bigint): Round => ({
      roundId: (1n << 64n) | id,
      answer,
      startedAt,
      updatedAt: startedAt,
      answeredInRound: (1n << 64n) | id,
    });
    const feed = (...rounds: readonly Round[]): UptimeReads => ({
      latestRoundData: () => rounds.at(-1),
      getRoundData: (id) => rounds.find(({ roundId }) => roundId === id),
    });
    const { sequencerDown: down, sequencerGrace: grace } = STATUS;

    it("is down by its word, or when it says nothing usable", () => {
      const cases: readonly (readonly [UptimeReads | undefined, bigint])[] = [
        [undefined, 0n],
        [feed(), down],
        [feed(round(1n, 1n, START - 9_000n)), down],
        [feed(round(1n, 2n, START - 9_000n)), down],
        [feed(round(1n, 0n, 0n)), down],
        [feed(round(1n, 0n, START + 1n)), down],
        [feed({ ...round(1n, 0n, START - 9_000n), roundId: 1n << 80n }), down],
        [feed(round(1n, 0n, START - 9_000n)), 0n],
      ];
      for (const [uptime, status] of cases) expect(sequencerStatus(uptime, START)).to.equal(status);
      const hub = createHub(feed(round(1n, 1n, START)));
      readAll(hub, START);
      expect(returnedBy(hub.spot(START, FEED)).status).to.equal(down);
    });

    it("has a grace of the outage's length, within 300..2,700 s", () => {
      const after = (outage: bigint, up: bigint) => {
        const since = START - up;
        return sequencerStatus(feed(round(1n, 1n, since - outage), round(2n, 0n, since)), START);
      };
      expect([after(10n, 299n), after(10n, 300n)]).to.deep.equal([grace, 0n]);
      expect([after(1_000n, 999n), after(1_000n, 1_000n)]).to.deep.equal([grace, 0n]);
      expect([after(9_000n, 2_699n), after(9_000n, 2_700n)]).to.deep.equal([grace, 0n]);
      expect(after(10n, 0n)).to.equal(grace);
    });

    it("has the longest grace after an outage of unknown length", () => {
      const before = [
        [],
        [round(1n, 0n, START - 5_000n)],
        [round(1n, 1n, START + 9n)],
        [{ ...round(1n, 1n, START - 2_700n), answeredInRound: 1n << 80n }],
      ];
      for (const rounds of before) {
        const since = (up: bigint) => feed(...rounds, round(2n, 0n, START - up));
        expect(sequencerStatus(since(2_699n), START)).to.equal(grace);
        expect(sequencerStatus(since(2_700n), START)).to.equal(0n);
      }
      const first = { ...round(0n, 0n, START - 2_699n), roundId: 0n };
      expect(sequencerStatus(feed(first), START)).to.equal(grace);
    });
  });

  describe("quarantine", () => {
    const off = percent(103n) + 1n;
    const standing = (hub: OracleHub) => {
      const store = hub.feeds.get(FEED)?.votes[Number(VOTE.own)]?.store;
      return [store?.standing, store?.since, store?.agreement];
    };
    const judges = (hub: OracleHub, now: bigint) => {
      returnedBy(hub.update(now, FEED, SOURCE.redStone, reading(now)));
      returnedBy(hub.update(now, FEED, SOURCE.streams, reading(now)));
    };
    const say = (hub: OracleHub, now: bigint, price: bigint, seen = now) =>
      hub.update(now, FEED, SOURCE.own, reading(seen, { price }));
    const suspected = (at = START) => {
      const hub = createHub();
      judges(hub, at);
      returnedBy(say(hub, at, off));
      return hub;
    };
    /** In quarantine from START + 15 on. */
    const quarantined = () => {
      const hub = suspected();
      returnedBy(say(hub, START + 15n, off));
      return hub;
    };
    const BEGUN = START + 15n;

    it("follows a suspicion of 15 s", () => {
      const hub = suspected();
      expect(standing(hub)).to.deep.equal([1n, START, 0n]);
      expect(eventNames(say(hub, START + 14n, off))).to.deep.equal(["ReadingStored"]);
      expect(standing(hub)).to.deep.equal([1n, START, 0n]);
      const told = { feed: FEED, vote: VOTE.own, price: off, middle: PRICE };
      const [, event] = eventsOf(say(hub, START + 15n, off)) as readonly unknown[];
      expect(event).to.deep.equal(["VoteQuarantined", told]);
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 0n]);
      expect(returnedBy(hub.spot(BEGUN, FEED)).live).to.equal(2n);
      const { votes } = returnedBy(hub.report(BEGUN, FEED));
      expect(votes[Number(VOTE.own)]?.verdict).to.equal(VERDICT.quarantined);
    });

    it("does not follow a suspicion that a reading within 3 % ends", () => {
      const hub = suspected();
      expect(eventNames(say(hub, START + 20n, off - 1n))).to.deep.equal(["ReadingStored"]);
      expect(standing(hub)).to.deep.equal([0n, 0n, 0n]);
    });

    it("takes two judges seen within 60 s that agree, and a reading seen so too", () => {
      const clear = [0n, 0n, 0n];
      const unseen = createHub();
      judges(unseen, START);
      returnedBy(say(unseen, START + 61n, off));
      expect(standing(unseen)).to.deep.equal(clear);
      const seen = createHub();
      judges(seen, START);
      returnedBy(say(seen, START + 60n, off));
      expect(standing(seen)).to.deep.equal([1n, START + 60n, 0n]);
      const alone = createHub();
      returnedBy(alone.update(START, FEED, SOURCE.redStone, reading(START)));
      returnedBy(say(alone, START, off));
      expect(standing(alone)).to.deep.equal(clear);
      const split = createHub();
      judges(split, START);
      const other = reading(START + 1n, { price: percent(101n) + 1n });
      returnedBy(split.update(START + 1n, FEED, SOURCE.streams, other));
      returnedBy(say(split, START + 1n, off));
      expect(standing(split)).to.deep.equal(clear);
      const late = createHub();
      judges(late, START);
      returnedBy(say(late, START, off, START - 61n));
      expect(standing(late)).to.deep.equal(clear);
      returnedBy(say(late, START, off, START - 60n));
      expect(standing(late)).to.deep.equal([1n, START, 0n]);
    });

    it("is not for guards, nor do they judge", () => {
      const hub = createHub();
      judges(hub, START);
      for (const now of [START, START + 20n]) {
        const far = reading(now, { price: PRICE * 2n });
        expect(eventNames(hub.update(now, FEED, SOURCE.guard, far))).to.have.length(1);
      }
      expect(hub.feeds.get(FEED)?.votes[Number(VOTE.guard)]?.store?.standing).to.equal(0n);
      expect(returnedBy(hub.spot(START + 20n, FEED)).status & STATUS.guardApart).not.to.equal(0n);
      const alone = createHub();
      returnedBy(alone.update(START, FEED, SOURCE.redStone, reading(START)));
      returnedBy(alone.update(START, FEED, SOURCE.guard, reading(START)));
      returnedBy(say(alone, START, off));
      expect(standing(alone)).to.deep.equal([0n, 0n, 0n]);
    });

    it("ends after 600 s of agreement within 1 %, which one reading further off breaks", () => {
      const hub = quarantined();
      const agree = (after: bigint, price: bigint) => {
        judges(hub, BEGUN + after);
        return eventNames(say(hub, BEGUN + after, price));
      };
      expect(agree(100n, percent(101n))).to.deep.equal(["ReadingStored"]);
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 101n]);
      agree(200n, percent(101n) + 1n);
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 0n]);
      agree(300n, PRICE);
      agree(899n, PRICE);
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 301n]);
      expect(agree(900n, percent(99n))).to.deep.equal(["ReadingStored", "VoteReleased"]);
      expect(standing(hub)).to.deep.equal([0n, 0n, 0n]);
      expect(returnedBy(hub.spot(BEGUN + 900n, FEED)).live).to.equal(3n);
    });

    it("counts an agreement from the very second it began", () => {
      const hub = quarantined();
      judges(hub, BEGUN + 1n);
      returnedBy(say(hub, BEGUN + 1n, PRICE));
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 2n]);
    });

    it("ends after 24 h in any case; the next store writes it clear before it is judged", () => {
      const hub = quarantined();
      const end = BEGUN + DAY;
      const push = (now: bigint) =>
        hub.update(now, FEED, SOURCE.own, reading(now, { price: off, time: now }));
      judges(hub, end - 1n);
      expect(eventNames(push(end - 1n))).to.deep.equal(["ReadingStored"]);
      expect(returnedBy(hub.spot(end - 1n, FEED)).live).to.equal(2n);
      expect(returnedBy(hub.spot(end, FEED)).live).to.equal(3n);
      expect(standing(hub)).to.deep.equal([2n, BEGUN, 0n]);
      expect(eventNames(push(end))).to.deep.equal(["ReadingStored", "VoteReleased"]);
      expect(standing(hub)).to.deep.equal([1n, end, 0n]);
    });

    it("has ended a day after the last reading, whatever was said before", () => {
      const level = fc.constantFrom(100n, 100n, 100n, 101n, 96n, 104n, 150n);
      const wait = fc.oneof(fc.bigInt(0n, 70n), fc.bigInt(0n, 70n), fc.bigInt(0n, 50_000n));
      const round = fc.record({ wait, levels: fc.tuple(level, level, level) });
      let most = 0;
      fc.assert(
        fc.property(fc.array(round, { maxLength: 20, size: "max" }), (rounds) => {
          const hub = createHub();
          const held = (at: bigint) =>
            returnedBy(hub.report(at, FEED)).votes.filter(
              ({ verdict }) => verdict === VERDICT.quarantined,
            ).length;
          let now = START;
          for (const { wait, levels } of rounds) {
            now += wait;
            for (const [at, index] of [SOURCE.push, SOURCE.redStone, SOURCE.own].entries()) {
              const price = percent(levels[at] ?? 100n);
              hub.update(now, FEED, index, reading(now, { price }));
              most = Math.max(most, held(now));
            }
          }
          expect(held(now + DAY)).to.equal(0);
        }),
        { numRuns: Math.min(RUNS, 2_000) },
      );
      expect(most > 0, "votes were in quarantine").to.equal(true);
    });

    it("ends for whoever agrees again: 600 s and one reading after the first", () => {
      const waits = fc.array(fc.bigInt(1n, 60n), { minLength: 60, maxLength: 60 });
      const levels = fc.array(fc.bigInt(-100n, 100n), { minLength: 60, maxLength: 60 });
      fc.assert(
        fc.property(waits, levels, (steps, bps) => {
          const hub = quarantined();
          let now = BEGUN;
          let first: bigint | undefined;
          for (const [at, wait] of steps.entries()) {
            now += wait;
            judges(hub, now);
            returnedBy(say(hub, now, PRICE + (PRICE * (bps[at] ?? 0n)) / 10_000n));
            first ??= now;
            const held = standing(hub)[0] === 2n;
            expect(held).to.equal(now - first < 600n);
            if (!held) return;
          }
        }),
        { numRuns: 100 },
      );
    });
  });
});

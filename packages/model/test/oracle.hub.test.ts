import { expect } from "chai";
import {
  FORM_MAXIMAL,
  GUARD_CLASS,
  MAX_INT64,
  OracleHub,
  VERDICT,
  errorSelector,
  maximalForm,
  storeWord,
} from "@certus/model";
import type { FeedTerms, Reading, SourceTerms } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";
import {
  FEED,
  GOVERNOR,
  HOUR,
  PRICE,
  SOURCE,
  SOURCES,
  START,
  UNIT,
  VOTE,
  createHub,
  createWorld,
  eventNames,
  eventsOf,
  governed,
  readAll,
  reading,
  returnedBy,
  termsOf,
} from "./helpers/sources.ts";

const TERMS: FeedTerms = { ...UNIT, quorum: 3n, dailyVol: 500n };
const NEWCOMER = 0xb0n;
const DAY = 86_400n;

function withNewcomer(terms: SourceTerms): OracleHub {
  const hub = createHub();
  hub.world.sources.set(NEWCOMER, terms);
  return hub;
}

/** A hub in which a source of RedStone's vote is in shadow; its index is 5. */
function withShadow(): OracleHub {
  const hub = withNewcomer(termsOf(2n));
  expect(returnedBy(hub.addSource(governed(), FEED, NEWCOMER))).to.equal(5n);
  return hub;
}

/** Samples a source in shadow every five minutes from START on; answers the time after the last. */
function sample(hub: OracleHub, samples: number, price: (at: number) => bigint): bigint {
  let now = START;
  for (let at = 0; at < samples; at++, now += 300n) {
    readAll(hub, now);
    returnedBy(hub.update(now, FEED, 5n, reading(now, { price: price(at) })));
  }
  return now;
}

describe("OracleHub", () => {
  describe("createFeed", () => {
    it("numbers sources and votes as they come, all of them counting", () => {
      const hub = new OracleHub(createWorld());
      const added = [...SOURCES.keys()].map((source, index) => {
        const vote = [0n, 0n, 1n, 2n, 3n][index];
        return ["SourceAdded", { feed: FEED, index: BigInt(index), source, vote, voting: true }];
      });
      const outcome = hub.createFeed(governed(), FEED, TERMS, [...SOURCES.keys()]);
      expect(eventsOf(outcome)).to.deep.equal([
        ["FeedCreated", { feed: FEED, ...TERMS }],
        ...added,
      ]);
      const states = hub.feeds.get(FEED)?.sources.map(({ state }) => state);
      expect(states).to.deep.equal(["voting", "voting", "voting", "voting", "guard"]);
    });

    it("refuses in order", () => {
      const hub = createHub();
      const bad = { ...UNIT, quorum: 4n, priceExp: 19n, dailyVol: 10_001n };
      const create = (name: bigint, terms: FeedTerms) =>
        hub.createFeed(governed(), name, terms, []);
      const stranger = { now: START, sender: 5n };
      expectRefused(hub.createFeed(stranger, 0n, bad, []), "AccessManagedUnauthorized", 5n);
      expectRefused(create(0n, bad), "FeedNameZero");
      expectRefused(create(FEED, bad), "FeedExists", FEED);
      for (const quorum of [0n, 1n, 2n, 4n, 6n, 8n, 9n]) {
        expectRefused(create(8n, { ...bad, quorum }), "QuorumInvalid", quorum);
      }
      expectRefused(create(8n, { ...bad, quorum: 7n }), "FeedExpTooLarge", 19n, 18n);
      const volatile = { ...TERMS, dailyVol: 10_001n };
      expectRefused(create(8n, volatile), "DailyVolTooLarge", 10_001n, 10_000n);
      expect(create(8n, { ...TERMS, quorum: 5n, dailyVol: 10_000n }).ok).to.equal(true);
    });

    it("leaves nothing behind when one of its sources is refused", () => {
      const hub = new OracleHub(createWorld());
      const outcome = hub.createFeed(governed(), FEED, TERMS, [0xa0n, 0xa0n]);
      expectRefused(outcome, "SourceKnown", 0xa0n);
      expect(hub.feeds.size).to.equal(0);
    });
  });

  describe("addSource", () => {
    it("refuses in order", () => {
      const refuses = (terms: SourceTerms) =>
        withNewcomer(terms).addSource(governed(), FEED, NEWCOMER);
      const hub = createHub();
      const stranger = { now: START, sender: 5n };
      expectRefused(hub.addSource(stranger, 9n, NEWCOMER), "AccessManagedUnauthorized", 5n);
      expectRefused(hub.addSource(governed(), 9n, NEWCOMER), "FeedUnknown", 9n);
      expectRefused(hub.addSource(governed(), FEED, NEWCOMER), "SourceWithoutCode", NEWCOMER);
      const bad = termsOf(0n, { maxAge: 0n, maxAhead: 61n });
      expectRefused(refuses({ ...bad, base: 3n }), "UnitMismatch", 3n, 2n, 0n);
      expectRefused(refuses({ ...bad, quote: 3n }), "UnitMismatch", 1n, 3n, 0n);
      expectRefused(refuses({ ...bad, priceExp: 1n }), "UnitMismatch", 1n, 2n, 1n);
      expectRefused(refuses(bad), "MaxAgeInvalid", 0n, 90_000n);
      expectRefused(refuses({ ...bad, maxAge: 90_001n }), "MaxAgeInvalid", 90_001n, 90_000n);
      expectRefused(refuses({ ...bad, maxAge: 1n }), "MaxAheadTooLarge", 61n, 60n);
      expectRefused(refuses(termsOf(0n, { maxAhead: 60n })), "ClassesInvalid", 0n);
      const mixed = GUARD_CLASS | 16n;
      expectRefused(refuses(termsOf(mixed)), "ClassesInvalid", mixed);
      expectRefused(refuses(termsOf(6n)), "ClassesOverlap", 6n, 2n);
      expectRefused(refuses(termsOf(5n)), "ClassesOverlap", 5n, 1n);
      expectRefused(hub.addSource(governed(), FEED, 0xa0n), "SourceKnown", 0xa0n);
      expect(refuses(termsOf(48n, { maxAge: 90_000n })).ok).to.equal(true);
    });

    it("takes 32 sources and 8 votes at most, and says so before it knows the source", () => {
      const hub = createHub();
      const add = (address: bigint, classes: bigint) => {
        hub.world.sources.set(address, termsOf(classes));
        return hub.addSource(governed(), FEED, address);
      };
      for (let bit = 4n; bit < 8n; bit += 1n) returnedBy(add(0x100n + bit, 1n << bit));
      expectRefused(add(0x200n, 1n << 8n), "TooManyVotes", 8n);
      for (let at = 9n; at < 32n; at += 1n) returnedBy(add(0x200n + at, 1n));
      expectRefused(add(0x300n, 1n << 8n), "TooManySources", 32n);
      expectRefused(hub.addSource(governed(), FEED, 0xa0n), "TooManySources", 32n);
    });

    it("starts in shadow, but for a guard", () => {
      const hub = withShadow();
      const first = { feed: FEED, index: 6n, source: 0xb1n, vote: VOTE.guard, voting: true };
      hub.world.sources.set(0xb1n, termsOf(GUARD_CLASS));
      const guard = hub.addSource(governed(), FEED, 0xb1n);
      expect(eventsOf(guard)).to.deep.equal([["SourceAdded", first]]);
      hub.world.sources.set(0xb2n, termsOf(16n));
      const other = { feed: FEED, index: 7n, source: 0xb2n, vote: 4n, voting: false };
      expect(eventsOf(hub.addSource(governed(), FEED, 0xb2n))).to.deep.equal([
        ["SourceAdded", other],
      ]);
    });
  });

  describe("shadow", () => {
    it("takes a sample in 300 s, of an undegraded spot; the last price is kept in any case", () => {
      const hub = withShadow();
      const show = (now: bigint, price: bigint) =>
        hub.update(now, FEED, 5n, reading(now, { price }));
      const record = () => hub.feeds.get(FEED)?.sources[5]?.shadow;
      expect(eventNames(show(START, PRICE))).to.deep.equal([]);
      const seen = { first: 0n, last: 0n, samples: 0n, within: 0n, price: PRICE, time: START };
      expect(record()).to.deep.equal(seen);
      readAll(hub, START);
      const off = PRICE + PRICE / 100n + 1n;
      const sampled = { feed: FEED, index: 5n, price: off, mid: PRICE, within: false };
      expect(eventsOf(show(START + 1n, off))).to.deep.equal([["ShadowSampled", sampled]]);
      expect(eventNames(show(START + 30n, PRICE))).to.deep.equal([]);
      readAll(hub, START + 301n);
      const edge = { ...sampled, price: off - 1n, within: true };
      expect(eventsOf(show(START + 301n, off - 1n))).to.deep.equal([["ShadowSampled", edge]]);
      const [first, last] = [START + 1n, START + 301n];
      const shown = { first, last, samples: 2n, within: 1n, price: off - 1n, time: last };
      expect(record()).to.deep.equal(shown);
      expect(hub.feeds.get(FEED)?.votes[1]?.store?.index, "no store of it").to.equal(2n);
    });

    it("checks a reading like any other, but takes one of the same time again", () => {
      const hub = withShadow();
      const show = (changes: Partial<Reading>) =>
        hub.update(START, FEED, 5n, reading(START, changes));
      expectRefused(show({ price: 0n }), "PriceOutOfRange", 0n);
      expectRefused(show({ time: START - HOUR - 1n }), "ReadingTooOld", HOUR + 1n, HOUR);
      expect(show({ time: START - 5n }).ok && show({}).ok && show({}).ok).to.equal(true);
      expectRefused(show({ time: START - 1n }), "NotNewer", START - 1n, START);
    });

    it("ends with seven days, 500 samples and 99 of 100 within 1 %", function () {
      this.timeout(60_000);
      const hub = withShadow();
      const promote = (now: bigint) => hub.promote(now, FEED, 5n);
      expectRefused(promote(START), "ShadowUnproven", 0n, 0n, 0n);
      const off = PRICE + PRICE / 50n;
      const end = sample(hub, 499, (at) => (at < 5 ? off : PRICE));
      const week = START + 7n * DAY;
      expectRefused(promote(week), "ShadowUnproven", 7n * DAY, 499n, 494n);
      readAll(hub, end);
      returnedBy(hub.update(end, FEED, 5n, reading(end)));
      expectRefused(promote(week - 1n), "ShadowUnproven", 7n * DAY - 1n, 500n, 495n);
      expect(eventsOf(promote(week))).to.deep.equal([
        ["SourcePromoted", { feed: FEED, index: 5n }],
      ]);
      expectRefused(promote(week), "NotInShadow", 5n);
      const worse = withShadow();
      sample(worse, 500, (at) => (at < 6 ? off : PRICE));
      expectRefused(worse.promote(week, FEED, 5n), "ShadowUnproven", 7n * DAY, 500n, 494n);
    });

    it("is left by sources that are in it", () => {
      const hub = createHub();
      expectRefused(hub.promote(START, 9n, 0n), "FeedUnknown", 9n);
      expectRefused(hub.promote(START, FEED, 5n), "SourceUnknown", 5n);
      expectRefused(hub.promote(START, FEED, SOURCE.guard), "NotInShadow", SOURCE.guard);
    });
  });

  describe("disable", () => {
    const withFour = (): OracleHub => {
      const hub = new OracleHub(createWorld());
      hub.world.sources.set(NEWCOMER, termsOf(8n));
      returnedBy(hub.createFeed(governed(), FEED, TERMS, [...SOURCES.keys(), NEWCOMER]));
      readAll(hub, START);
      returnedBy(hub.update(START, FEED, 5n, reading(START)));
      return hub;
    };

    it("empties the store of the source, and ends it for good", () => {
      const hub = withFour();
      const retired = [["SourceRetired", { feed: FEED, index: 5n }]];
      expect(eventsOf(hub.disable(governed(), FEED, 5n))).to.deep.equal(retired);
      expect(hub.storeWords(FEED)[4]).to.equal(0n);
      expectRefused(hub.disable(governed(), FEED, 5n), "SourceDisabled", 5n);
      expectRefused(hub.update(START, FEED, 5n, reading(START)), "SourceDisabled", 5n);
      expectRefused(hub.promote(START, FEED, 5n), "SourceDisabled", 5n);
    });

    it("leaves a store that another source of the vote wrote", () => {
      const hub = withFour();
      const before = hub.storeWords(FEED);
      returnedBy(hub.disable(governed(), FEED, SOURCE.streams));
      expect(hub.storeWords(FEED)).to.deep.equal(before);
    });

    it("wants a quorum without it and a middle that stays", () => {
      const hub = withFour();
      expectRefused(
        hub.disable({ now: START, sender: 5n }, 9n, 9n),
        "AccessManagedUnauthorized",
        5n,
      );
      expectRefused(hub.disable(governed(), 9n, 9n), "FeedUnknown", 9n);
      expectRefused(hub.disable(governed(), FEED, 9n), "SourceUnknown", 9n);
      const late = governed(START + HOUR + 1n);
      expectRefused(hub.disable(late, FEED, 5n), "TooFewVotes", 1n, 3n);
      expectRefused(createHub().disable(governed(), FEED, 0n), "TooFewVotes", 0n, 3n);
      const now = START + 1n;
      const say = (index: bigint, price: bigint) =>
        returnedBy(hub.update(now, FEED, index, reading(now, { price })));
      // Prices of 1.00, 1.00, 1.01 and 1.01: without one of the higher the middle moves by just less than 0.5 %.
      say(SOURCE.own, PRICE + PRICE / 100n);
      say(5n, PRICE + PRICE / 100n + 2n);
      const mid = PRICE + PRICE / 200n;
      expect(returnedBy(hub.spot(now, FEED)).mid).to.equal(mid);
      expect(hub.disable(governed(now), FEED, SOURCE.own).ok).to.equal(true);
      const other = withFour();
      for (const [index, price] of [
        [SOURCE.own, PRICE + PRICE / 50n],
        [5n, PRICE + PRICE / 50n],
      ] as const) {
        returnedBy(other.update(now, FEED, index, reading(now, { price })));
      }
      const outcome = other.disable(governed(now), FEED, SOURCE.own);
      expectRefused(outcome, "SpotWouldMove", PRICE + PRICE / 100n, PRICE);
    });
  });

  describe("update", () => {
    it("lays the word out as documented", () => {
      const hub = createHub();
      const read = reading(START, { time: START - 7n, confidence: 300n, form: maximalForm(5n) });
      const stored = { feed: FEED, index: SOURCE.own, ...read };
      expect(eventsOf(hub.update(START, FEED, SOURCE.own, read))).to.deep.equal([
        ["ReadingStored", stored],
      ]);
      const time = START - 7n;
      const low = PRICE | (time << 64n) | (time << 104n) | (HOUR << 144n) | (300n << 168n);
      expect(hub.storeWords(FEED)[2]).to.equal(low | (3n << 177n) | (maximalForm(5n) << 182n));
      expect(storeWord(undefined)).to.equal(0n);
      const standing = { standing: 2n, since: START, agreement: 601n };
      const store = { ...read, seenAt: time, maxAge: HOUR, index: 3n, ...standing };
      const high = (2n << 204n) | (START << 206n) | (601n << 238n);
      expect(storeWord(store)).to.equal(low | (3n << 177n) | (maximalForm(5n) << 182n) | high);
    });

    it("says of a push source that it was seen now, of another at its time, never ahead", () => {
      const hub = createHub();
      const seen = (vote: bigint) => hub.feeds.get(FEED)?.votes[Number(vote)]?.store?.seenAt;
      returnedBy(hub.update(START, FEED, SOURCE.push, reading(START - 500n)));
      returnedBy(hub.update(START, FEED, SOURCE.own, reading(START - 500n)));
      returnedBy(hub.update(START, FEED, SOURCE.redStone, reading(START + 5n)));
      const all = [VOTE.chainlink, VOTE.own, VOTE.redStone].map(seen);
      expect(all).to.deep.equal([START, START - 500n, START]);
    });

    it("refuses in order", () => {
      const hub = createHub();
      const say = (changes: Partial<Reading>, index: bigint = SOURCE.own) =>
        hub.update(START, FEED, index, reading(START, changes));
      const failed = { reason: 0x12345678n };
      expectRefused(hub.update(START, 9n, 9n, failed), "FeedUnknown", 9n);
      expectRefused(hub.update(START, FEED, 9n, failed), "SourceUnknown", 9n);
      expectRefused(hub.update(START, FEED, SOURCE.own, failed), "ForeignCallFailed", 0xa3n);
      const bad = { price: 0n, time: START + 6n, confidence: 301n, form: FORM_MAXIMAL };
      expectRefused(say(bad), "PriceOutOfRange", 0n);
      const huge = MAX_INT64 + 1n;
      expectRefused(say({ ...bad, price: huge }), "PriceOutOfRange", huge);
      const priced = { ...bad, price: MAX_INT64 };
      expectRefused(say(priced), "ReadingFromFuture", START + 6n, START + 5n);
      const old = { ...priced, time: START - HOUR - 1n };
      expectRefused(say(old), "ReadingTooOld", HOUR + 1n, HOUR);
      expectRefused(say({ ...priced, time: START - HOUR }), "ConfidenceTooWide", 301n, 300n);
      const narrow = { ...priced, time: START + 5n, confidence: 300n };
      expectRefused(say(narrow), "FormInvalid", FORM_MAXIMAL);
      expectRefused(say({ ...narrow, form: 1n << 22n }), "FormInvalid", 1n << 22n);
      expect(say({ ...narrow, form: 1n }).ok).to.equal(true);
      expectRefused(say({ time: START + 4n }), "NotNewer", START + 4n, START + 5n);
    });

    it("takes an older reading of another source once the stored one counts no longer", () => {
      const hub = createHub();
      const say = (now: bigint, index: bigint, time: bigint) =>
        hub.update(now, FEED, index, reading(time));
      returnedBy(say(START, SOURCE.streams, START));
      expectRefused(say(START + HOUR, SOURCE.push, START - 1n), "NotNewer", START - 1n, START);
      expect(say(START + HOUR + 1n, SOURCE.push, START - 1n).ok).to.equal(true);
      expect(hub.feeds.get(FEED)?.votes[0]?.store?.index).to.equal(SOURCE.push);
    });

    it("takes what is newer: by time, by form, or a push source's word again", () => {
      const hub = createHub();
      const say = (index: bigint, changes: Partial<Reading> = {}) =>
        hub.update(START, FEED, index, reading(START, { form: 5n, ...changes }));
      const not = ["NotNewer", START, START] as const;
      returnedBy(say(SOURCE.own));
      expectRefused(say(SOURCE.own), ...not);
      expectRefused(say(SOURCE.own, { form: 4n }), ...not);
      expect(say(SOURCE.own, { form: 6n }).ok).to.equal(true);
      returnedBy(say(SOURCE.push));
      expect(say(SOURCE.push).ok).to.equal(true);
      expect(say(SOURCE.push, { price: PRICE + 1n }).ok).to.equal(true);
      expect(say(SOURCE.push, { form: 4n }).ok).to.equal(true);
      expect(say(SOURCE.push).ok).to.equal(true);
      expectRefused(say(SOURCE.streams), ...not);
      expect(say(SOURCE.streams, { form: 6n }).ok).to.equal(true);
      expectRefused(say(SOURCE.push, { form: 6n }), ...not);
    });
  });

  describe("poke", () => {
    it("reads push sources that vote or guard, and reports each that fails", () => {
      const hub = createHub();
      hub.world.sources.set(NEWCOMER, termsOf(1n, { push: true }));
      returnedBy(hub.addSource(governed(), FEED, NEWCOMER));
      const all = new Map([...Array(6).keys()].map((at) => [BigInt(at), reading(START)]));
      const outcome = hub.poke(START, FEED, all);
      expect(returnedBy(outcome)).to.equal(2n);
      const stored = [SOURCE.push, SOURCE.guard].map((index) => [
        "ReadingStored",
        { feed: FEED, index, ...reading(START) },
      ]);
      expect(eventsOf(outcome)).to.deep.equal(stored);
      const dropped = (reason: bigint, index: bigint) => [
        "ReadingDropped",
        { feed: FEED, index, reason },
      ];
      const failing = new Map([[SOURCE.push, { reason: 0xdeadbeefn }]]);
      expect(eventsOf(hub.poke(START, FEED, failing))).to.deep.equal([
        dropped(0xdeadbeefn, SOURCE.push),
        dropped(0n, SOURCE.guard),
      ]);
      expect(returnedBy(hub.poke(START, FEED, failing))).to.equal(0n);
      const back = new Map([...all.keys()].map((at) => [at, reading(START - 1n)]));
      const notNewer = errorSelector({ name: "NotNewer", args: [0n, 0n] });
      expect(notNewer >> 32n).to.equal(0n);
      expect(eventsOf(hub.poke(START, FEED, back))).to.deep.equal([
        dropped(notNewer, SOURCE.push),
        dropped(notNewer, SOURCE.guard),
      ]);
      expectRefused(hub.poke(START, 9n, all), "FeedUnknown", 9n);
    });

    it("leaves disabled sources alone", () => {
      const hub = createHub();
      readAll(hub, START);
      returnedBy(hub.update(START, FEED, SOURCE.streams, reading(START + 1n)));
      returnedBy(hub.disable(governed(), FEED, SOURCE.push));
      const outcome = hub.poke(START, FEED, new Map([[SOURCE.push, reading(START)]]));
      expect(eventNames(outcome)).to.deep.equal(["ReadingDropped"]);
    });
  });

  describe("report", () => {
    it("tells why each vote counts or not", () => {
      const hub = createHub();
      const verdicts = (now: bigint) =>
        returnedBy(hub.report(now, FEED)).votes.map(({ verdict }) => verdict);
      const { empty, stale, guard, used } = VERDICT;
      expect(verdicts(START)).to.deep.equal([empty, empty, empty, empty]);
      readAll(hub, START);
      returnedBy(hub.update(START, FEED, SOURCE.guard, reading(START)));
      expect(verdicts(START)).to.deep.equal([used, used, used, guard]);
      expect(verdicts(START + HOUR + 1n)).to.deep.equal([used, stale, stale, stale]);
      const { votes, ...spot } = returnedBy(hub.report(START, FEED));
      expect(spot).to.deep.equal(returnedBy(hub.spot(START, FEED)));
      expect(votes.map(({ classes }) => classes)).to.deep.equal([1n, 2n, 4n, GUARD_CLASS]);
      expectRefused(hub.report(START, 9n), "FeedUnknown", 9n);
      expectRefused(hub.spot(START, 9n), "FeedUnknown", 9n);
    });
  });

  it("lets nobody but the governor register", () => {
    const { authority } = createWorld();
    const names = Object.keys(authority).sort();
    expect(names).to.deep.equal(["addSource", "createFeed", "disable"]);
    expect(authority.disable.has(GOVERNOR)).to.equal(true);
  });
});

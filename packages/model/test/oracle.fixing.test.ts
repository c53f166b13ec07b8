import { expect } from "chai";
import {
  FLAG,
  FORM_MAXIMAL,
  LADDER,
  MAX_INT64,
  MAX_LEAD,
  MultiSourceSettlement,
  OracleHub,
  STATUS,
  decodeLane,
  encodeLane,
  fixingHeaderWord,
  fixingIdOf,
  laneOf,
  maximalForm,
  multiProfileOf,
  readLane,
} from "@certus/model";
import type { FixingKey, Round, UptimeReads } from "@certus/model";
import { expectRefused } from "./helpers/refusals.ts";
import {
  FEED,
  HOUR,
  LEAD,
  PRICE,
  SOURCE,
  START,
  T,
  UNIT,
  VOTE,
  VOTERS,
  best,
  createHub,
  createWorld,
  eventNames,
  eventsOf,
  governed,
  keyOf,
  lesser,
  openFixing,
  proof,
  proofs,
  readAll,
  reading,
  returnedBy,
  termsOf,
} from "./helpers/sources.ts";

const ALICE = 0xa11cen;
const DAY = 86_400n;
const [C1, C2, C3, C4] = [T + 2n * HOUR, T + 8n * HOUR, T + 26n * HOUR, T + 72n * HOUR];

function idOf({ feed, profile, expiry }: FixingKey): bigint {
  return fixingIdOf(feed, profile, expiry);
}

describe("MultiSourceSettlement", () => {
  describe("describe", () => {
    it("answers what feed and profile say", () => {
      const oracle = new MultiSourceSettlement(createHub());
      const [most] = [(1n << 112n) - 1n];
      const said = returnedBy(oracle.describe(FEED, multiProfileOf(2n, most)));
      expect(said).to.deep.equal({ priceExp: 0n, maxCeiling: most });
      expectRefused(oracle.describe(9n, (1n << 120n) | 3n), "ProfileDirty", (1n << 120n) | 3n);
      expectRefused(oracle.describe(9n, 3n), "ProfileKindUnknown", 3n);
      expectRefused(oracle.describe(9n, 2n), "ProfileWithoutCeiling", 2n);
      expectRefused(oracle.describe(9n, multiProfileOf(2n, 1n)), "FeedUnknown", 9n);
    });
  });

  describe("open", () => {
    it("keeps mark, time, sources and votes, without guards and shadows", () => {
      const hub = createHub();
      hub.world.sources.set(0xb0n, termsOf(2n));
      returnedBy(hub.addSource(governed(), FEED, 0xb0n));
      readAll(hub, START);
      const oracle = new MultiSourceSettlement(hub);
      const key = keyOf(1n);
      const opened = oracle.open(START + 60n, key);
      const fixing = idOf(key);
      expect(returnedBy(opened)).to.deep.equal({ fixing, mark: PRICE });
      const args = { fixing, ...key, mark: PRICE, sources: 0b1111n };
      expect(eventsOf(opened)).to.deep.equal([["FixingOpened", args]]);
      const low = (PRICE << 64n) | ((START + 60n) << 128n) | (0b1111n << 168n);
      expect(oracle.headerWord(key)).to.equal(low | (0b111n << 200n) | (0b001n << 208n));
      expect(oracle.laneWords(key).size).to.equal(0);
      expect(fixingHeaderWord(undefined)).to.equal(0n);
    });

    it("refuses in order, joining too", () => {
      const hub = createHub();
      const oracle = new MultiSourceSettlement(hub);
      const open = (now: bigint, changes: Partial<FixingKey> = {}) =>
        oracle.open(now, { ...keyOf(0n), ...changes });
      const bad = { feed: 9n, profile: 1n << 120n };
      expectRefused(open(T, bad), "FixingWindowOver", T, T);
      const far = START + MAX_LEAD;
      expectRefused(open(START, { ...bad, expiry: far + 1n }), "ExpiryTooFar", far + 1n, far);
      expectRefused(open(START, { ...bad, expiry: far }), "ProfileDirty", 1n << 120n);
      expectRefused(open(START, { feed: 9n, profile: 255n }), "ProfileKindUnknown", 255n);
      expectRefused(open(START, { feed: 9n, profile: 0n }), "ProfileWithoutCeiling", 0n);
      expectRefused(open(START, { feed: 9n }), "FeedUnknown", 9n);
      const { noPrice, fewVotes, notFresh } = STATUS;
      expectRefused(open(START), "SpotDegraded", FEED, noPrice | fewVotes | notFresh);
      readAll(hub, START);
      returnedBy(open(START));
      expectRefused(open(START + 61n), "SpotDegraded", FEED, notFresh);
    });

    it("joins by moving the mark and nothing else", () => {
      const { hub, oracle, key } = openFixing(1n);
      hub.world.sources.set(0xb0n, termsOf(8n));
      const before = oracle.price(key);
      const now = T - LEAD + 100n;
      readAll(hub, now, PRICE + 2n);
      const mark = PRICE + 2n;
      const refreshed = [["MarkRefreshed", { fixing: idOf(key), mark, markTime: now }]];
      const joined = oracle.open(now, key);
      expect(eventsOf(joined)).to.deep.equal(refreshed);
      expect(returnedBy(joined)).to.deep.equal({ fixing: idOf(key), mark });
      expect(oracle.price(key)).to.deep.equal({ ...before, mark, markTime: now });
      expect(eventsOf(oracle.open(now, key)), "again at the same time").to.deep.equal(refreshed);
    });
  });

  describe("refreshMark", () => {
    it("wants an open fixing, the rules of opening, and a later time", () => {
      const { hub, oracle, key } = openFixing(0n);
      const other = keyOf(1n);
      expectRefused(oracle.refreshMark(T, other), "FixingNotOpen", idOf(other));
      expectRefused(oracle.refreshMark(T, key), "FixingWindowOver", T, T);
      const opened = T - LEAD;
      expectRefused(oracle.refreshMark(opened, key), "MarkNotNewer", opened, opened);
      const stale = opened + 61n;
      expectRefused(oracle.refreshMark(stale, key), "SpotDegraded", FEED, STATUS.notFresh);
      readAll(hub, stale, PRICE - 1n);
      const outcome = oracle.refreshMark(stale, key);
      const args = { fixing: idOf(key), mark: PRICE - 1n, markTime: stale };
      expect(eventsOf(outcome)).to.deep.equal([["MarkRefreshed", args]]);
      expect(returnedBy(outcome)).to.equal(PRICE - 1n);
    });
  });

  describe("lanes", () => {
    it("keep the greater form, then the lower price", () => {
      const lane = encodeLane({ price: PRICE, form: 5n });
      expect(lane).to.equal((5n << 63n) | (MAX_INT64 - PRICE));
      expect(decodeLane(lane)).to.deep.equal({ price: PRICE, form: 5n });
      expect(decodeLane(0n)).to.equal(undefined);
      expect(encodeLane({ price: PRICE - 1n, form: 5n }) > lane).to.equal(true);
      expect(encodeLane({ price: MAX_INT64, form: 6n }) > lane).to.equal(true);
      const widest = encodeLane({ price: 1n, form: (1n << 22n) - 1n });
      expect(widest >> 85n).to.equal(0n);
    });

    it("sit three in a word, by vote and then by slot", () => {
      const { oracle, key } = openFixing(1n);
      const given = [
        proof(SOURCE.streams, 0n, best(PRICE)),
        proof(SOURCE.streams, 2n, best(PRICE + 2n)),
        proof(SOURCE.redStone, 0n, lesser(PRICE + 7n, 9n)),
        proof(SOURCE.own, 6n, best(PRICE + 20n)),
      ];
      returnedBy(oracle.submit(T + 1n, key, given, ALICE));
      const at = (price: bigint, shift: bigint, form = maximalForm(1n)) =>
        encodeLane({ price, form }) << shift;
      expect([...oracle.laneWords(key)]).to.deep.equal([
        [0n, at(PRICE, 0n) | at(PRICE + 2n, 170n)],
        [2n, at(PRICE + 7n, 85n, 9n)],
        [6n, at(PRICE + 20n, 170n)],
      ]);
      const words = new Map(oracle.laneWords(key));
      expect(readLane(words, laneOf(VOTE.own, 6n, 7n))).to.equal(at(PRICE + 20n, 0n));
    });
  });

  describe("submit", () => {
    it("tells what changes a lane, and only that", () => {
      const { oracle, key } = openFixing(0n);
      const submit = (price: bigint, rank: bigint) =>
        oracle.submit(T + 1n, key, [proof(SOURCE.own, 0n, lesser(price, rank))], ALICE);
      const args = { fixing: idOf(key), vote: VOTE.own, slot: 0n, beneficiary: ALICE };
      const accepted = (price: bigint, form: bigint) => [
        ["ValueAccepted", { ...args, price, form }],
      ];
      expect(eventsOf(submit(PRICE, 5n))).to.deep.equal(accepted(PRICE, 5n));
      expect(eventsOf(submit(PRICE, 5n))).to.deep.equal([]);
      expect(eventsOf(submit(1n, 4n))).to.deep.equal([]);
      expect(eventsOf(submit(PRICE + 1n, 5n))).to.deep.equal([]);
      expect(eventsOf(submit(PRICE - 1n, 5n))).to.deep.equal(accepted(PRICE - 1n, 5n));
      expect(eventsOf(submit(MAX_INT64, 6n))).to.deep.equal(accepted(MAX_INT64, 6n));
    });

    it("takes a push value as maximal only where nothing better is beside it", () => {
      const { oracle, key } = openFixing(0n);
      const form = maximalForm(3n);
      const given = [proof(SOURCE.push, 0n, { price: PRICE, form })];
      const [[, args] = []] = eventsOf(oracle.submit(T + 1n, key, given, ALICE)) as [unknown[]];
      expect(args).to.include({ form: 3n });
      const hub = new OracleHub(createWorld());
      hub.world.sources.set(0xa1n, termsOf(1n, { push: true }));
      const terms = { ...UNIT, quorum: 3n, dailyVol: 500n };
      returnedBy(hub.createFeed(governed(), FEED, terms, [0xa0n, 0xa1n, 0xa2n, 0xa3n]));
      readAll(hub, T - LEAD);
      const alone = new MultiSourceSettlement(hub);
      returnedBy(alone.open(T - LEAD, key));
      const [[, kept] = []] = eventsOf(alone.submit(T + 1n, key, given, ALICE)) as [unknown[]];
      expect(kept).to.include({ form });
    });

    it("refuses in order", () => {
      const { oracle, key } = openFixing(1n);
      const submit = (now: bigint, index: bigint, slot: bigint, value = best(0n)) =>
        oracle.submit(now, key, [proof(index, slot, value)], ALICE);
      const other = keyOf(2n);
      expectRefused(oracle.submit(T, other, [], ALICE), "FixingNotOpen", idOf(other));
      expectRefused(submit(C3, 9n, 9n), "FixingWindowOver", C3, C3);
      for (const index of [SOURCE.guard, 5n, 255n]) {
        expectRefused(submit(T, index, 9n), "SourceNotInFixing", index);
      }
      expectRefused(submit(T, SOURCE.own, 7n), "SlotUnknown", 7n, 7n);
      expectRefused(submit(T, SOURCE.own, 0n), "TooEarlyToFix", T, T + 1n);
      const first = T - 1_800n;
      expectRefused(submit(first, SOURCE.own, 6n), "TooEarlyToFix", first, first + 1n);
      const failed = [proof(SOURCE.own, 6n, { reason: 1n })];
      expectRefused(oracle.submit(first + 1n, key, failed, ALICE), "ForeignCallFailed", 0xa3n);
      expectRefused(submit(T, SOURCE.own, 6n), "ValueOutOfRange", 0n);
      const huge = best(MAX_INT64 + 1n);
      expectRefused(submit(T, SOURCE.own, 6n, huge), "ValueOutOfRange", MAX_INT64 + 1n);
      for (const form of [0n, FORM_MAXIMAL, 1n << 22n]) {
        expectRefused(submit(T, SOURCE.own, 6n, { price: 1n, form }), "ValueFormInvalid", form);
      }
      expect(submit(first + 1n, SOURCE.own, 6n, best(1n)).ok).to.equal(true);
    });

    it("keeps nothing of a call that is refused", () => {
      const { oracle, key } = openFixing(1n);
      const given = [proof(SOURCE.own, 1n, best(PRICE)), proof(SOURCE.own, 7n, best(PRICE))];
      expectRefused(oracle.submit(T, key, given, ALICE), "SlotUnknown", 7n, 7n);
      expect(oracle.laneWords(key).size).to.equal(0);
    });

    it("keeps the sources of the opening, whatever the hub does", () => {
      const { hub, oracle, key } = openFixing(0n);
      hub.world.sources.set(0xb0n, termsOf(8n));
      returnedBy(hub.addSource(governed(), FEED, 0xb0n));
      const now = T - LEAD;
      returnedBy(hub.update(now, FEED, SOURCE.streams, reading(now, { form: maximalForm(2n) })));
      returnedBy(hub.disable(governed(now), FEED, SOURCE.push));
      const disabled = [proof(SOURCE.push, 0n, best(PRICE))];
      expect(eventNames(oracle.submit(T + 1n, key, disabled, 0n))).to.have.length(1);
      const added = [proof(5n, 0n, best(PRICE))];
      expectRefused(oracle.submit(T + 1n, key, added, 0n), "SourceNotInFixing", 5n);
    });
  });

  describe("fix", () => {
    const complete = proofs(VOTERS, 1n, () => best(PRICE));

    it("ends early when every vote is maximal, and answers the price from then on", () => {
      const { oracle, key } = openFixing(0n);
      expectRefused(oracle.fix(T, key), "TooEarlyToFix", T, C1);
      expectRefused(oracle.fix(T + 1n, key, complete.slice(1)), "TooEarlyToFix", T + 1n, C1);
      expect(oracle.laneWords(key).size, "nothing was kept").to.equal(0);
      const outcome = oracle.fix(T + 1n, key, complete);
      expect(returnedBy(outcome)).to.equal(PRICE);
      const settled = { fixing: idOf(key), price: PRICE, step: LADDER.f0, flags: 0n };
      expect((eventsOf(outcome) as unknown[]).at(-1)).to.deep.equal(["PriceSettled", settled]);
      expect(eventNames(outcome).slice(0, 3)).to.deep.equal(Array(3).fill("ValueAccepted"));
      expect(oracle.price(key)).to.include({ price: PRICE, step: LADDER.f0, stage: 0n });
      expect(oracle.headerWord(key) >> 224n).to.equal(LADDER.f0 << 4n);
      const failing = [proof(99n, 99n, { reason: 0n })];
      expect(eventsOf(oracle.fix(T + 2n, key, failing))).to.deep.equal([]);
      expect(returnedBy(oracle.fix(C4, key, failing))).to.equal(PRICE);
      expectRefused(oracle.submit(C4, key, [], ALICE), "FixingFinal", PRICE);
      expectRefused(oracle.noteOutage(C2, key), "FixingFinal", PRICE);
    });

    it("gives what fix brings no beneficiary", () => {
      const { oracle, key } = openFixing(0n);
      const [[, args] = []] = eventsOf(oracle.fix(T + 1n, key, complete)) as [unknown[]];
      expect(args).to.include({ beneficiary: 0n });
    });

    it("closes what is due first: a price that comes of it needs no proof and takes none", () => {
      const { oracle, key } = openFixing(0n);
      const strong = proofs(VOTERS, 1n, (_, source) => lesser(PRICE + source));
      returnedBy(oracle.submit(T + 1n, key, strong, ALICE));
      expectRefused(oracle.fix(C1 - 1n, key), "TooEarlyToFix", C1 - 1n, C1);
      expectRefused(oracle.submit(C1, key, [], ALICE), "FixingFinal", PRICE + 2n);
      const late = [proof(SOURCE.own, 0n, best(PRICE * 2n))];
      expect(returnedBy(oracle.fix(C1, key, late))).to.equal(PRICE + 2n);
      expect(oracle.price(key)).to.include({ step: LADDER.f1, stage: 0n });
    });

    it("counts closings without a price, and looks at what was in at each", () => {
      const { oracle, key } = openFixing(0n);
      const one = [proof(SOURCE.own, 0n, best(PRICE))];
      const closed = oracle.submit(C1, key, one, ALICE);
      expect(eventNames(closed)).to.deep.equal(["WindowClosed", "ValueAccepted"]);
      expect(oracle.price(key)).to.include({ stage: 1n });
      const rest = VOTERS.slice(0, 2).map((source) => proof(source, 0n, best(PRICE)));
      const second = eventsOf(oracle.submit(C2, key, rest, ALICE)) as unknown[];
      const stage = { fixing: idOf(key), stage: 2n };
      expect(second[0]).to.deep.equal(["WindowClosed", stage]);
      expectRefused(oracle.fix(C3 - 1n, key), "TooEarlyToFix", C3 - 1n, C3);
      const end = oracle.fix(C3, key);
      expect(eventNames(end)).to.deep.equal(["PriceSettled"]);
      expect(oracle.price(key)).to.include({ step: LADDER.f3, stage: 2n });
    });

    it("closes all that is due in one call", () => {
      const { oracle, key } = openFixing(0n);
      expectRefused(oracle.fix(C4 - 1n, key), "TooEarlyToFix", C4 - 1n, C4);
      const end = oracle.fix(C4, key);
      const names = ["WindowClosed", "WindowClosed", "WindowClosed", "PriceSettled"];
      expect(eventNames(end)).to.deep.equal(names);
      expect(oracle.price(key)).to.include({ price: PRICE, step: LADDER.f4, stage: 3n });
    });

    it("waits for C2 when something speaks against the number", () => {
      const { oracle, key } = openFixing(0n);
      const off = PRICE + (PRICE * 3n) / 100n + 1n;
      returnedBy(
        oracle.submit(
          T + 1n,
          key,
          proofs(VOTERS, 1n, () => best(off)),
          ALICE,
        ),
      );
      expectRefused(oracle.fix(T + 1n, key), "TooEarlyToFix", T + 1n, C1);
      expectRefused(oracle.fix(C1, key), "TooEarlyToFix", C1, C2);
      const settled = { fixing: idOf(key), price: off, step: LADDER.f1, flags: FLAG.mark };
      expect((eventsOf(oracle.fix(C2, key)) as unknown[]).at(-1)).to.deep.equal([
        "PriceSettled",
        settled,
      ]);
    });

    it("still ends early between C1 and C2, not after", () => {
      const early = openFixing(0n);
      returnedBy(early.oracle.submit(C1, early.key, [], ALICE));
      returnedBy(early.oracle.fix(C2 - 1n, early.key, complete));
      expect(early.oracle.price(early.key)).to.include({ step: LADDER.f0, stage: 1n });
      const { oracle, key } = openFixing(0n);
      expectRefused(oracle.fix(C2, key, complete), "TooEarlyToFix", C2, C3);
    });

    it("refuses what is not open", () => {
      const { oracle } = openFixing(0n);
      expectRefused(oracle.fix(C4, keyOf(1n)), "FixingNotOpen", idOf(keyOf(1n)));
    });
  });

  describe("noteOutage", () => {
    const round = (id: bigint, answer: bigint, startedAt: bigint): Round => ({
      roundId: id,
      answer,
      startedAt,
      updatedAt: startedAt,
      answeredInRound: id,
    });
    /** A fixing of seven samples beside an uptime feed that can be changed. */
    const scene = () => {
      const rounds = [round(1n, 0n, START - 9_000n)];
      const uptime: UptimeReads = {
        latestRoundData: () => rounds.at(-1),
        getRoundData: (id) => rounds.find(({ roundId }) => roundId === id),
      };
      const { oracle, key } = openFixing(1n, { uptime });
      return { rounds, oracle, key, note: (now: bigint) => oracle.noteOutage(now, key) };
    };
    const FIRST = T - 1_800n;

    it("moves the closings to come by a day, once", () => {
      const { rounds, oracle, key, note } = scene();
      rounds.push(round(2n, 1n, FIRST - 50n), round(3n, 0n, FIRST + 1n));
      const outcome = note(FIRST + 1n);
      const noted = { fixing: idOf(key), since: FIRST + 1n };
      expect(eventsOf(outcome)).to.deep.equal([["OutageNoted", noted]]);
      expect(oracle.headerWord(key) >> 232n).to.equal(1n);
      expectRefused(note(FIRST + 1n), "OutageKnown", idOf(key));
      expectRefused(oracle.fix(C1, key), "TooEarlyToFix", C1, C1 + DAY);
      const late = [proof(SOURCE.own, 0n, best(PRICE))];
      expect(oracle.submit(C3 + DAY - 1n, key, late, ALICE).ok).to.equal(true);
      const over = C3 + DAY;
      expect(returnedBy(oracle.fix(over, key))).to.equal(PRICE);
      const empty = scene();
      empty.rounds.push(round(2n, 1n, FIRST));
      returnedBy(empty.note(T));
      const ended = empty.oracle.submit(over, empty.key, [], ALICE);
      expectRefused(ended, "FixingWindowOver", over, over);
    });

    it("leaves closings that are due where they are", () => {
      const { rounds, oracle, key, note } = scene();
      rounds.push(round(2n, 1n, T));
      expect(eventNames(note(C1))).to.deep.equal(["WindowClosed", "OutageNoted"]);
      expect(oracle.price(key)).to.include({ stage: 1n, prolonged: true });
      expectRefused(oracle.fix(C2, key), "TooEarlyToFix", C2, C2 + DAY);
    });

    it("refuses in order", () => {
      const { rounds, oracle, note } = scene();
      expectRefused(oracle.noteOutage(T, keyOf(0n)), "FixingNotOpen", idOf(keyOf(0n)));
      expectRefused(note(FIRST), "TooEarlyToFix", FIRST, FIRST + 1n);
      expectRefused(note(C3), "FixingWindowOver", C3, C3);
      const none = [
        [[round(1n, 0n, START)], START],
        [[round(1n, 0n, FIRST + 1n)], FIRST + 1n],
        [[round(1n, 0n, START), round(2n, 0n, FIRST + 1n)], FIRST + 1n],
        [[round(1n, 1n, START), round(2n, 0n, FIRST)], FIRST],
        [[round(1n, 1n, START), round(2n, 0n, T + 2n)], T + 2n],
        [[round(1n, 1n, FIRST + 2n), round(2n, 0n, FIRST + 1n)], FIRST + 1n],
        [[{ ...round(1n, 1n, START), answeredInRound: 1n << 80n }], 0n],
        [[], 0n],
      ] as const;
      for (const [said, since] of none) {
        rounds.splice(0, rounds.length, ...said);
        expectRefused(note(T + 1n), "NoOutage", since);
      }
      rounds.push(round(1n, 1n, START));
      expect(note(T + 1n).ok).to.equal(true);
      const without = openFixing(1n);
      expectRefused(without.oracle.noteOutage(T, without.key), "NoOutage", 0n);
    });
  });

  describe("succession", () => {
    const HEIR = 5n;
    const EXPIRY = START + 40n * DAY;
    const key = { ...keyOf(0n), expiry: EXPIRY };
    const id = fixingIdOf(key.feed, key.profile, key.expiry);

    /** A fixing whose own signers fall silent, and a proven source of theirs in shadow; 7 d and 300 s later. */
    const scene = () => {
      const hub = createHub();
      const quiet = SOURCE.own;
      readAll(hub, START);
      const oracle = new MultiSourceSettlement(hub);
      returnedBy(oracle.open(START, key));
      hub.world.sources.set(0xb0n, termsOf(4n, { maxAge: 1_000n }));
      hub.world.sources.set(0xb1n, termsOf(8n));
      returnedBy(hub.addSource(governed(), FEED, 0xb0n));
      returnedBy(hub.addSource(governed(), FEED, 0xb1n));
      const live = [SOURCE.push, SOURCE.redStone];
      let now = START;
      for (let at = 0; at <= 2_016; at++, now += 300n) {
        for (const index of live) returnedBy(hub.update(now, FEED, index, reading(now + 1n)));
        // A store of the vote keeps the quorum while the samples are taken; nobody else reads it.
        if (at <= 500) returnedBy(hub.update(now, FEED, quiet, reading(now + 1n)));
        if (at <= 500 || at === 2_016) returnedBy(hub.update(now, FEED, HEIR, reading(now)));
      }
      return { hub, oracle, now: now - 300n, quietSince: START + 500n * 300n + 1n };
    };

    it("puts a proven source of the vote in the place of its silent ones", () => {
      const { hub, oracle, now } = scene();
      const proposed = { fixing: id, vote: VOTE.own, index: HEIR };
      expect(eventsOf(oracle.proposeSuccessor(now, key, HEIR))).to.deep.equal([
        ["SuccessorProposed", proposed],
      ]);
      const known = now + 14n * DAY - 1n;
      expectRefused(oracle.proposeSuccessor(now, key, HEIR), "SuccessorKnown", HEIR);
      expectRefused(oracle.proposeSuccessor(known, key, HEIR), "SuccessorKnown", HEIR);
      const from = now + 7n * DAY;
      const confirm = (at: bigint) => oracle.confirmSuccessor(at, key, HEIR);
      expectRefused(confirm(from - 1n), "TooEarlyToFix", from - 1n, from);
      expectRefused(confirm(from), "SuccessorSilent", 7n * DAY, 1_000n);
      expectRefused(confirm(known + 1n), "NoSuccessor", HEIR);
      expectRefused(oracle.confirmSuccessor(from, key, 6n), "NoSuccessor", 6n);
      returnedBy(hub.update(from, FEED, HEIR, reading(from)));
      const before = oracle.price(key);
      expect(eventsOf(confirm(from))).to.deep.equal([["SuccessorConfirmed", proposed]]);
      const sources = 0b100111n;
      expect(oracle.price(key)).to.deep.equal({ ...before, sources, succeeded: 0b100n });
      expectRefused(confirm(from), "VoteNotOpenToSuccession", VOTE.own);
      const silent = [proof(SOURCE.own, 0n, best(PRICE))];
      const after = EXPIRY + 1n;
      expectRefused(oracle.submit(after, key, silent, 0n), "SourceNotInFixing", SOURCE.own);
      const given = [SOURCE.streams, SOURCE.redStone, HEIR].map((index) =>
        proof(index, 0n, best(PRICE)),
      );
      expect(returnedBy(oracle.fix(after, key, given))).to.equal(PRICE);
    });

    it("may be proposed anew when 14 days are over", () => {
      const { hub, oracle, now } = scene();
      returnedBy(oracle.proposeSuccessor(now, key, HEIR));
      const again = now + 14n * DAY;
      returnedBy(hub.update(again, FEED, HEIR, reading(again)));
      expect(eventNames(oracle.proposeSuccessor(again, key, HEIR))).to.have.length(1);
    });

    it("refuses in order", () => {
      const { hub, oracle, now, quietSince } = scene();
      const propose = (at: bigint, index: bigint) => oracle.proposeSuccessor(at, key, index);
      const other = keyOf(0n);
      const { profile } = other;
      const closed = fixingIdOf(FEED, profile, T);
      expectRefused(oracle.proposeSuccessor(now, other, HEIR), "FixingNotOpen", closed);
      expectRefused(oracle.confirmSuccessor(now, other, HEIR), "FixingNotOpen", closed);
      const latest = EXPIRY - DAY;
      expectRefused(propose(latest + 1n, 99n), "TooLateToSucceed", latest + 1n, latest);
      expectRefused(propose(latest, 99n), "SourceUnknown", 99n);
      expectRefused(propose(now, 6n), "VoteNotOpenToSuccession", 4n);
      expectRefused(propose(now, SOURCE.guard), "VoteNotOpenToSuccession", VOTE.guard);
      const alive = quietSince + 3n * DAY - 1n;
      expectRefused(propose(alive, HEIR), "VoteAlive", VOTE.own, quietSince);
      expectRefused(propose(now, SOURCE.own), "SuccessorUnproven", SOURCE.own);
      expectRefused(propose(alive + 1n, HEIR), "SuccessorUnproven", HEIR);
      expectRefused(propose(now + 1_001n, HEIR), "SuccessorSilent", 1_001n, 1_000n);
      const off = PRICE + (PRICE * 3n) / 100n + 1n;
      returnedBy(hub.update(now, FEED, HEIR, reading(now, { price: off })));
      expectRefused(propose(now, HEIR), "SuccessorOffMark", off, PRICE);
      returnedBy(hub.update(now, FEED, HEIR, reading(now, { price: off - 1n })));
      expect(propose(now, HEIR).ok).to.equal(true);
    });

    it("clears the demotion of the vote", () => {
      const { hub, oracle } = scene();
      hub.world.sources.set(0xb2n, termsOf(1n));
      const fixing = oracle.price(key);
      expect(fixing?.demoted).to.equal(1n);
      const now = START + 20n * DAY;
      returnedBy(hub.addSource(governed(), FEED, 0xb2n));
      const feed = hub.requireFeed(FEED);
      const shadow = { first: START, last: now, samples: 600n, within: 600n };
      const sources = feed.sources.with(7, {
        address: 0xb2n,
        terms: termsOf(1n),
        vote: VOTE.chainlink,
        state: "shadow",
        shadow: { ...shadow, price: PRICE, time: now },
      });
      hub.feeds.set(FEED, { ...feed, sources });
      returnedBy(oracle.proposeSuccessor(now, key, 7n));
      const record = { ...shadow, price: PRICE, time: now + 7n * DAY };
      const heir = sources[7];
      if (heir === undefined) throw new Error("no heir");
      hub.feeds.set(FEED, { ...feed, sources: sources.with(7, { ...heir, shadow: record }) });
      returnedBy(oracle.confirmSuccessor(now + 7n * DAY, key, 7n));
      const after = { sources: 0b10001100n, demoted: 0n, succeeded: 1n, votes: 0b111n };
      expect(oracle.price(key)).to.include(after);
    });
  });
});

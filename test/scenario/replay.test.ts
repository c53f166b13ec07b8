import { expect } from "chai";

import type { EngineEvent } from "../../scripts/demo/events.ts";
import { expiriesOf, replayHistory } from "../../scripts/demo/history.ts";
import { silence, walk } from "../../scripts/demo/series.ts";
import type { Round } from "../../scripts/demo/series.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const WEEK = 7n * DAY;
/** Friday 2026-01-02 08:00 UTC, and the three after it. */
const START = 1_767_340_800n;
const [FIRST, SECOND, THIRD] = [START + WEEK, START + 2n * WEEK, START + 3n * WEEK] as const;
const HISTORY = walk({ start: START, price: 2_500, hours: 22 * 24, vol: 0.9, seed: 3 });

/** Everything but the rounds, as `kind expiry` in days from the start. */
async function run(rounds: readonly Round[], expiries: readonly bigint[], roundsPerChain = 10_000) {
  const events: EngineEvent[] = [];
  const notify = (event: EngineEvent) => void events.push(event);
  const input = { rounds, expiries, period: WEEK, roundsPerChain, notify };
  return { summary: await replayHistory(input), events };
}

function only<K extends EngineEvent["kind"]>(events: readonly EngineEvent[], kind: K) {
  return events.filter((event): event is Extract<EngineEvent, { kind: K }> => event.kind === kind);
}

describe("replaying a price history", () => {
  describe("when the feed never falls silent", () => {
    it("opens, trades, fixes, settles and pays every book at its time", async () => {
      const { summary, events } = await run(HISTORY, [FIRST, SECOND, THIRD]);
      expect(summary.faults).to.deep.equal([]);
      expect(summary.refusals).to.deep.equal({});
      expect(summary).to.include({
        expiries: 3,
        books: 6,
        orders: 12,
        booksShort: 0,
        settledStale: 0,
      });
      expect(only(events, "opened").map(({ at }) => at)).to.deep.equal([START, FIRST, SECOND]);
      const fixed = only(events, "fixed").map(({ round }) => round.updatedAt);
      expect(fixed).to.deep.equal([FIRST, SECOND, THIRD]);
    });

    it("comes to the same on several chains as on one", async () => {
      const one = await run(HISTORY, [FIRST, SECOND, THIRD]);
      const three = await run(HISTORY, [FIRST, SECOND, THIRD], 1);
      expect([one.summary.chains, three.summary.chains]).to.deep.equal([1, 3]);
      const books = (events: readonly EngineEvent[]) =>
        only(events, "settled").map(({ result }) => [result.price, result.pool, result.payouts]);
      expect(books(three.events)).to.deep.equal(books(one.events));
    });
  });

  describe("when the feed is silent from two hours before an expiry to five after it", () => {
    const rounds = silence(HISTORY, FIRST - HOUR, FIRST + 5n * HOUR);
    let events: readonly EngineEvent[];
    let summary: Awaited<ReturnType<typeof run>>["summary"];

    before(async () => {
      ({ events, summary } = await run(rounds, [FIRST, SECOND, THIRD]));
    });

    it("refuses to open the next books until a fresh round is there", () => {
      const refusal = only(events, "refused").find(({ expiry }) => expiry === SECOND);
      expect(refusal?.error.text).to.equal("MarkTooOld(7200, 3900)");
      expect(refusal?.at).to.equal(FIRST);
      const opened = only(events, "opened").find(({ expiry }) => expiry === SECOND);
      expect(opened?.at).to.equal(FIRST + 5n * HOUR);
      expect(opened?.late).to.equal(5n * HOUR);
    });

    it("refuses the stale round at first and settles by it a day after the expiry", () => {
      const refusal = only(events, "refused").find(({ expiry }) => expiry === FIRST);
      const now = FIRST + 300n;
      expect(refusal?.error.text).to.equal(`TooEarlyToFix(${now}, ${FIRST + DAY})`);
      const fixed = only(events, "fixed").find(({ expiry }) => expiry === FIRST);
      expect(fixed?.at).to.equal(FIRST + DAY);
      expect(fixed?.fresh).to.equal(false);
      const last = rounds.filter(({ time }) => time <= FIRST).at(-1);
      expect(fixed?.round).to.include({ updatedAt: FIRST - 2n * HOUR, answer: last?.answer });
    });

    it("goes on with the next expiry meanwhile", () => {
      const kinds = events
        .filter((event) => event.kind === "opened" || event.kind === "fixed")
        .map(({ kind, expiry }) => [kind, expiry]);
      expect(kinds.slice(0, 3)).to.deep.equal([
        ["opened", FIRST],
        ["opened", SECOND],
        ["fixed", FIRST],
      ]);
    });

    it("pays every book: pool = payouts + dust", () => {
      const results = only(events, "settled").map(({ result }) => result);
      expect(results).to.have.length(6);
      for (const { pool, payouts, dust, shares } of results) {
        expect(pool).to.equal(payouts + dust);
        expect(pool > 0n && dust >= 0n && dust <= BigInt(shares.length)).to.equal(true);
      }
      expect(summary).to.include({
        books: 6,
        booksShort: 0,
        openedLate: 1,
        settledStale: 1,
        notOpened: 0,
      });
      expect(summary.refusals).to.deep.equal({ MarkTooOld: 1, TooEarlyToFix: 1 });
      expect(summary.faults).to.deep.equal([]);
    });
  });

  describe("when the feed is silent over a whole week", () => {
    it("passes over the expiry whose books could not open", async () => {
      const rounds = silence(HISTORY, FIRST - HOUR, SECOND + HOUR);
      const { summary, events } = await run(rounds, [FIRST, SECOND, THIRD]);
      expect(only(events, "notOpened").map(({ expiry }) => expiry)).to.deep.equal([SECOND]);
      expect(summary.refusals).to.deep.equal({ MarkTooOld: 2, TooEarlyToFix: 1, TooSoon: 1 });
      expect(summary).to.include({ books: 4, notOpened: 1, openedLate: 1, settledStale: 1 });
      expect(summary.faults).to.deep.equal([]);
    });
  });

  describe("when the history ends before an opening", () => {
    it("gives the expiry up", async () => {
      const rounds = silence(HISTORY, SECOND - HOUR, THIRD + WEEK);
      const { summary, events } = await run(rounds, [SECOND, THIRD]);
      expect(only(events, "notOpened").map(({ expiry }) => expiry)).to.deep.equal([THIRD]);
      expect(summary).to.include({ books: 2, notOpened: 1, settledStale: 1 });
    });
  });
});

describe("expiries of a history", () => {
  it("are those on the grid with a round two hours before them, up to the last round", () => {
    expect(expiriesOf(HISTORY, { period: WEEK })).to.deep.equal([FIRST, SECOND, THIRD]);
    const until = (hours: bigint) => HISTORY.filter(({ time }) => time >= FIRST - hours * HOUR);
    expect(expiriesOf(until(2n), { period: WEEK })[0]).to.equal(FIRST);
    expect(expiriesOf(until(1n), { period: WEEK })[0]).to.equal(SECOND);
  });

  it("can be limited by day and by number", () => {
    expect(expiriesOf(HISTORY, { period: WEEK, from: FIRST + 1n })).to.deep.equal([SECOND, THIRD]);
    expect(expiriesOf(HISTORY, { period: WEEK, to: SECOND })).to.deep.equal([FIRST, SECOND]);
    expect(expiriesOf(HISTORY, { period: WEEK, max: 1 })).to.deep.equal([FIRST]);
    expect(expiriesOf(HISTORY, { period: DAY, max: 2 })).to.deep.equal([
      START + DAY,
      START + 2n * DAY,
    ]);
  });
});

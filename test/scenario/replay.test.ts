import { CLOSINGS } from "@certus/model";
import { expect } from "chai";

import type { EngineEvent } from "../../scripts/demo/events.ts";
import { expiriesOf, replayHistory } from "../../scripts/demo/history.ts";
import type { HistoryInput } from "../../scripts/demo/history.ts";
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
async function run(
  rounds: readonly Round[],
  expiries: readonly bigint[],
  { roundsPerChain = 10_000, oracle = "multi" }: Partial<HistoryInput> = {},
) {
  const events: EngineEvent[] = [];
  const notify = (event: EngineEvent) => void events.push(event);
  const input = { rounds, expiries, period: WEEK, roundsPerChain, oracle, notify };
  return { summary: await replayHistory(input), events };
}

function only<K extends EngineEvent["kind"]>(events: readonly EngineEvent[], kind: K) {
  return events.filter((event): event is Extract<EngineEvent, { kind: K }> => event.kind === kind);
}

describe("replaying a price history", () => {
  describe("when prices never fall silent", () => {
    it("opens, trades, fixes, settles and pays every book at its time", async () => {
      const { summary, events } = await run(HISTORY, [FIRST, SECOND, THIRD]);
      expect(summary.faults).to.deep.equal([]);
      expect(summary.refusals).to.deep.equal({});
      expect(summary).to.include({
        expiries: 3,
        books: 6,
        orders: 12,
        booksShort: 0,
      });
      expect(summary.steps).to.deep.equal({ F0: 6 });
      expect(only(events, "opened").map(({ at }) => at)).to.deep.equal([START, FIRST, SECOND]);
      const fixed = only(events, "fixed").map(({ basis }) => basis.observed);
      expect(fixed).to.deep.equal([FIRST, SECOND, THIRD]);
    });

    it("moves the mark of every expiry day by day and an hour before it", async () => {
      const { events } = await run(HISTORY, [SECOND]);
      const days = [6n, 5n, 4n, 3n, 2n, 1n].map((count) => SECOND - count * DAY);
      const marked = only(events, "marked").map(({ at }) => at);
      expect(marked).to.deep.equal([...days, SECOND - HOUR]);
    });

    it("settles by proved rounds where the markets name a single feed", async () => {
      const { summary, events } = await run(HISTORY, [FIRST], { oracle: "single" });
      expect(summary.faults).to.deep.equal([]);
      expect(summary.steps).to.deep.equal({ round: 2 });
      const last = HISTORY.find(({ time }) => time === FIRST);
      expect(only(events, "settled")[0]?.result.price).to.equal(last?.answer);
    });

    it("comes to the same on several chains as on one", async () => {
      const one = await run(HISTORY, [FIRST, SECOND, THIRD]);
      const three = await run(HISTORY, [FIRST, SECOND, THIRD], { roundsPerChain: 1 });
      expect([one.summary.chains, three.summary.chains]).to.deep.equal([1, 3]);
      const books = (events: readonly EngineEvent[]) =>
        only(events, "settled").map(({ result }) => [result.price, result.pool, result.payouts]);
      expect(books(three.events)).to.deep.equal(books(one.events));
    });
  });

  describe("when prices are silent from two hours before an expiry to five after it", () => {
    const rounds = silence(HISTORY, FIRST - HOUR, FIRST + 5n * HOUR);
    let events: readonly EngineEvent[];
    let summary: Awaited<ReturnType<typeof run>>["summary"];

    before(async () => {
      ({ events, summary } = await run(rounds, [FIRST, SECOND, THIRD]));
    });

    it("refuses to open the next books until fresh prices are there", () => {
      const refusal = only(events, "refused").find(({ expiry }) => expiry === SECOND);
      // No price, too few votes and none of them fresh.
      expect(refusal?.error.text).to.equal("SpotDegraded(ETH-USD, 11)");
      expect(refusal?.at).to.equal(FIRST);
      const opened = only(events, "opened").find(({ expiry }) => expiry === SECOND);
      expect(opened?.at).to.equal(FIRST + 5n * HOUR);
      expect(opened?.late).to.equal(5n * HOUR);
    });

    it("waits for values at every closing and settles by the mark at the last one", () => {
      const refused = only(events, "refused").filter(({ expiry }) => expiry === FIRST);
      const closings = CLOSINGS.map((after) => FIRST + after);
      const tries = [FIRST + 300n, ...closings];
      expect(refused.map(({ error }) => error.text)).to.deep.equal(
        closings.map((closing, index) => `TooEarlyToFix(${tries[index]}, ${closing})`),
      );
      const fixed = only(events, "fixed").find(({ expiry }) => expiry === FIRST);
      expect(fixed?.at).to.equal(closings.at(-1));
      // An hour before the expiry the last close was still young enough for a mark.
      expect(fixed?.basis).to.include({ step: "F4", observed: FIRST - HOUR });
      const last = rounds.filter(({ time }) => time <= FIRST).at(-1)?.answer ?? 0n;
      const off = (fixed?.basis.price ?? 0n) - last;
      expect((off < 0n ? -off : off) * 10_000n <= 3n * last).to.equal(true);
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
        notOpened: 0,
      });
      expect(summary.steps).to.deep.equal({ F0: 4, F4: 2 });
      expect(summary.refusals).to.deep.equal({ SpotDegraded: 1, TooEarlyToFix: 4 });
      expect(summary.faults).to.deep.equal([]);
    });

    it("settles by the old round a day after the expiry where the markets name a single feed", async () => {
      const single = await run(rounds, [FIRST, SECOND], { oracle: "single" });
      const refused = only(single.events, "refused").map(({ error }) => error.text);
      expect(refused).to.have.members([
        "MarkTooOld(7200, 3900)",
        `TooEarlyToFix(${FIRST + 300n}, ${FIRST + DAY})`,
      ]);
      const fixed = only(single.events, "fixed").find(({ expiry }) => expiry === FIRST);
      expect(fixed?.at).to.equal(FIRST + DAY);
      expect(fixed?.basis).to.include({ step: "old round", observed: FIRST - 2n * HOUR });
      expect(single.summary.steps).to.deep.equal({ "old round": 2, round: 2 });
      expect(single.summary.faults).to.deep.equal([]);
    });
  });

  describe("when prices are silent over a whole week", () => {
    it("passes over the expiry whose books could not open", async () => {
      const rounds = silence(HISTORY, FIRST - HOUR, SECOND + HOUR);
      const { summary, events } = await run(rounds, [FIRST, SECOND, THIRD]);
      expect(only(events, "notOpened").map(({ expiry }) => expiry)).to.deep.equal([SECOND]);
      expect(summary.refusals).to.deep.equal({ SpotDegraded: 2, TooEarlyToFix: 4, TooSoon: 1 });
      expect(summary).to.include({ books: 4, notOpened: 1, openedLate: 1 });
      expect(summary.steps).to.deep.equal({ F0: 2, F4: 2 });
      expect(summary.faults).to.deep.equal([]);
    });
  });

  describe("when the history ends before an opening", () => {
    it("gives the expiry up", async () => {
      const rounds = silence(HISTORY, SECOND - HOUR, THIRD + WEEK);
      const { summary, events } = await run(rounds, [SECOND, THIRD]);
      expect(only(events, "notOpened").map(({ expiry }) => expiry)).to.deep.equal([THIRD]);
      expect(summary).to.include({ books: 2, notOpened: 1 });
      expect(summary.steps).to.deep.equal({ F4: 2 });
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

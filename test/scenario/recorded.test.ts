import { existsSync } from "node:fs";
import { join } from "node:path";

import { CLOSINGS } from "@certus/model";
import { expect } from "chai";

import { readHistory } from "../../scripts/demo/csv.ts";
import type { EngineEvent } from "../../scripts/demo/events.ts";
import { expiriesOf, replayHistory } from "../../scripts/demo/history.ts";
import { root } from "../../scripts/lib/proc.ts";

const FILE = "../shared/data/prices_hourly/eth_usdt_1h_binance_2017-08_2026-08.csv.gz";
const WEEK = 604_800n;
const at = (utc: string) => BigInt(Date.parse(utc) / 1_000);

/**
 * The two Fridays without a fresh price at 08:00, and what the protocol did about each: nobody has a value of the
 * expiry, so the last mark settles. It is moved every day and an hour before the expiry, if there is a spot then.
 */
const OUTAGES = [
  {
    from: "2018-01-19T08:00:00Z",
    expiry: "2018-02-09T08:00:00Z",
    // A day and an hour before the expiry, and at it.
    degraded: 3,
    reopened: "2018-02-09T11:00:00Z",
    marked: "2018-02-07T08:00:00Z",
    price: 77_076_870_000n,
    // In the first week more than 3 % off the mark of an hour before: that waits for the second closing.
    steps: { F0: 8, F1: 2, F4: 2 },
  },
  {
    from: "2018-10-05T08:00:00Z",
    expiry: "2018-10-19T08:00:00Z",
    degraded: 1,
    reopened: "2018-10-19T10:00:00Z",
    marked: "2018-10-19T07:00:00Z",
    price: 20_465_000_000n,
    steps: { F0: 10, F4: 2 },
  },
];

/** Hourly prices are not part of the repository; a checkout that has them beside it replays them. */
describe("replaying recorded prices", () => {
  const path = join(root, FILE);
  if (!existsSync(path)) {
    it("has no recorded prices to replay", () => {
      console.log(`      no file ${FILE}: nothing is replayed here`);
    });
    return;
  }
  const { rounds } = readHistory(path);

  for (const outage of OUTAGES) {
    it(`settles six weeks around the outage of ${outage.expiry.slice(0, 10)}`, async () => {
      const expiry = at(outage.expiry);
      const expiries = expiriesOf(rounds, { period: WEEK, from: at(outage.from), max: 6 });
      const events: EngineEvent[] = [];
      const notify = (event: EngineEvent) => void events.push(event);
      const summary = await replayHistory({ rounds, expiries, period: WEEK, notify });

      expect(summary.faults).to.deep.equal([]);
      expect(summary).to.include({
        books: 12,
        booksShort: 0,
        openedLate: 1,
        notOpened: 0,
      });
      expect(summary.steps).to.deep.equal(outage.steps);
      const refused = events.flatMap((event) => (event.kind === "refused" ? event : []));
      const texts = (reason: string) =>
        refused.flatMap(({ error, expiry: of }) =>
          error.reason === reason && (of === expiry || reason === "SpotDegraded") ? error.text : [],
        );
      const degraded = Array<string>(outage.degraded).fill("SpotDegraded(ETH-USD, 11)");
      expect(texts("SpotDegraded")).to.deep.equal(degraded);
      const closings = CLOSINGS.map((after) => expiry + after);
      const tries = [expiry + 300n, ...closings];
      expect(texts("TooEarlyToFix")).to.deep.equal(
        closings.map((closing, index) => `TooEarlyToFix(${tries[index]}, ${closing})`),
      );
      const fixed = events.find((event) => event.kind === "fixed" && event.expiry === expiry);
      expect(fixed).to.include({ at: closings.at(-1) });
      const basis = fixed?.kind === "fixed" ? fixed.basis : undefined;
      expect(basis).to.include({ step: "F4", observed: at(outage.marked) });
      const results = events.flatMap((event) => (event.kind === "settled" ? event.result : []));
      for (const result of results) expect(result.pool).to.equal(result.payouts + result.dust);
      const prices = results.filter((result) => result.expiry === expiry).map(({ price }) => price);
      expect(prices).to.deep.equal([outage.price, outage.price]);
      const late = events.find((event) => event.kind === "opened" && event.late > 0n);
      expect(late).to.include({ expiry: expiry + WEEK, at: at(outage.reopened) });
    });
  }
});

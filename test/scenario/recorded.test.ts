import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect } from "chai";

import { readHistory } from "../../scripts/demo/csv.ts";
import type { EngineEvent } from "../../scripts/demo/events.ts";
import { expiriesOf, replayHistory } from "../../scripts/demo/history.ts";
import { root } from "../../scripts/lib/proc.ts";

const FILE = "../shared/data/prices_hourly/eth_usdt_1h_binance_2017-08_2026-08.csv.gz";
const WEEK = 604_800n;
const at = (utc: string) => BigInt(Date.parse(utc) / 1_000);

/** The two Fridays without a fresh price at 08:00, and what the protocol did about each. */
const OUTAGES = [
  {
    from: "2018-01-19T08:00:00Z",
    expiry: "2018-02-09T08:00:00Z",
    age: 111_600n,
    reopened: "2018-02-09T11:00:00Z",
    price: 78_166_000_000n,
  },
  {
    from: "2018-10-05T08:00:00Z",
    expiry: "2018-10-19T08:00:00Z",
    age: 7_200n,
    reopened: "2018-10-19T10:00:00Z",
    price: 20_465_000_000n,
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
        settledStale: 1,
        notOpened: 0,
      });
      expect(summary.refusals).to.deep.equal({ MarkTooOld: 1, TooEarlyToFix: 1 });
      const refused = events.flatMap((event) => (event.kind === "refused" ? event.error.text : []));
      const [now, from] = [expiry + 300n, expiry + 86_400n];
      expect(refused).to.deep.equal([
        `MarkTooOld(${outage.age}, 3900)`,
        `TooEarlyToFix(${now}, ${from})`,
      ]);
      const stale = events.find((event) => event.kind === "fixed" && !event.fresh);
      expect(stale).to.deep.include({ expiry, at: from });
      const results = events.flatMap((event) => (event.kind === "settled" ? event.result : []));
      for (const result of results) expect(result.pool).to.equal(result.payouts + result.dust);
      const prices = results.filter((result) => result.expiry === expiry).map(({ price }) => price);
      expect(prices).to.deep.equal([outage.price, outage.price]);
      const late = events.find((event) => event.kind === "opened" && event.late > 0n);
      expect(late).to.include({ expiry: expiry + WEEK, at: at(outage.reopened) });
    });
  }
});

import { rowsOf } from "../lib/recorded.ts";
import { required } from "./candles.ts";
import type { Bar } from "./candles.ts";

/** What the hours of a venue say of a threshold. */
export interface HourlyBound {
  readonly bps: number;
  /** Hours in which a move of five minutes can have been so large: no look at any time of another hour sees it. */
  readonly possible: number;
  /** Days with such an hour, UTC. */
  readonly days: number;
  /** Of these hours: those that close as far from the close before. */
  readonly lasting: number;
  /** Of these hours: those that close within 3 % of the close before. */
  readonly back: number;
  /** Hours that close so far from the close before. */
  readonly closes: number;
}

const HOUR = 3_600;
const DAY = 86_400;
const BPS = 10_000;
const BACK = 300;
const FILE = "prices_hourly/eth_usdt_1h_binance_2017-08_2026-08.csv.gz";

/** Every hour of ETH at Binance, August 2017 to August 2026. */
export function readHours(): readonly Bar[] {
  return rowsOf(required(FILE)).map((row) => {
    const [opened = 0, high = 0, low = 0, close = 0] = ["ts", "high", "low", "close"].map((name) =>
      Number(row[name]),
    );
    return { opened, high, low, close };
  });
}

/** Years between the first and the last of them. */
export function yearsOf(hours: readonly Bar[]): number {
  return ((hours.at(-1)?.opened ?? 0) - (hours[0]?.opened ?? 0) + HOUR) / (365.25 * DAY);
}

/** What the hours say of each threshold. */
export function boundsOf(hours: readonly Bar[], thresholds: readonly number[]): HourlyBound[] {
  return thresholds.map((bps) => {
    const days = new Set<number>();
    let [possible, lasting, back, closes] = [0, 0, 0, 0];
    hours.forEach((hour, index) => {
      const before = hours[index - 1];
      const next = before !== undefined && hour.opened - before.opened === HOUR;
      const closed = next ? (Math.abs(hour.close - before.close) * BPS) / before.close : 0;
      if (closed >= bps) closes++;
      // Five minutes that end in this hour touch it, and at most the one before.
      const high = next ? Math.max(hour.high, before.high) : hour.high;
      const low = next ? Math.min(hour.low, before.low) : hour.low;
      if (((high - low) * BPS) / low < bps) return;
      possible++;
      days.add(Math.floor(hour.opened / DAY));
      if (closed >= bps) lasting++;
      if (closed < BACK) back++;
    });
    return { bps, possible, days: days.size, lasting, back, closes };
  });
}

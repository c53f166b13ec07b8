import { MAX_INT64 } from "../../constants.ts";
import { ModelFault } from "../../errors.ts";
import { ceilDiv, max, min } from "../../rounding.ts";
import { median, sorted } from "./compare.ts";

/** Seconds of a day: the daily volatility's. */
const DAY = 86_400n;
/** One, in bps. */
const BPS = 10_000n;
/** The root of time is taken to six decimals. */
const ROOT_SCALE = 1_000_000n;
/** Least half-width of a band in bps. */
const LEAST_HALF_WIDTH = 5n;

/** A live vote, as the band sees it. */
export interface Quote {
  readonly price: bigint;
  /** Seconds. */
  readonly age: bigint;
  /** In bps of the price. */
  readonly confidence: bigint;
}

/** Prices of a feed at one moment. */
export interface Band {
  readonly mid: bigint;
  readonly low: bigint;
  readonly high: bigint;
  /** The least and the greatest price that this many liars cannot move out of the honest ones' range. */
  readonly lo: bigint;
  readonly hi: bigint;
  /** How many liars. */
  readonly faults: bigint;
}

/** The band of no votes. */
export const NO_BAND: Band = { mid: 0n, low: 0n, high: 0n, lo: 0n, hi: 0n, faults: 0n };

/** ⌊√n⌋ for n ≥ 0. */
export function sqrt(n: bigint): bigint {
  if (n < 2n) return n;
  let root = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** Half-width of the band around its middle. */
export function halfWidth(mid: bigint, confidence: bigint, age: bigint, dailyVol: bigint): bigint {
  const root = sqrt((age * ROOT_SCALE ** 2n) / DAY);
  const stated = ceilDiv(mid * confidence, BPS);
  const moved = ceilDiv(mid * dailyVol * root, 2n * BPS * ROOT_SCALE);
  const least = ceilDiv(mid * LEAST_HALF_WIDTH, BPS);
  return max(max(stated, moved), least);
}

/** The band of some live votes. */
export function bandOf(quotes: readonly Quote[], quorum: bigint, dailyVol: bigint): Band {
  if (quotes.length === 0) return NO_BAND;
  const prices = sorted(quotes.map(({ price }) => price));
  const faults = BigInt(prices.length) >= quorum ? (quorum - 1n) / 2n : 0n;
  const lo = prices[Number(faults)];
  const hi = prices[prices.length - 1 - Number(faults)];
  if (lo === undefined || hi === undefined) throw new ModelFault("more liars than votes");
  const mid = median(prices);
  const confidence = median(quotes.map((quote) => quote.confidence));
  const age = median(quotes.map((quote) => quote.age));
  const half = halfWidth(mid, confidence, age, dailyVol);
  const low = max(1n, min(lo, mid - half));
  const high = min(MAX_INT64, max(hi, mid + half));
  return { mid, low, high, lo, hi, faults };
}

import { sqrt } from "../oracle/multi/band.ts";
import { abs, min } from "../rounding.ts";

/** The whole, in bps. */
export const WHOLE = 10_000n;

/** Seconds of a day. */
const DAY = 86_400n;
/** Seconds over which the average forgets. */
const MEMORY = 21_600n;
/** One, in parts of a million. */
const PPM = 1_000_000n;
/** Parts of a million in a basis point. */
const PPM_PER_BPS = 100n;
/** Volatility at which stress is whole, in daily ones. */
const WORST_VOLATILITY = 4n;

/** Variance of a day, ppm², where nothing was observed yet; the daily volatility is in bps. */
export function firstVariance(dailyVol: bigint): bigint {
  return (PPM_PER_BPS * dailyVol) ** 2n;
}

/** Variance of a day after a move from one price to another within some seconds. */
export function nextVariance(
  variance: bigint,
  last: bigint,
  price: bigint,
  seconds: bigint,
): bigint {
  const move = min((abs(price - last) * PPM) / last, PPM);
  return (variance * MEMORY + move ** 2n * DAY) / (MEMORY + seconds);
}

/** A variance that nobody looked at for some seconds fades as if nothing had moved. */
export function fadedVariance(variance: bigint, seconds: bigint): bigint {
  return (variance * MEMORY) / (MEMORY + seconds);
}

/** Where a value is on the way from calm to the worst, in bps. */
export function stressOf(value: bigint, calm: bigint, worst: bigint): bigint {
  if (value <= calm) return 0n;
  return value >= worst ? WHOLE : ((value - calm) * WHOLE) / (worst - calm);
}

/** Stress from a variance against the daily volatility in bps: none up to it, nor where either is nothing. */
export function volatilityStress(variance: bigint, dailyVol: bigint): bigint {
  if (variance === 0n || dailyVol === 0n) return 0n;
  const usual = PPM_PER_BPS * dailyVol;
  return stressOf(sqrt(variance), usual, WORST_VOLATILITY * usual);
}

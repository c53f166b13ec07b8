import { refuse } from "../errors.ts";
import type { Dispersion } from "../oracle/multi/spot.ts";
import { firstVariance, nextVariance } from "./volatility.ts";

/** How many observations are kept. */
const KEPT = 16n;
/** Least seconds between two observations of a feed. */
const GAP = 60n;
/** Most seconds of a reference of a move. */
const REFERENCE_AGE = 300n;
const BPS = 10_000n;

/** What votes agreed on in a block. */
export interface Observation {
  /** Ends of their core. */
  readonly low: bigint;
  readonly high: bigint;
  /** Of the block. */
  readonly time: bigint;
  /** Whether the spot was undegraded. */
  readonly healthy: boolean;
}

/** What was observed of a feed; times are 0 for never. */
export interface FeedWatch {
  /** How often it was observed. */
  readonly count: bigint;
  /** Moving average of the squared move of a day, ppm². */
  readonly variance: bigint;
  /** Spot and time of the last healthy one. */
  readonly lastPrice: bigint;
  readonly lastTime: bigint;
  /** Time of the last one. */
  readonly lastAny: bigint;
  /** The last observations, the newest one last. */
  readonly kept: readonly Observation[];
}

/** Of a feed that nobody observed. */
export const UNOBSERVED: FeedWatch = {
  count: 0n,
  variance: 0n,
  lastPrice: 0n,
  lastTime: 0n,
  lastAny: 0n,
  kept: [],
};

/** Distance of two prices, bps of the lower one; 0 without any. */
export function distanceOf(low: bigint, high: bigint): bigint {
  return low === 0n ? 0n : ((high - low) * BPS) / low;
}

/** Refuses votes of which too few are of this minute, or whose core is not nearer together than a bound in bps. */
export function requireCore(votes: Dispersion, quorum: bigint, bound: bigint): void {
  const { recent, coreLow, coreHigh } = votes;
  const needed = quorum / 2n + 1n;
  const distance = distanceOf(coreLow, coreHigh);
  if (recent < needed || distance >= bound) refuse("NoAgreement", recent, needed, distance);
}

/** Refuses an observation too soon: a healthy one after the last healthy one, any other after any. */
export function requireGap({ lastTime, lastAny }: FeedWatch, now: bigint, healthy: boolean): void {
  const last = healthy ? lastTime : lastAny;
  if (last !== 0n && now < last + GAP) refuse("TooEarly", now, last + GAP);
}

/** What is known of a feed after one more observation, the spot's middle being `mid`; its daily volatility is in bps. */
export function withObservation(
  seen: FeedWatch,
  observation: Observation,
  mid: bigint,
  dailyVol: bigint,
): FeedWatch {
  const { time, healthy } = observation;
  const kept = [...seen.kept, observation].slice(-Number(KEPT));
  const any = { ...seen, count: seen.count + 1n, lastAny: time, kept };
  if (!healthy) return any;
  const { lastTime, lastPrice } = seen;
  const variance =
    lastTime === 0n
      ? firstVariance(dailyVol)
      : nextVariance(seen.variance, lastPrice, mid, time - lastTime);
  return { ...any, variance, lastPrice: mid, lastTime: time };
}

/** An observation by its number, if it is kept. */
export function observationAt({ count, kept }: FeedWatch, index: bigint): Observation | undefined {
  const first = count - BigInt(kept.length);
  return index < first ? undefined : kept[Number(index - first)];
}

/** The observation in the place of a number, young enough to be a reference of a move. */
export function requireReference(seen: FeedWatch, hint: bigint, now: bigint): Observation {
  const first = seen.count - BigInt(seen.kept.length);
  const found = seen.kept.find((_, at) => (first + BigInt(at)) % KEPT === hint % KEPT);
  if (found === undefined) return refuse("ReferenceInvalid", hint, 0n);
  const age = now - found.time;
  return age > REFERENCE_AGE ? refuse("ReferenceInvalid", hint, age) : found;
}

/** Kept healthy observations after a time: how many, and from the first to the last of them. */
export function healthySince(
  { kept }: FeedWatch,
  after: bigint,
): { readonly count: bigint; readonly span: bigint } {
  const later = kept.filter(({ time, healthy }) => healthy && time > after);
  const [first, last] = [later[0]?.time ?? 0n, later.at(-1)?.time ?? 0n];
  return { count: BigInt(later.length), span: last - first };
}

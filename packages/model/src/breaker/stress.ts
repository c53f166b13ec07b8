import { LEVEL_NORMAL } from "../constants.ts";
import { max } from "../rounding.ts";
import type { NetworkWatch } from "./network.ts";
import type { FeedWatch } from "./observations.ts";
import { WHOLE, fadedVariance, volatilityStress } from "./volatility.ts";
import { levelIn } from "./watch.ts";
import type { MarketWatch } from "./watch.ts";

/** Seconds for which a network is remembered. */
const MEMORY = 900n;
/** Stress of votes that are too few, but some. */
const FEW_VOTES = 5_000n;
/** Seconds between two steps of tightness. */
const STEP_TIME = 600n;
/** Most that tightness goes up in a step, and down for each step's time. */
const UP = 2_000n;
const DOWN = 200n;

/** Stress of a market and what it comes from, bps. */
export interface Stress {
  readonly volatility: bigint;
  /** From votes that are missing although somebody asked for them. */
  readonly faults: bigint;
  readonly network: bigint;
  /** The greatest of them. */
  readonly whole: bigint;
}

/** Stress of a market, of whose feed this was seen and whose daily volatility is in bps. */
export function stressNow(
  watch: MarketWatch,
  seen: FeedWatch,
  dailyVol: bigint,
  { lastTime, gapStress, feeStress }: NetworkWatch,
  now: bigint,
): Stress {
  const network = now < lastTime + MEMORY ? max(gapStress, feeStress) : 0n;
  const volatility = volatilityStress(fadedVariance(seen.variance, now - seen.lastTime), dailyVol);
  const faults = levelIn(watch, now) === LEVEL_NORMAL ? 0n : faultsOf(watch);
  return { volatility, faults, network, whole: max(max(volatility, faults), network) };
}

function faultsOf({ trigger }: MarketWatch): bigint {
  if (trigger === "NoVotes") return WHOLE;
  return trigger === "FewVotes" ? FEW_VOTES : 0n;
}

/** When tightness may be adapted again; 0 if it never was. */
export function adaptableFrom(adaptedAt: bigint): bigint {
  return adaptedAt === 0n ? 0n : adaptedAt + STEP_TIME;
}

/** Tightness a step nearer to the stress, so many seconds after the last one. */
export function stepped(tightness: bigint, stress: bigint, seconds: bigint): bigint {
  if (stress >= tightness) return stress < tightness + UP ? stress : tightness + UP;
  return max(stress, tightness - DOWN * (seconds / STEP_TIME));
}

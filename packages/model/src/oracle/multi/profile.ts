import { MAX_UINT112 } from "../../constants.ts";
import { refuse } from "../../errors.ts";

/** Samples of a fixing and seconds between them, by the kind of its profile. */
const KINDS = [
  { slots: 1n, period: 0n },
  { slots: 7n, period: 300n },
  { slots: 30n, period: 60n },
] as const;

/** How a fixing is sampled. */
export interface Sampling {
  /** Number of slots. */
  readonly slots: bigint;
  /** Seconds between them. */
  readonly period: bigint;
}

/** A profile word. */
export function multiProfileOf(kind: bigint, maxCeiling: bigint): bigint {
  return (maxCeiling << 8n) | kind;
}

/** Refuses a profile that is not well formed. */
export function requireSampling(profile: bigint): Sampling {
  if (profile >> 120n !== 0n) refuse("ProfileDirty", profile);
  const sampling = samplingOf(profile) ?? refuse("ProfileKindUnknown", profile & 0xffn);
  if (maxCeilingOf(profile) === 0n) refuse("ProfileWithoutCeiling", profile);
  return sampling;
}

/** How the fixings of a profile are sampled; undefined for an unknown kind. */
export function samplingOf(profile: bigint): Sampling | undefined {
  return KINDS[Number(profile & 0xffn)];
}

/** Largest pool that may rest on a profile. */
export function maxCeilingOf(profile: bigint): bigint {
  return (profile >> 8n) & MAX_UINT112;
}

/** The instant of a slot. */
export function slotTime({ period }: Sampling, expiry: bigint, slot: bigint): bigint {
  return expiry - slot * period;
}

/** The earliest instant of a fixing. */
export function firstTime(sampling: Sampling, expiry: bigint): bigint {
  return slotTime(sampling, expiry, sampling.slots - 1n);
}

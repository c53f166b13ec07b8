import { refuse } from "../../errors.ts";
import { isOff } from "./compare.ts";
import type { Reading } from "./sources.ts";

/** Seconds between samples. */
export const SAMPLE_PERIOD = 300n;
/** Percentage of the middle within which a sample agrees. */
export const SAMPLE_PERCENT = 1n;
/** Seconds since the first sample that a source must have been in shadow. */
export const SHADOW_TIME = 604_800n;
/** Samples that a source must have given. */
export const SHADOW_SAMPLES = 500n;
/** Percentage of them that must agree. */
export const SHADOW_WITHIN = 99n;

/** What a source in shadow has shown. */
export interface ShadowRecord {
  /** Time of the first and of the last sample, 0 before one. */
  readonly first: bigint;
  readonly last: bigint;
  readonly samples: bigint;
  /** Samples that agreed. */
  readonly within: bigint;
  /** Price and time of the last reading, a sample or not; 0 before one. */
  readonly price: bigint;
  readonly time: bigint;
}

/** The record of a source without readings. */
export const NO_SHADOW: ShadowRecord = {
  first: 0n,
  last: 0n,
  samples: 0n,
  within: 0n,
  price: 0n,
  time: 0n,
};

/** Refuses a reading older than the last one. */
export function requireNotOlder({ time: last }: ShadowRecord, { time }: Reading): void {
  if (time < last) refuse("NotNewer", time, last);
}

/** The record after a reading; `within` says whether it is a sample, and one that agrees. */
export function recordReading(
  record: ShadowRecord,
  { price, time }: Reading,
  now: bigint,
  spot: { readonly mid: bigint; readonly status: bigint },
): { readonly record: ShadowRecord; readonly within: boolean | undefined } {
  const seen = { ...record, price, time };
  const tooSoon = record.samples !== 0n && now - record.last < SAMPLE_PERIOD;
  if (tooSoon || spot.status !== 0n) return { record: seen, within: undefined };
  const within = !isOff(price, spot.mid, SAMPLE_PERCENT);
  const first = record.samples === 0n ? now : record.first;
  const samples = record.samples + 1n;
  const agreeing = record.within + (within ? 1n : 0n);
  return { record: { ...seen, first, last: now, samples, within: agreeing }, within };
}

function shadowAge({ first, samples }: ShadowRecord, now: bigint): bigint {
  return samples === 0n ? 0n : now - first;
}

/** Whether a source has shown enough. */
export function isProven(record: ShadowRecord, now: bigint): boolean {
  const { samples, within } = record;
  const enough = shadowAge(record, now) >= SHADOW_TIME && samples >= SHADOW_SAMPLES;
  return enough && within * 100n >= samples * SHADOW_WITHIN;
}

/** Refuses a source that has not shown enough. */
export function requireProven(record: ShadowRecord, now: bigint): void {
  if (isProven(record, now)) return;
  refuse("ShadowUnproven", shadowAge(record, now), record.samples, record.within);
}

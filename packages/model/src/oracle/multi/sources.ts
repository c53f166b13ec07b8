import { MAX_INT64 } from "../../constants.ts";
import { max } from "../../rounding.ts";

/** Class bit of a source that guards and never votes. */
export const GUARD_CLASS = 1n << 15n;
/** Class bits of the networks. */
export const CLASSES = { chainlink: 1n, redStone: 2n, ownSigners: 4n, pyth: 8n };
/** Most seconds after its time that a reading may count. */
export const MAX_SOURCE_AGE = 90_000n;
/** Most seconds by which a reading may be ahead. */
export const MAX_AHEAD = 60n;

/** What a source is: constant from its making on. */
export interface SourceTerms {
  /** Mask of 16 bits. */
  readonly classes: bigint;
  /** Whether it is read without a payload. */
  readonly push: boolean;
  readonly priceExp: bigint;
  readonly maxAge: bigint;
  readonly maxAhead: bigint;
  readonly base: bigint;
  readonly quote: bigint;
}

/** What a source says now. */
export interface Reading {
  readonly price: bigint;
  readonly time: bigint;
  /** In bps of the price. */
  readonly confidence: bigint;
  readonly form: bigint;
}

/** What a source says of one instant in the past. */
export interface Value {
  readonly price: bigint;
  readonly form: bigint;
}

/** A source that reverts. */
export interface Failure {
  /** The first four bytes that it reverted with, 0 if none. */
  readonly reason: bigint;
}

/** Whether a source gave no answer. */
export function isFailure(answer: Reading | Value | Failure): answer is Failure {
  return "reason" in answer;
}

/** Whether a source of these classes never votes. */
export function isGuard(classes: bigint): boolean {
  return (classes & GUARD_CLASS) !== 0n;
}

/** Seconds since a time; 0 for one that is ahead. */
export function ageOf(time: bigint, now: bigint): bigint {
  return max(now - time, 0n);
}

/** Whether a price is one: 1..2^63 − 1. */
export function isPrice(price: bigint): boolean {
  return price >= 1n && price <= MAX_INT64;
}

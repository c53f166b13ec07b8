import { refuse } from "../../errors.ts";
import { pack } from "../../packing.ts";
import { min } from "../../rounding.ts";
import { isForm } from "./forms.ts";
import { ageOf, isPrice } from "./sources.ts";
import type { Reading, SourceTerms } from "./sources.ts";

/** Widest confidence of a reading, in bps of its price. */
export const MAX_CONFIDENCE = 300n;

/** How a vote stands with the others. */
export const STANDING = { clear: 0n, suspect: 1n, quarantined: 2n };
/** Seconds after which a quarantine has ended in any case. */
export const QUARANTINE_TIME = 86_400n;

/** The newest reading of a vote: the fields of its word. */
export interface Store extends Reading {
  /** Since when it is known to be what its source says. */
  readonly seenAt: bigint;
  /** Of its source. */
  readonly maxAge: bigint;
  /** Of its source. */
  readonly index: bigint;
  readonly standing: bigint;
  /** When the suspicion or the quarantine began; 0 if there is none. */
  readonly since: bigint;
  /** When the agreement began, seconds after `since` + 1; 0 if there is none. */
  readonly agreement: bigint;
}

/** Word of a store, as docs/oracles.md lays it out; 0 if it is empty. */
export function storeWord(store: Store | undefined): bigint {
  if (store === undefined) return 0n;
  return pack([
    [store.price, 64n],
    [store.time, 40n],
    [store.seenAt, 40n],
    [store.maxAge, 24n],
    [store.confidence, 9n],
    [store.index, 5n],
    [store.form, 22n],
    [store.standing, 2n],
    [store.since, 32n],
    [store.agreement, 18n],
  ]);
}

/** Rules 2 to 5: refuses a reading that no store and no shadow record takes. */
export function requireReading(reading: Reading, terms: SourceTerms, now: bigint): void {
  if (!isPrice(reading.price)) refuse("PriceOutOfRange", reading.price);
  const bound = now + terms.maxAhead;
  if (reading.time > bound) refuse("ReadingFromFuture", reading.time, bound);
  const age = ageOf(reading.time, now);
  if (age > terms.maxAge) refuse("ReadingTooOld", age, terms.maxAge);
  if (reading.confidence > MAX_CONFIDENCE) {
    refuse("ConfidenceTooWide", reading.confidence, MAX_CONFIDENCE);
  }
  if (!isForm(reading.form)) refuse("FormInvalid", reading.form);
}

/** Rule 6: refuses a reading that is not newer than what is stored. */
export function requireNewer(
  stored: Store | undefined,
  reading: Reading,
  index: bigint,
  push: boolean,
  now: bigint,
): void {
  if (stored === undefined || !isYoung(stored, now) || reading.time > stored.time) return;
  const sameTime = reading.time === stored.time;
  if (sameTime && reading.form > stored.form) return;
  if (push && sameTime && index === stored.index) return;
  refuse("NotNewer", reading.time, stored.time);
}

/** The store after a reading; the standing stays. */
export function storeReading(
  stored: Store | undefined,
  reading: Reading,
  index: bigint,
  { push, maxAge }: SourceTerms,
  now: bigint,
): Store {
  const { price, time, confidence, form } = reading;
  const seenAt = push ? now : min(time, now);
  const { standing, since, agreement } = stored ?? CLEARED;
  return {
    price,
    time,
    seenAt,
    maxAge,
    confidence,
    index,
    form,
    standing,
    since,
    agreement,
  };
}

/** What a clear vote keeps of its standing. */
export const CLEARED = { standing: STANDING.clear, since: 0n, agreement: 0n };

/** Whether a store's age is within its source's. */
export function isYoung({ time, maxAge }: Store, now: bigint): boolean {
  return ageOf(time, now) <= maxAge;
}

/** Whether a vote is in a quarantine that has not ended by time. */
export function isQuarantined({ standing, since }: Store, now: bigint): boolean {
  return standing === STANDING.quarantined && now - since < QUARANTINE_TIME;
}

/** Whether a store counts: young enough and not in quarantine. */
export function isLive(store: Store, now: bigint): boolean {
  return isYoung(store, now) && !isQuarantined(store, now);
}

import { areApart, isOff, median } from "./compare.ts";
import { ageOf } from "./sources.ts";
import { CLEARED, STANDING, isLive, isQuarantined } from "./store.ts";
import type { Store } from "./store.ts";

/** A judge, and a reading that is judged, was seen at most this many seconds ago. */
export const SEEN_WITHIN = 60n;
/** Least number of judges. */
export const MIN_JUDGES = 2;
/** Percentage beyond which judges do not agree, and within which a vote in quarantine agrees with them. */
export const AGREE_PERCENT = 1n;
/** Percentage beyond which a vote is off. */
export const OFF_PERCENT = 3n;
/** Seconds of suspicion before a second reading that is off ends in quarantine. */
export const SUSPICION_TIME = 15n;
/** Seconds of agreement that end a quarantine. */
export const AGREEMENT_TIME = 600n;

/** A store that was judged, and what its vote's observers are told. */
export interface Judgement {
  readonly store: Store;
  readonly turn?: "quarantined" | "released";
}

function wasSeen(store: Store, now: bigint): boolean {
  return ageOf(store.seenAt, now) <= SEEN_WITHIN;
}

/** The median of the other votes' stores, if they can judge. */
export function referenceOf(others: readonly Store[], now: bigint): bigint | undefined {
  const judges = others.filter((store) => isLive(store, now) && wasSeen(store, now));
  const prices = judges.map(({ price }) => price);
  if (prices.length < MIN_JUDGES || areApart(prices, AGREE_PERCENT)) return undefined;
  return median(prices);
}

/** Writes a quarantine that time has ended as clear. */
export function endByTime(store: Store, now: bigint): Judgement {
  const ended = store.standing === STANDING.quarantined && !isQuarantined(store, now);
  return ended ? { store: { ...store, ...CLEARED }, turn: "released" } : { store };
}

/**
 * Judges a vote by its new reading.
 *
 * @param store - With the new reading, its quarantine not ended by time.
 * @param reference - Of its judges, if there is one.
 */
export function judge(store: Store, reference: bigint | undefined, now: bigint): Judgement {
  if (reference === undefined || !wasSeen(store, now)) return { store };
  if (store.standing === STANDING.quarantined) return judgeQuarantined(store, reference, now);
  if (!isOff(store.price, reference, OFF_PERCENT)) return { store: { ...store, ...CLEARED } };
  if (store.standing === STANDING.clear) {
    return { store: { ...store, standing: STANDING.suspect, since: now } };
  }
  if (now - store.since < SUSPICION_TIME) return { store };
  const quarantine = { standing: STANDING.quarantined, since: now, agreement: 0n };
  return { store: { ...store, ...quarantine }, turn: "quarantined" };
}

function judgeQuarantined(store: Store, reference: bigint, now: bigint): Judgement {
  const { since, agreement } = store;
  if (isOff(store.price, reference, AGREE_PERCENT)) return { store: { ...store, agreement: 0n } };
  if (agreement === 0n) return { store: { ...store, agreement: now - since + 1n } };
  const began = since + agreement - 1n;
  if (now - began < AGREEMENT_TIME) return { store };
  return { store: { ...store, ...CLEARED }, turn: "released" };
}

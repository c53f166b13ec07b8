import type { Leg } from "./types.ts";

/** Order of legs: by strike, the put before the call; 0 for the same series. */
export function compareLegs(a: Leg, b: Leg): number {
  if (a.strike !== b.strike) return a.strike < b.strike ? -1 : 1;
  return Number(a.isCall) - Number(b.isCall);
}

/** Quantity that a vector holds in the series of a leg. */
export function quantityIn(legs: readonly Leg[], series: Leg): bigint {
  for (const leg of legs) if (compareLegs(leg, series) === 0) return leg.quantity;
  return 0n;
}

/**
 * held + times × moved, leg by leg: both sorted, so is the result; legs that come to nothing vanish. Every change of a
 * position's legs goes through here.
 */
export function addLegs(
  held: readonly Leg[],
  moved: readonly Leg[],
  times: bigint,
): readonly Leg[] {
  const sum: Leg[] = [];
  let next = 0;
  for (const leg of moved) {
    for (let own = held[next]; own && compareLegs(own, leg) < 0; own = held[++next]) sum.push(own);
    const same = held[next];
    const met = same !== undefined && compareLegs(same, leg) === 0;
    if (met) next++;
    const quantity = (met ? same.quantity : 0n) + times * leg.quantity;
    if (quantity !== 0n) sum.push({ strike: leg.strike, isCall: leg.isCall, quantity });
  }
  for (; next < held.length; next++) {
    const own = held[next];
    if (own) sum.push(own);
  }
  return sum;
}

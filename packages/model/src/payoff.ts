import { max } from "./rounding.ts";
import type { Leg } from "./types.ts";

/**
 * What one lot of a series is worth at a price, in price units: call max(S − K, 0), put max(K − S, 0). The one place
 * where the shape of a payoff is written down; an inverse book divides it by S.
 */
export function payoff(isCall: boolean, strike: bigint, price: bigint): bigint {
  return isCall ? max(price - strike, 0n) : max(strike - price, 0n);
}

/** V(S): what a vector of legs is worth at a price, in price units × lots. */
export function vectorValue(legs: readonly Leg[], price: bigint): bigint {
  let value = 0n;
  for (const leg of legs) value += leg.quantity * payoff(leg.isCall, leg.strike, price);
  return value;
}

/** Σ of the call quantities of a vector: the slope of V above the highest strike. */
export function callSum(legs: readonly Leg[]): bigint {
  let sum = 0n;
  for (const leg of legs) if (leg.isCall) sum += leg.quantity;
  return sum;
}

/** The strikes of a vector, each once, ascending. */
export function strikesOf(legs: readonly Leg[]): readonly bigint[] {
  const strikes = [...new Set(legs.map((leg) => leg.strike))];
  return strikes.sort((a, b) => (a < b ? -1 : Number(a > b)));
}

import { ModelFault } from "./errors.ts";
import { callSum, strikesOf, vectorValue } from "./payoff.ts";
import { ceilDiv, max } from "./rounding.ts";
import type { Leg, Scale } from "./types.ts";

/**
 * The least collateral, in base units, with which a vector of legs is covered at every price. V is linear in S between
 * the strikes (in an inverse book V/S is linear in 1/S), so its least value stands at a knot or at an end.
 *
 * @param scale - Lot scale of the market.
 * @param legs - The vector; in a linear book its call quantities do not add up to less than zero.
 */
export function requirement(scale: Scale, legs: readonly Leg[]): bigint {
  return scale.inverse ? inverseRequirement(scale, legs) : linearRequirement(scale, legs);
}

function linearRequirement({ num, den }: Scale, legs: readonly Leg[]): bigint {
  if (callSum(legs) < 0n) throw new ModelFault("net short calls have no finite requirement");
  let least = 0n;
  for (const price of [0n, ...strikesOf(legs)]) {
    least = max(least, ceilDiv(-vectorValue(legs, price) * num, den));
  }
  return least;
}

function inverseRequirement({ num, den }: Scale, legs: readonly Leg[]): bigint {
  let least = max(0n, ceilDiv(-callSum(legs) * num, den));
  for (const strike of strikesOf(legs)) {
    least = max(least, ceilDiv(-vectorValue(legs, strike) * num, den * strike));
  }
  return least;
}

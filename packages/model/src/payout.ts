import { vectorValue } from "./payoff.ts";
import { floorDiv } from "./rounding.ts";
import type { Leg, Scale } from "./types.ts";

/**
 * What an account is owed at a settlement price, in base units: one division, floored toward −∞. Negative for a vector
 * that its collateral does not cover.
 */
export function payout(
  scale: Scale,
  collateral: bigint,
  legs: readonly Leg[],
  price: bigint,
): bigint {
  const divisor = scale.inverse ? scale.den * price : scale.den;
  return collateral + floorDiv(vectorValue(legs, price) * scale.num, divisor);
}

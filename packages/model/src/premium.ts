import { PRICE_ONE } from "./constants.ts";
import { ceilDiv } from "./rounding.ts";
import type { Scale } from "./types.ts";

/** P(x): what the maker has received after x units in base units, rounded toward +∞ for either sign. */
export function premiumUpTo(scale: Scale, premium: bigint, units: bigint): bigint {
  const divisor = scale.inverse ? scale.den * PRICE_ONE : scale.den;
  return ceilDiv(units * premium * scale.num, divisor);
}

/** P(filled + units) − P(filled): what a fill moves to the maker, so that splitting neither gains nor loses. */
export function premiumOf(scale: Scale, premium: bigint, filled: bigint, units: bigint): bigint {
  return premiumUpTo(scale, premium, filled + units) - premiumUpTo(scale, premium, filled);
}

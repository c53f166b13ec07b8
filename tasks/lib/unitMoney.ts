import type { TermsStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { PRICE_DECIMALS } from "./decimals.ts";
import { isInverse } from "./markets.ts";

/** What a lot is worth. */
export type LotScale = Pick<TermsStructOutput, "style" | "num" | "den">;

/**
 * What the maker receives for one unit, base units, rounded toward −∞: a fill never brings it less a unit.
 *
 * @param premium - 8 decimals.
 */
export function unitPremium({ style, num, den }: LotScale, premium: bigint): bigint {
  const divisor = isInverse({ style }) ? den * 10n ** BigInt(PRICE_DECIMALS) : den;
  const product = premium * num;
  return product / divisor - (product % divisor < 0n ? 1n : 0n);
}

/**
 * What a unit may draw from the maker's free cash when its position is empty: the requirement of the unit's legs, less
 * the premium received, plus a premium paid.
 *
 * @param requirement - Of one unit's legs, base units.
 * @param premium - What the maker receives a unit, 8 decimals.
 */
export function unitDraw(terms: LotScale, requirement: bigint, premium: bigint): bigint {
  const received = unitPremium(terms, premium);
  return requirement > received ? requirement - received : 0n;
}

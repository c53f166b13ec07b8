import { MAX_INT64 } from "./constants.ts";
import { payout } from "./payout.ts";
import { strikesOf, vectorValue } from "./payoff.ts";
import { max, min } from "./rounding.ts";
import type { Leg, Scale } from "./types.ts";

/** A point of a payoff curve. */
export interface CurvePoint {
  /** Settlement price, 8 decimals. */
  readonly price: bigint;
  /** V(S), price units × lots. */
  readonly value: bigint;
  /** What the account would be paid, base units; negative where it is not covered. */
  readonly payout: bigint;
}

/** Which prices a curve shows. */
export interface CurveRange {
  /** Lowest price; half the lowest strike if left out. */
  readonly from?: bigint;
  /** Highest price; twice the highest strike if left out. */
  readonly to?: bigint;
  /** Equal steps between the two, beside the knots. An inverse curve bends between its knots and needs some. */
  readonly steps?: bigint;
}

/**
 * The payoff of a position for a chart: the ends of the range, every strike inside it and equal steps between, ascending,
 * each price once.
 */
export function payoffCurve(
  scale: Scale,
  collateral: bigint,
  legs: readonly Leg[],
  range: CurveRange = {},
): readonly CurvePoint[] {
  const knots = strikesOf(legs);
  const from = max(1n, range.from ?? (knots[0] ?? 2n) / 2n);
  const to = min(MAX_INT64, max(from, range.to ?? (knots.at(-1) ?? from) * 2n));
  const steps = max(1n, range.steps ?? 1n);
  const prices = new Set(knots.filter((knot) => from <= knot && knot <= to));
  for (let step = 0n; step <= steps; step++) prices.add(from + ((to - from) * step) / steps);
  return [...prices]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((price) => ({
      price,
      value: vectorValue(legs, price),
      payout: payout(scale, collateral, legs, price),
    }));
}

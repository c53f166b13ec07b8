import { payoffCurve } from "@certus/model";
import type { CurveRange, Leg, Scale } from "@certus/model";

/** A position and what it has cost. */
export interface Holding {
  readonly scale: Scale;
  readonly legs: readonly Leg[];
  /** Base units. */
  readonly collateral: bigint;
  /** What went in from free cash, premium and fee included; negative: more came out. */
  readonly paidIn: bigint;
}

/** Profit at a settlement price. */
export interface ProfitPoint {
  /** 8 decimals. */
  readonly price: bigint;
  /** Base units. */
  readonly profit: bigint;
}

/** The profit of a holding over settlement prices: ends, strikes and equal steps. */
export function profitCurve(holding: Holding, range: CurveRange): readonly ProfitPoint[] {
  const { scale, collateral, legs, paidIn } = holding;
  return payoffCurve(scale, collateral, legs, range).map(({ price, payout }) => ({
    price,
    profit: payout - paidIn,
  }));
}

/** Where a curve crosses zero. */
export interface Breakeven {
  readonly price: bigint;
  /** Whether a higher price means a profit. */
  readonly rising: boolean;
}

/** The prices at which a curve crosses zero, between its points along straight lines. */
export function breakevens(curve: readonly ProfitPoint[]): readonly Breakeven[] {
  const found: Breakeven[] = [];
  curve.forEach((point, index) => {
    const before = curve[index - 1];
    if (before === undefined || before.profit < 0n === point.profit < 0n) return;
    const step = point.price - before.price;
    const price = before.price + (step * before.profit) / (before.profit - point.profit);
    found.push({ price, rising: before.profit < 0n });
  });
  return found;
}

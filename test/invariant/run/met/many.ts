import type { ErrorName, LedgerEvent } from "@certus/model";

import type { Actions } from "../command.ts";

/** Why orders are skipped. */
const REASONS: readonly ErrorName[] = [
  "SameAccount",
  "OrderExpired",
  "ForeignTaker",
  "EpochStale",
  "OrderCancelled",
  "OrderFilledUp",
  "NonceTaken",
  "BelowMinFill",
  "BadSignature",
  "QuantityBound",
  "TooManyLegs",
  "CollateralBound",
  "DrawTooSmall",
  "Undercovered",
  "RiskRestricted",
  "CeilingReached",
];

/** Situations of fills from many makers. */
export const OF_MANY: readonly string[] = [
  "fillMany from two makers or more",
  "fillMany from one maker twice",
  "fillMany of 2 parts",
  "fillMany up to maxUnits within an order",
  "fillMany with a draw of the taker",
  ...REASONS.map((reason) => `fillMany that skips for ${reason}`),
];

/** What a call met with, by its events. */
export function* ofMany(
  { maxUnits }: Actions["fillMany"],
  events: readonly LedgerEvent[],
): Iterable<string> {
  const filled = events.flatMap(({ name, args }) => (name === "OrderFilled" ? [args] : []));
  const makers = new Set(filled.map(({ maker }) => maker));
  if (makers.size > 1) yield "fillMany from two makers or more";
  if (makers.size < filled.length) yield "fillMany from one maker twice";
  if (filled[0]?.parts.length === 2) yield "fillMany of 2 parts";
  const units = filled.reduce((sum, one) => sum + one.units, 0n);
  if (units === maxUnits && (filled.at(-1)?.remaining ?? 0n) > 0n) {
    yield "fillMany up to maxUnits within an order";
  }
  if (events.some(({ name }) => name === "Allocated")) yield "fillMany with a draw of the taker";
  for (const { name, args } of events) {
    if (name === "FillSkipped") yield `fillMany that skips for ${args.reason.name}`;
  }
}

import { MAX_LEGS, addLegs, findAccount, findBook, positionOf, unpackLegs } from "@certus/model";
import type { ErrorName, EventFields, LedgerEvent, State } from "@certus/model";

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
  "fillMany with 33 legs between two orders",
  ...REASONS.map((reason) => `fillMany that skips for ${reason}`),
];

/** Whether the taker held more legs behind an order than a position may have. */
function wasCrowded(state: State, fills: readonly EventFields["OrderFilled"][]): boolean {
  const [last, part] = [fills.at(-1), fills[0]?.parts[0]];
  const book = part && findBook(state, part.book);
  if (last === undefined || part === undefined || book === undefined) return false;
  let { legs } = positionOf(findAccount(state, last.taker), book);
  for (const { units } of fills.toReversed()) {
    if (legs.length > MAX_LEGS) return true;
    legs = addLegs(legs, unpackLegs(part.legs), units);
  }
  return false;
}

/** What a call met with, by its events and the model's state after it. */
export function* ofMany(
  state: State,
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
  if (wasCrowded(state, filled)) yield "fillMany with 33 legs between two orders";
  if (events.some(({ name }) => name === "Allocated")) yield "fillMany with a draw of the taker";
  for (const { name, args } of events) {
    if (name === "FillSkipped") yield `fillMany that skips for ${args.reason.name}`;
  }
}

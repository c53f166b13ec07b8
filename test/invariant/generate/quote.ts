import {
  MAX_INT64,
  abs,
  addLegs,
  findAccount,
  findBook,
  max,
  positionOf,
  premiumOf,
  quantityIn,
  requirement,
  unpackLegs,
} from "@certus/model";
import type { AccountId, Address, Leg, Order } from "@certus/model";

import { cashIn } from "./cash.ts";
import type { Scene } from "./scene.ts";

/** What one part of a fill would do. */
export interface PartQuote {
  readonly token: Address;
  /** What the taker pays, fee included. */
  readonly pay: bigint;
  readonly fee: bigint;
  /** What maker and taker lack; 0 or less if nothing. */
  readonly makerShort: bigint;
  readonly takerShort: bigint;
}

/** Whether all quantities keep to their bound. */
export function isWithin(legs: readonly Leg[]): boolean {
  return legs.every(({ quantity }) => abs(quantity) <= MAX_INT64);
}

/** Lots that the taker opens: all it ends with where the sign turns, else what comes on top. */
export function opened(
  moved: readonly Leg[],
  before: readonly Leg[],
  after: readonly Leg[],
): bigint {
  let lots = 0n;
  for (const leg of moved) {
    const [from, to] = [quantityIn(before, leg), quantityIn(after, leg)];
    lots += from * to < 0n ? abs(to) : max(0n, abs(to) - abs(from));
  }
  return lots;
}

/**
 * What a fill would do, so that amounts can be drawn at its boundaries. Nothing if the order is not well formed or a
 * quantity leaves its bounds.
 */
export function quoteFill(
  { state }: Scene,
  order: Order,
  units: bigint,
  taking: AccountId,
): readonly PartQuote[] | undefined {
  const maker = findAccount(state, order.account);
  const taker = findAccount(state, taking);
  const known = maker?.nonces.get(order.nonce);
  const filled = known?.state === "partial" ? known.filled : 0n;
  const quotes: PartQuote[] = [];
  for (const part of order.parts) {
    const book = findBook(state, part.book);
    if (book === undefined) return undefined;
    const { scale, terms } = book.market;
    const moved = unpackLegs(part.legs);
    const [makerHeld, takerHeld] = [positionOf(maker, book), positionOf(taker, book)];
    const makerLegs = addLegs(makerHeld.legs, moved, units);
    const takerLegs = addLegs(takerHeld.legs, moved, -units);
    if (!isWithin(makerLegs) || !isWithin(takerLegs)) return undefined;
    const premium = premiumOf(scale, part.premium, filled, units);
    const fee = terms.feePerLot * opened(moved, takerHeld.legs, takerLegs);
    quotes.push({
      token: terms.token,
      pay: premium + fee,
      fee,
      makerShort: requirement(scale, makerLegs) - (makerHeld.collateral + premium),
      takerShort: requirement(scale, takerLegs) - (takerHeld.collateral - premium - fee),
    });
  }
  return quotes;
}

/** A side of a fill. */
export type SideName = "makerShort" | "takerShort";

/** Free cash that a side lacks, by token. */
export function lacking<S extends SideName>(
  scene: Scene,
  quotes: readonly ({ readonly token: Address } & Readonly<Record<S, bigint>>)[],
  account: AccountId,
  side: S,
): readonly (readonly [token: Address, amount: bigint])[] {
  const needed = new Map<Address, bigint>();
  for (const quote of quotes) {
    const short: bigint = max(0n, quote[side]);
    needed.set(quote.token, (needed.get(quote.token) ?? 0n) + short);
  }
  return [...needed]
    .map(([token, amount]) => [token, amount - cashIn(scene, account, token)] as const)
    .filter(([, amount]) => amount > 0n);
}

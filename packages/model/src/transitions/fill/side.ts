import { MAX_INT64, MAX_LEGS, MAX_UINT112 } from "../../constants.ts";
import { requirement } from "../../coverage.ts";
import { refuse } from "../../errors.ts";
import { seriesOf } from "../../ids.ts";
import { addLegs, quantityIn } from "../../legs.ts";
import { abs, max } from "../../rounding.ts";
import { cashOf, findAccount } from "../../state.ts";
import type { Account, Book, Position, State } from "../../state.ts";
import type { AccountId, Address, Leg } from "../../types.ts";

/** One of the two accounts of a fill, while its new state is worked out in memory. */
export interface Side {
  readonly id: AccountId;
  readonly account: Account | undefined;
  /** Free cash left by token, once a draw has touched it. */
  readonly cash: Map<Address, bigint>;
}

/** What a part leaves behind on one side. */
export interface NextPosition {
  readonly before: Position;
  readonly collateral: bigint;
  readonly legs: readonly Leg[];
  /** Drawn from free cash. */
  readonly draw: bigint;
}

/** A side before its first part. */
export function openSide(state: State, id: AccountId): Side {
  return { id, account: findAccount(state, id), cash: new Map() };
}

/** held + times × moved for a side, within the bounds of quantities and of the number of legs. */
export function moveLegs(
  side: Side,
  book: Book,
  held: readonly Leg[],
  moved: readonly Leg[],
  times: bigint,
): readonly Leg[] {
  for (const leg of moved) {
    const change = times * leg.quantity;
    for (const quantity of [change, quantityIn(held, leg) + change]) {
      if (abs(quantity) <= MAX_INT64) continue;
      refuse("QuantityBound", side.id, seriesOf(book.book, leg.isCall, leg.strike), quantity);
    }
  }
  const legs = addLegs(held, moved, times);
  const count = BigInt(legs.length);
  if (count > MAX_LEGS) refuse("TooManyLegs", side.id, book.book, count, MAX_LEGS);
  return legs;
}

/**
 * Covers legs with collateral, and with free cash where it falls short.
 *
 * @param collateral - After premium and fee; below zero if they ate more than there was.
 * @param allowed - Most that may be drawn.
 */
export function cover(
  side: Side,
  book: Book,
  legs: readonly Leg[],
  collateral: bigint,
  allowed: bigint,
): { readonly collateral: bigint; readonly draw: bigint } {
  if (collateral > MAX_UINT112) {
    refuse("CollateralBound", side.id, book.book, collateral, MAX_UINT112);
  }
  const needed = requirement(book.market.scale, legs);
  const shortfall = needed - collateral;
  if (shortfall <= 0n) return { collateral, draw: 0n };
  if (shortfall > allowed) refuse("DrawTooSmall", side.id, book.book, shortfall, allowed);
  const { token } = book.market.terms;
  const cash = side.cash.get(token) ?? cashOf(side.account, token);
  if (shortfall > cash) {
    refuse("Undercovered", side.id, book.book, max(collateral + cash, 0n), needed);
  }
  if (needed > MAX_UINT112) {
    refuse("CollateralBound", side.id, book.book, needed, MAX_UINT112);
  }
  side.cash.set(token, cash - shortfall);
  return { collateral: needed, draw: shortfall };
}

import { MAX_INT64, MAX_LEGS, MAX_UINT112 } from "../../constants.ts";
import { requirement } from "../../coverage.ts";
import { refuse } from "../../errors.ts";
import { seriesOf } from "../../ids.ts";
import { addLegs, quantityIn } from "../../legs.ts";
import { abs, max } from "../../rounding.ts";
import { cashOf, findAccount, positionOf } from "../../state.ts";
import type { Account, Book, Nonce, Position, State } from "../../state.ts";
import type { AccountId, Address, Leg } from "../../types.ts";

/** One of the accounts of a call, while its new state is worked out in memory. */
export interface Side {
  readonly id: AccountId;
  readonly account: Account | undefined;
  /** Free cash left by token, once a draw has touched it. */
  readonly cash: Map<Address, bigint>;
  /** Positions by the key of their book, once a fill has moved them. */
  readonly positions: Map<string, Position>;
  /** Nonces that fills of the call have written. */
  readonly nonces: Map<bigint, Nonce>;
}

/** What a part leaves behind on one side. */
export interface NextPosition {
  readonly before: Position;
  readonly collateral: bigint;
  readonly legs: readonly Leg[];
  /** Drawn from free cash. */
  readonly draw: bigint;
}

/** Collateral after a draw, if there is one. */
export interface Cover {
  readonly collateral: bigint;
  readonly draw: bigint;
  /** Shortfall that is left uncovered for now. */
  readonly deferred: bigint;
}

/** A side before its first part. */
export function openSide(state: State, id: AccountId): Side {
  const account = findAccount(state, id);
  return { id, account, cash: new Map(), positions: new Map(), nonces: new Map() };
}

/** A side that goes on from another one and leaves it as it is. */
export function branchSide({ id, account, cash, positions, nonces }: Side): Side {
  return {
    id,
    account,
    cash: new Map(cash),
    positions: new Map(positions),
    nonces: new Map(nonces),
  };
}

/** Position of a side, as the call has left it so far. */
export function positionIn(side: Side, book: Book): Position {
  return side.positions.get(book.key) ?? positionOf(side.account, book);
}

/** held + times × moved for a side, within the bounds of quantities and of the number of legs. */
export function moveLegs(
  side: Side,
  book: Book,
  held: readonly Leg[],
  moved: readonly Leg[],
  times: bigint,
  most = MAX_LEGS,
): readonly Leg[] {
  for (const leg of moved) {
    const change = times * leg.quantity;
    for (const quantity of [change, quantityIn(held, leg) + change]) {
      if (abs(quantity) <= MAX_INT64) continue;
      refuse("QuantityBound", side.id, seriesOf(book.book, leg.isCall, leg.strike), quantity);
    }
  }
  const legs = addLegs(held, moved, times);
  requireRoom(side, book, legs, most);
  return legs;
}

/** Refuses more legs than a position may have. */
export function requireRoom(side: Side, book: Book, legs: readonly Leg[], most = MAX_LEGS): void {
  const count = BigInt(legs.length);
  if (count > most) refuse("TooManyLegs", side.id, book.book, count, most);
}

/**
 * Covers legs with collateral, and with free cash where it falls short.
 *
 * @param collateral - After premium and fee; below zero if they ate more than there was.
 * @param allowed - Most that may be drawn.
 * @param deferring - Leaves legs uncovered, rather than refuse, if not all of the shortfall may or can be drawn and
 * the collateral is not below zero and can reach what is needed.
 */
export function cover(
  side: Side,
  book: Book,
  legs: readonly Leg[],
  collateral: bigint,
  allowed: bigint,
  deferring = false,
): Cover {
  if (collateral > MAX_UINT112) {
    refuse("CollateralBound", side.id, book.book, collateral, MAX_UINT112);
  }
  const needed = requirement(book.market.scale, legs);
  const shortfall = needed - collateral;
  if (shortfall <= 0n) return { collateral, draw: 0n, deferred: 0n };
  const { token } = book.market.terms;
  const cash = side.cash.get(token) ?? cashOf(side.account, token);
  const drawn = shortfall <= allowed && shortfall <= cash;
  if (!drawn && deferring && collateral >= 0n && needed <= MAX_UINT112) {
    return { collateral, draw: 0n, deferred: shortfall };
  }
  if (shortfall > allowed) refuse("DrawTooSmall", side.id, book.book, shortfall, allowed);
  if (shortfall > cash) {
    refuse("Undercovered", side.id, book.book, max(collateral + cash, 0n), needed);
  }
  if (needed > MAX_UINT112) {
    refuse("CollateralBound", side.id, book.book, needed, MAX_UINT112);
  }
  side.cash.set(token, cash - shortfall);
  return { collateral: needed, draw: shortfall, deferred: 0n };
}

import { MAX_INT64, MAX_LEGS, SCOPE_MANAGE } from "../constants.ts";
import { requireBook, requireLive, requirePermitted } from "../context.ts";
import type { Context, Effect, Queued } from "../context.ts";
import { requirement } from "../coverage.ts";
import { refuse } from "../errors.ts";
import { ownerOf, seriesOf, unpackLegs } from "../ids.ts";
import { addLegs, compareLegs, quantityIn } from "../legs.ts";
import { callSum } from "../payoff.ts";
import type { Book } from "../state.ts";
import type { AccountId, BookId, Leg } from "../types.ts";
import { moveLegs, openSide, positionIn } from "./fill/side.ts";
import type { Side } from "./fill/side.ts";

/** Both accounts are the caller's to manage, of one owner, and two. */
function checkAccounts(context: Context, from: AccountId, to: AccountId): void {
  for (const account of [from, to]) requirePermitted(context, account, SCOPE_MANAGE);
  if (ownerOf(from) !== ownerOf(to)) refuse("OwnersDiffer", from, to);
  if (from === to) refuse("SameAccount", from);
}

/** The legs as a vector; in a linear book their calls net to zero, as they do in every account. */
function shapeLegs(book: Book, packed: readonly bigint[]): readonly Leg[] {
  const count = BigInt(packed.length);
  if (count > MAX_LEGS) refuse("LegsBound", 0n, count, MAX_LEGS);
  const legs = unpackLegs(packed);
  legs.forEach((leg, index) => {
    const previous = legs[index - 1];
    if (previous && compareLegs(previous, leg) >= 0) refuse("LegsUnsorted", 0n, BigInt(index));
    const { quantity } = leg;
    if (quantity === 0n || quantity < -MAX_INT64) {
      refuse("LegQuantity", 0n, BigInt(index), quantity);
    }
  });
  const sum = callSum(legs);
  if (!book.market.scale.inverse && sum !== 0n) refuse("CallsMustNet", book.book, sum);
  return legs;
}

/** At most what is held, with its sign: no position opens here. */
function checkHeld(book: Book, held: readonly Leg[], moved: readonly Leg[]): void {
  for (const leg of moved) {
    const own = quantityIn(held, leg);
    const given = leg.quantity;
    const holds = given > 0n ? given <= own : own <= given;
    if (!holds) refuse("NotHeld", seriesOf(book.book, leg.isCall, leg.strike), own, given);
  }
}

/** Refuses a position that is not covered; in a batch it is queued. */
function requireCover(
  context: Context,
  { id }: Side,
  book: Book,
  collateral: bigint,
  legs: readonly Leg[],
): readonly Queued[] {
  const needed = requirement(book.market.scale, legs);
  if (collateral >= needed) return [];
  if (context.deferring !== true) refuse("Undercovered", id, book.book, collateral, needed);
  return [{ account: id, book }];
}

/** transferLegs(from, to, book, legs, collateral): manage of both. */
export function transferLegs(
  context: Context,
  from: AccountId,
  to: AccountId,
  book: BookId,
  legs: readonly bigint[],
  collateral: bigint,
): Effect<void> {
  checkAccounts(context, from, to);
  const target = requireBook(context, book);
  requireLive(context, target);
  if (legs.length === 0 && collateral === 0n) refuse("ZeroAmount");
  const moved = shapeLegs(target, legs);
  const [giver, receiver] = [openSide(context.state, from), openSide(context.state, to)];
  const [given, received] = [positionIn(giver, target), positionIn(receiver, target)];
  checkHeld(target, given.legs, moved);
  if (given.collateral < collateral) {
    refuse("CollateralShort", from, book, collateral, given.collateral);
  }
  const after = moveLegs(receiver, target, received.legs, moved, 1n);
  const left = addLegs(given.legs, moved, -1n);
  const queued = [
    ...requireCover(context, giver, target, given.collateral - collateral, left),
    ...requireCover(context, receiver, target, received.collateral + collateral, after),
  ];
  const args = { from, to, book, legs, collateral };
  return { returned: undefined, events: [{ name: "LegsMoved", args }], queued };
}

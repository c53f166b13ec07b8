import { SCOPE_MANAGE } from "../constants.ts";
import { requireBook, requireLive, requirePermitted } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import { ownerOf } from "../ids.ts";
import { addLegs } from "../legs.ts";
import type { AccountId, BookId } from "../types.ts";
import { shapeLegs } from "./fill/shape.ts";
import { moveLegs, openSide, positionIn } from "./fill/side.ts";
import { requireCover, requireHeld } from "./held.ts";

/** Both accounts are the caller's to manage, of one owner, and two. */
function checkAccounts(context: Context, from: AccountId, to: AccountId): void {
  for (const account of [from, to]) requirePermitted(context, account, SCOPE_MANAGE);
  if (ownerOf(from) !== ownerOf(to)) refuse("OwnersDiffer", from, to);
  if (from === to) refuse("SameAccount", from);
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
  const moved = legs.length > 0 ? shapeLegs(target, 0n, legs) : [];
  const [giver, receiver] = [openSide(context.state, from), openSide(context.state, to)];
  const [given, received] = [positionIn(giver, target), positionIn(receiver, target)];
  requireHeld(target, given.legs, moved, 1n);
  if (given.collateral < collateral) {
    refuse("CollateralShort", from, book, collateral, given.collateral);
  }
  const after = moveLegs(receiver, target, received.legs, moved, 1n);
  const left = addLegs(given.legs, moved, -1n);
  const queued = [
    ...requireCover(context, from, target, given.collateral - collateral, left),
    ...requireCover(context, to, target, received.collateral + collateral, after),
  ];
  const args = { from, to, book, legs, collateral };
  return { returned: undefined, events: [{ name: "LegsMoved", args }], queued };
}

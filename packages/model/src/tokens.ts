import { addHeld, knownBook, moveHolding, natural, tokenOf } from "./cells.ts";
import { MAX_UINT256 } from "./constants.ts";
import { ModelFault } from "./errors.ts";
import type { EventFields, PackageMove } from "./events.ts";
import {
  addPackages,
  isTokenOperator,
  packageAllowanceOf,
  setPackageAllowance,
} from "./holders.ts";
import type { Package } from "./holders.ts";
import { ownerOf, unpackLegs } from "./ids.ts";
import { packageId } from "./packages.ts";
import { keyOf, openAccount } from "./state.ts";
import type { State } from "./state.ts";

/** An event names its package by the id of its legs. */
function requirePackage({ id, book, legs }: Package): void {
  if (id === packageId(book, legs)) return;
  throw new ModelFault(`0x${id.toString(16)} is not the id of its legs`);
}

/** Legs of an account become packages of its owner, or the other way round where times is −1. */
function movePackages(state: State, move: PackageMove, times: bigint): void {
  requirePackage(move);
  const { account, id, book, legs, amount } = move;
  const owned = openAccount(state, account);
  moveHolding(owned, knownBook(state, book), unpackLegs(legs), -times * amount, 0n);
  addPackages(state, ownerOf(account), id, times * amount);
}

/** Applies a wrap, and learns what the package is made of. */
export function applyWrapped(state: State, move: EventFields["Wrapped"]): void {
  movePackages(state, move, 1n);
  const { id, book, legs } = move;
  state.packages.set(keyOf(id), { id, book, legs });
}

/** Applies an unwrap. */
export function applyUnwrapped(state: State, move: EventFields["Unwrapped"]): void {
  movePackages(state, move, -1n);
}

/** Applies a redemption. */
export function applyRedeemed(state: State, redeemed: EventFields["Redeemed"]): void {
  requirePackage(redeemed);
  const { holder, id, amount, payout } = redeemed;
  const book = knownBook(state, redeemed.book);
  addPackages(state, holder, id, -amount);
  book.pool = natural(book.pool - payout, "pool");
  addHeld(state, tokenOf(book), -payout);
}

/** Applies a transfer between holders; of one from or to nobody the event behind it tells all but a spent allowance. */
export function applyTransfer(state: State, transfer: EventFields["Transfer"]): void {
  const { caller, sender, receiver, id, amount } = transfer;
  if (sender === 0n) return;
  if (caller !== sender && !isTokenOperator(state, sender, caller)) {
    const allowance = packageAllowanceOf(state, sender, caller, id);
    const left = allowance === MAX_UINT256 ? allowance : allowance - amount;
    setPackageAllowance(state, sender, caller, id, left);
  }
  if (receiver === 0n) return;
  addPackages(state, sender, id, -amount);
  addPackages(state, receiver, id, amount);
}

import { MAX_INT64, SCOPE_MANAGE } from "../constants.ts";
import { requireBook, requireLive, requirePermitted } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { requirement } from "../coverage.ts";
import { refuse } from "../errors.ts";
import type { EventFields, LedgerEvent } from "../events.ts";
import { packageBalanceOf } from "../holders.ts";
import { ownerOf, seriesOf, unpackLegs } from "../ids.ts";
import { addLegs } from "../legs.ts";
import { packageId } from "../packages.ts";
import { payout } from "../payout.ts";
import { abs, gcd } from "../rounding.ts";
import { findAccount, positionOf } from "../state.ts";
import type { Book } from "../state.ts";
import type { AccountId, Address, BookId, Leg, PackageId } from "../types.ts";
import { planPush } from "../world/moves.ts";
import { requireAmount, requireReceiver } from "./cash.ts";
import { requireNotHalted, shapeLegs } from "./fill/shape.ts";
import { moveLegs, openSide, positionIn } from "./fill/side.ts";
import { requireCover, requireHeld } from "./held.ts";
import { requireLeave } from "./tokens.ts";

/** One package is in lowest terms and never owes anything. */
function checkPackage(book: Book, legs: readonly Leg[]): void {
  const divisor = legs.reduce((common, { quantity }) => gcd(common, abs(quantity)), 0n);
  if (divisor !== 1n) refuse("PackageNotReduced", divisor);
  const needed = requirement(book.market.scale, legs);
  if (needed > 0n) refuse("PackageNegative", book.book, needed);
}

/** Refuses to burn more packages than somebody holds. */
function requireBalance({ state }: Context, holder: Address, id: PackageId, amount: bigint): void {
  const balance = packageBalanceOf(state, holder, id);
  if (balance < amount) refuse("ERC6909InsufficientBalance", holder, balance, amount, id);
}

function told(args: EventFields["Transfer"], event: LedgerEvent): readonly LedgerEvent[] {
  return [{ name: "Transfer", args }, event];
}

/** wrap(account, book, legs, amount): manage. */
export function wrap(
  context: Context,
  account: AccountId,
  book: BookId,
  legs: readonly bigint[],
  amount: bigint,
): Effect<PackageId> {
  requirePermitted(context, account, SCOPE_MANAGE);
  requireAmount(amount);
  const target = requireBook(context, book);
  requireLive(context, target);
  requireNotHalted(context, target);
  const wrapped = shapeLegs(target, 0n, legs);
  checkPackage(target, wrapped);
  const before = positionOf(findAccount(context.state, account), target);
  requireHeld(target, before.legs, wrapped, amount);
  const left = addLegs(before.legs, wrapped, -amount);
  const queued = requireCover(context, account, target, before.collateral, left);
  const id = packageId(book, legs);
  const minted = {
    caller: context.env.sender,
    sender: 0n,
    receiver: ownerOf(account),
    id,
    amount,
  };
  const args = { account, id, book, legs, amount };
  return { returned: id, events: told(minted, { name: "Wrapped", args }), queued };
}

/** unwrap(account, book, legs, amount): manage. */
export function unwrap(
  context: Context,
  account: AccountId,
  book: BookId,
  legs: readonly bigint[],
  amount: bigint,
): Effect<PackageId> {
  requirePermitted(context, account, SCOPE_MANAGE);
  requireAmount(amount);
  const target = requireBook(context, book);
  requireLive(context, target);
  const id = packageId(book, legs);
  const owner = ownerOf(account);
  requireLeave(context, owner, id, amount);
  requireBalance(context, owner, id, amount);
  const receiver = openSide(context.state, account);
  const before = positionIn(receiver, target);
  const after = moveLegs(receiver, target, before.legs, unpackLegs(legs), amount);
  const queued = requireCover(context, account, target, before.collateral, after);
  const burnt = { caller: context.env.sender, sender: owner, receiver: 0n, id, amount };
  const args = { account, id, book, legs, amount };
  return { returned: id, events: told(burnt, { name: "Unwrapped", args }), queued };
}

/** amount × legs, each within the bound of a quantity. */
function multiply(book: Book, legs: readonly Leg[], amount: bigint): readonly Leg[] {
  const all = addLegs([], legs, amount);
  for (const { isCall, strike, quantity } of all) {
    if (abs(quantity) <= MAX_INT64) continue;
    refuse("QuantityBound", 0n, seriesOf(book.book, isCall, strike), quantity);
  }
  return all;
}

/** redeem(book, legs, amount, to): the holder. */
export function redeem(
  context: Context,
  book: BookId,
  legs: readonly bigint[],
  amount: bigint,
  to: Address,
): Effect<bigint> {
  const holder = context.env.sender;
  requireAmount(amount);
  requireReceiver(context, to);
  const target = requireBook(context, book);
  const { market, price, pool } = target;
  if (price === 0n) refuse("NotFixed", book);
  const id = packageId(book, legs);
  requireBalance(context, holder, id, amount);
  const owed = payout(market.scale, 0n, multiply(target, unpackLegs(legs), amount), price);
  if (owed > pool) refuse("PoolShort", book, owed, pool);
  const burnt = { caller: holder, sender: holder, receiver: 0n, id, amount };
  const args = { holder, id, book, legs, amount, to, payout: owed };
  return {
    returned: owed,
    events: told(burnt, { name: "Redeemed", args }),
    outside: planPush(context, market.terms.token, to, owed),
  };
}

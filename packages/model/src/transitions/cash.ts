import { MAX_UINT112, MAX_UINT256, SCOPE_MANAGE } from "../constants.ts";
import { requireBook, requireLive, requireOwner, requirePermitted } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { requirement } from "../coverage.ts";
import { refuse } from "../errors.ts";
import { ownerOf } from "../ids.ts";
import { cashOf, findAccount, positionOf } from "../state.ts";
import type { Book } from "../state.ts";
import type { AccountId, Address, BookId } from "../types.ts";
import { planPull, planPush } from "../world/moves.ts";

/** Refuses an amount of nothing. */
export function requireAmount(amount: bigint): void {
  if (amount < 1n) refuse("ZeroAmount");
}

function requireAnOwner(account: AccountId): void {
  if (ownerOf(account) === 0n) refuse("OwnerZero", account);
}

function requireCash(context: Context, account: AccountId, token: Address, amount: bigint): void {
  const available = cashOf(findAccount(context.state, account), token);
  if (available < amount) refuse("CashShort", account, token, amount, available);
}

function requirePoolBound(book: Book, added: bigint): void {
  const pool = book.pool + added;
  if (pool <= MAX_UINT112) return;
  refuse("PoolBound", book.book, pool > MAX_UINT256 ? MAX_UINT256 : pool, MAX_UINT112);
}

/** Refuses the zero address and the ledger itself as receivers. */
export function requireReceiver({ state }: Context, to: Address): void {
  if (to === 0n || to === state.ledger) refuse("ReceiverInvalid", to);
}

/** deposit(account, token, amount): anyone pays. */
export function deposit(
  context: Context,
  account: AccountId,
  token: Address,
  amount: bigint,
): Effect<void> {
  requireAmount(amount);
  requireAnOwner(account);
  if (!context.world.code.has(token)) refuse("NoCode", token);
  const outside = planPull(context, token, amount);
  const args = { account, token, book: 0n, payer: context.env.sender, amount };
  return { returned: undefined, events: [{ name: "Deposited", args }], outside };
}

/** depositToBook(account, book, amount): anyone pays. */
export function depositToBook(
  context: Context,
  account: AccountId,
  book: BookId,
  amount: bigint,
): Effect<void> {
  requireAmount(amount);
  requireAnOwner(account);
  const target = requireBook(context, book);
  requireLive(context, target);
  requirePoolBound(target, amount);
  const { token } = target.market.terms;
  const outside = planPull(context, token, amount);
  const args = { account, token, book, payer: context.env.sender, amount };
  return { returned: undefined, events: [{ name: "Deposited", args }], outside };
}

/** withdraw(account, token, amount, to): the owner. */
export function withdraw(
  context: Context,
  account: AccountId,
  token: Address,
  amount: bigint,
  to: Address,
): Effect<void> {
  requireOwner(context, account);
  requireAmount(amount);
  requireReceiver(context, to);
  requireCash(context, account, token, amount);
  const outside = planPush(context, token, to, amount);
  const args = { account, token, to, amount };
  return { returned: undefined, events: [{ name: "Withdrawn", args }], outside };
}

/** allocate(account, book, amount): manage. */
export function allocate(
  context: Context,
  account: AccountId,
  book: BookId,
  amount: bigint,
): Effect<void> {
  requirePermitted(context, account, SCOPE_MANAGE);
  requireAmount(amount);
  const target = requireBook(context, book);
  requireLive(context, target);
  requireCash(context, account, target.market.terms.token, amount);
  requirePoolBound(target, amount);
  const args = { account, book, delta: amount };
  return { returned: undefined, events: [{ name: "Allocated", args }] };
}

/** free(account, book, amount): manage. `Undercovered` names the collateral that would be left. */
export function free(
  context: Context,
  account: AccountId,
  book: BookId,
  amount: bigint,
): Effect<void> {
  requirePermitted(context, account, SCOPE_MANAGE);
  requireAmount(amount);
  const target = requireBook(context, book);
  const { collateral, settled, legs } = positionOf(findAccount(context.state, account), target);
  if (settled) refuse("AlreadySettled", account, book);
  if (context.env.now >= target.expiry && legs.length > 0) {
    refuse("LegsOpen", account, book, BigInt(legs.length));
  }
  if (collateral < amount) refuse("CollateralShort", account, book, amount, collateral);
  const needed = requirement(target.market.scale, legs);
  if (collateral - amount < needed) {
    refuse("Undercovered", account, book, collateral - amount, needed);
  }
  const args = { account, book, delta: -amount };
  return { returned: undefined, events: [{ name: "Allocated", args }] };
}

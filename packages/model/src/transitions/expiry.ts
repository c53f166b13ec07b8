import { MAX_INT64, MAX_UINT112, SCOPE_MANAGE } from "../constants.ts";
import { requireAuthorised, requireBook, requireOracle, requirePermitted } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import type { LedgerEvent } from "../events.ts";
import { ownerOf } from "../ids.ts";
import { payout } from "../payout.ts";
import { min } from "../rounding.ts";
import { findAccount, isEmpty, positionOf } from "../state.ts";
import type { AccountId, Address, BookId, Hex } from "../types.ts";
import { undoAll } from "../undo.ts";
import type { Undo } from "../undo.ts";
import { planPush } from "../world/moves.ts";
import { requireReceiver } from "./cash.ts";

/** fixPrice(book, proof): anyone. */
export function fixPrice(context: Context, book: BookId, proof: Hex): Effect<bigint> {
  const { now } = context.env;
  const { expiry, price: fixed, market } = requireBook(context, book);
  if (fixed !== 0n) refuse("AlreadyFixed", book, fixed);
  if (now < expiry) refuse("NotExpired", book, expiry, now);
  const { oracle, feed, profile } = market.terms;
  const answer = requireOracle(context, oracle).planFix(now, feed, profile, expiry, proof);
  if (answer.returned === 0n) refuse("PriceZero", book);
  const price = min(answer.returned, MAX_INT64);
  return {
    returned: price,
    events: [{ name: "PriceFixed", args: { book, price } }],
    outside: () => answer.commit(),
    oracleEvents: answer.events,
  };
}

/** settle(book, accounts): anyone. An account named twice is settled once. */
export function settle(
  context: Context,
  book: BookId,
  accounts: readonly AccountId[],
): Effect<bigint> {
  const target = requireBook(context, book);
  if (target.price === 0n) refuse("NotFixed", book);
  const events: LedgerEvent[] = [];
  const payouts = new Map<AccountId, bigint>();
  for (const account of accounts) {
    const position = positionOf(findAccount(context.state, account), target);
    if (isEmpty(position) || position.settled || payouts.has(account)) continue;
    const { collateral, legs } = position;
    const amount = payout(target.market.scale, collateral, legs, target.price);
    if (amount < 0n || amount > MAX_UINT112) {
      events.push({ name: "SettleSkipped", args: { book, account, payout: amount } });
    } else {
      payouts.set(account, amount);
    }
  }
  if (payouts.size > 0) {
    const args = { book, accounts: [...payouts.keys()], payouts: [...payouts.values()] };
    events.push({ name: "Settled", args });
  }
  return { returned: BigInt(payouts.size), events };
}

/** claim(account, books, toWallet): manage. A book named twice counts 0 the second time. */
export function claim(
  context: Context,
  account: AccountId,
  books: readonly BookId[],
  toWallet: boolean,
): Effect<readonly bigint[]> {
  requirePermitted(context, account, SCOPE_MANAGE);
  const owned = findAccount(context.state, account);
  const events: LedgerEvent[] = [];
  const moves: (() => Undo)[] = [];
  const sent = new Map<Address, bigint>();
  const cleared = new Set<BookId>();
  const amounts = books.map((book) => {
    const target = requireBook(context, book);
    const position = positionOf(owned, target);
    if (isEmpty(position) || cleared.has(book)) return 0n;
    if (!position.settled) refuse("NotSettled", account, book);
    const amount = position.collateral;
    if (amount > target.pool) refuse("PoolShort", book, amount, target.pool);
    cleared.add(book);
    events.push({ name: "Claimed", args: { account, book, amount, toWallet } });
    const { token } = target.market.terms;
    if (toWallet) {
      const earlier = sent.get(token) ?? 0n;
      moves.push(planPush(context, token, ownerOf(account), amount, earlier));
      sent.set(token, earlier + amount);
    }
    return amount;
  });
  const outside = (): Undo => {
    const undos = moves.map((move) => move());
    return () => undoAll(undos);
  };
  return { returned: amounts, events, outside };
}

/** pushFees(book): anyone. */
export function pushFees(context: Context, book: BookId): Effect<bigint> {
  const { fees: amount, market } = requireBook(context, book);
  if (amount === 0n) return { returned: 0n, events: [] };
  const { treasury } = context.state;
  const outside = planPush(context, market.terms.token, treasury, amount);
  const args = { book, treasury, amount };
  return { returned: amount, events: [{ name: "FeesPushed", args }], outside };
}

/** setTreasury(treasury): restricted. */
export function setTreasury(context: Context, treasury: Address): Effect<void> {
  requireAuthorised(context, "setTreasury");
  requireReceiver(context, treasury);
  const args = { previous: context.state.treasury, current: treasury };
  return { returned: undefined, events: [{ name: "TreasurySet", args }] };
}

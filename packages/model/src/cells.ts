import { ModelFault } from "./errors.ts";
import { addLegs } from "./legs.ts";
import { cashOf, findBook, findMarket, isEmpty, positionOf } from "./state.ts";
import type { Account, Book, Market, Position, State } from "./state.ts";
import type { Address, Leg } from "./types.ts";

/** A market that an event names. */
export function knownMarket(state: State, market: bigint): Market {
  const found = findMarket(state, market);
  if (found === undefined) throw new ModelFault(`market 0x${market.toString(16)} is not listed`);
  return found;
}

/** A book that an event names. */
export function knownBook(state: State, book: bigint): Book {
  const found = findBook(state, book);
  if (found === undefined) throw new ModelFault(`book 0x${book.toString(16)} is not open`);
  return found;
}

/** A number that no sequence of events takes below zero. */
export function natural(value: bigint, what: string): bigint {
  if (value < 0n) throw new ModelFault(`${what} falls below zero: ${value}`);
  return value;
}

/** Adds to free cash; no entry is kept for none. */
export function addCash(account: Account, token: Address, amount: bigint): void {
  const cash = natural(cashOf(account, token) + amount, "free cash");
  if (cash === 0n) account.cash.delete(token);
  else account.cash.set(token, cash);
}

/** Adds to what the ledger holds of a token; no entry is kept for none. */
export function addHeld(state: State, token: Address, amount: bigint): void {
  const held = natural((state.held.get(token) ?? 0n) + amount, "what is held of a token");
  if (held === 0n) state.held.delete(token);
  else state.held.set(token, held);
}

/** Writes a position; none is kept that is empty. */
export function setPosition(account: Account, book: Book, position: Position): void {
  natural(position.collateral, "collateral");
  writePosition(account, book, position);
}

/** Writes a position whose collateral may be below zero until the call ends. */
export function writePosition(account: Account, book: Book, position: Position): void {
  if (isEmpty(position)) account.positions.delete(book.key);
  else account.positions.set(book.key, position);
}

/** Adds to collateral and pool. */
export function addCollateral(account: Account, book: Book, amount: bigint): void {
  const position = positionOf(account, book);
  setPosition(account, book, { ...position, collateral: position.collateral + amount });
  book.pool = natural(book.pool + amount, "pool");
}

/** Token of a book. */
export function tokenOf(book: Book): Address {
  return book.market.terms.token;
}

/** Adds or takes legs and collateral, the times being 1 or −1. */
export function moveHolding(
  account: Account,
  book: Book,
  legs: readonly Leg[],
  times: bigint,
  collateral: bigint,
): void {
  const before = positionOf(account, book);
  setPosition(account, book, {
    collateral: before.collateral + times * collateral,
    settled: before.settled,
    legs: addLegs(before.legs, legs, times),
  });
}

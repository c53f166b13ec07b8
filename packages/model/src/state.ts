import { domainSeparator } from "./eip712.ts";
import type { Holder, Package } from "./holders.ts";
import type { AccountId, Address, BookId, Leg, MarketId, Scale, Terms } from "./types.ts";

/** The word that a market's guard writes, and what fills read with it. */
export interface Guard {
  /** Current ceiling, at most the terms'. */
  ceiling: bigint;
  /** The level reads as Normal from here on. */
  until: bigint;
  /** Start of the halt before the last, or 0. */
  olderHalt: bigint;
  /** Start of the last halt, or 0. */
  newerHalt: bigint;
  /** 0 Normal, 1 Restricted, 2 Halted, as it was set. */
  level: bigint;
  retired: boolean;
}

/** A listed template. */
export interface Market {
  readonly marketId: bigint;
  readonly market: MarketId;
  readonly terms: Terms;
  readonly scale: Scale;
  readonly guard: Guard;
}

/** One market × one expiry. */
export interface Book {
  readonly book: BookId;
  /** The book in the maps of the state. */
  readonly key: string;
  readonly market: Market;
  readonly expiry: bigint;
  /** What the book owes to accounts, base units. */
  pool: bigint;
  /** What it owes to the treasury, base units. */
  fees: bigint;
  /** Settlement price, 0 until it is fixed. */
  price: bigint;
}

/** What an account has in a book. The empty position (no collateral, no legs, not settled) is not kept. */
export interface Position {
  readonly collateral: bigint;
  readonly settled: boolean;
  /** Strictly ascending by strike, the put before the call. */
  readonly legs: readonly Leg[];
}

/** A grant. */
export interface Operator {
  readonly scopes: bigint;
  readonly until: bigint;
  readonly since: bigint;
}

/** State of a nonce that is not unused. */
export type Nonce =
  | { readonly state: "partial"; readonly hashTop: bigint; readonly filled: bigint }
  | { readonly state: "cancelled" }
  | { readonly state: "filled" };

/** Owner × sub-account. */
export interface Account {
  readonly account: AccountId;
  epoch: bigint;
  /** Free cash by token. */
  readonly cash: Map<Address, bigint>;
  /** Positions by the key of their book. */
  readonly positions: Map<string, Position>;
  /** Grants by operator. */
  readonly operators: Map<Address, Operator>;
  readonly nonces: Map<bigint, Nonce>;
}

/**
 * Everything the transition function reads or writes inside the ledger. Maps are keyed by `keyOf` where an id has
 * little variety in its low 64 bits, because that is all an engine hashes of a bigint.
 */
export interface State {
  readonly chainId: bigint;
  /** Address of the ledger. */
  readonly ledger: Address;
  /** EIP-712 domain separator. */
  readonly domain: bigint;
  treasury: Address;
  readonly markets: Map<string, Market>;
  /** The same markets in the order of listing. */
  readonly listed: MarketId[];
  readonly books: Map<string, Book>;
  readonly accounts: Map<string, Account>;
  /** Holders of packages by address. */
  readonly holders: Map<Address, Holder>;
  /** What the packages seen so far are made of, by the key of their id. Derived; no part of the digest. */
  readonly packages: Map<string, Package>;
  /** Tokens taken in and not given out, by token: free cash + pools + fees. */
  readonly held: Map<Address, bigint>;
}

/** What the ledger is created with. */
export interface Genesis {
  readonly chainId: bigint;
  /** Address of the ledger. */
  readonly ledger: Address;
  readonly treasury: Address;
}

/** The position of an account that has none. */
export const EMPTY_POSITION: Position = Object.freeze({
  collateral: 0n,
  settled: false,
  legs: Object.freeze([]),
});

/** The state at genesis. */
export function createState(genesis: Genesis): State {
  return {
    chainId: genesis.chainId,
    ledger: genesis.ledger,
    domain: domainSeparator(genesis.chainId, genesis.ledger),
    treasury: genesis.treasury,
    markets: new Map(),
    listed: [],
    books: new Map(),
    accounts: new Map(),
    holders: new Map(),
    packages: new Map(),
    held: new Map(),
  };
}

/** Key of an account, a book, a market or a package in the maps of the state. */
export function keyOf(id: bigint): string {
  return id.toString(16);
}

/** An account to write to: created if nothing was ever written to it. */
export function openAccount(state: State, account: AccountId): Account {
  const key = keyOf(account);
  const known = state.accounts.get(key);
  if (known !== undefined) return known;
  const created: Account = {
    account,
    epoch: 0n,
    cash: new Map(),
    positions: new Map(),
    operators: new Map(),
    nonces: new Map(),
  };
  state.accounts.set(key, created);
  return created;
}

/** A market, if it is listed. */
export function findMarket(state: State, market: MarketId): Market | undefined {
  return state.markets.get(keyOf(market));
}

/** A book, if it is open. */
export function findBook(state: State, book: BookId): Book | undefined {
  return state.books.get(keyOf(book));
}

/** An account, if anything was ever written to it. */
export function findAccount(state: State, account: AccountId): Account | undefined {
  return state.accounts.get(keyOf(account));
}

/** Free cash of an account. */
export function cashOf(account: Account | undefined, token: Address): bigint {
  return account?.cash.get(token) ?? 0n;
}

/** Position of an account in a book. */
export function positionOf(account: Account | undefined, book: Book): Position {
  return account?.positions.get(book.key) ?? EMPTY_POSITION;
}

/** Whether nothing is kept for the position: its header is an empty word. */
export function isEmpty(position: Position): boolean {
  return position.collateral === 0n && !position.settled && position.legs.length === 0;
}

import { SCOPE_TRADE } from "./constants.ts";
import { refuse } from "./errors.ts";
import type { LedgerEvent } from "./events.ts";
import { ownerOf } from "./ids.ts";
import type { OracleEvent, SettlementOracle } from "./oracle/interface.ts";
import { findAccount, findBook, findMarket } from "./state.ts";
import type { Account, Book, Market, State } from "./state.ts";
import type { AccountId, Address, BookId, Env, MarketId } from "./types.ts";
import type { Undo } from "./undo.ts";
import type { RestrictedFunction, World } from "./world/world.ts";

/** What a transition sees. */
export interface Context {
  readonly state: State;
  readonly world: World;
  readonly env: Env;
  /** True in a batch: a position of an account that the caller acts for may stay uncovered until its end. */
  readonly deferring?: boolean;
}

/**
 * What a call of a batch leaves to the batch's end: a position that must be covered by then, or a book whose pool must be
 * within the ceiling, because open interest rose in it.
 */
export type Queued =
  | { readonly kind: "position"; readonly account: AccountId; readonly book: Book }
  | { readonly kind: "ceiling"; readonly book: Book };

/**
 * What a transition that passed all its checks will do. Nothing has changed yet: the front door runs `outside`, then
 * applies the events, which are the only writes to the state.
 */
export interface Effect<T> {
  readonly returned: T;
  readonly events: readonly LedgerEvent[];
  /** Moves tokens or writes to an oracle; answers what takes it back. */
  readonly outside?: () => Undo;
  readonly oracleEvents?: readonly OracleEvent[];
  /** What is left to the end of a batch, in order; nothing outside of one. */
  readonly queued?: readonly Queued[];
}

/** Refuses anyone but the owner of the account. */
export function requireOwner({ env }: Context, account: AccountId): void {
  if (env.sender !== ownerOf(account)) refuse("NotOwner", account, env.sender);
}

/** Refuses anyone but the owner and operators with the scope. */
export function requirePermitted(context: Context, account: AccountId, scope: bigint): void {
  const { state, env } = context;
  if (env.sender === ownerOf(account)) return;
  const operator = findAccount(state, account)?.operators.get(env.sender);
  const granted = operator !== undefined && (operator.scopes & scope) !== 0n;
  if (!granted || env.now >= operator.until) refuse("NotPermitted", account, env.sender, scope);
}

/** Refuses callers whom the access manager does not let call the function. */
export function requireAuthorised({ world, env }: Context, target: RestrictedFunction): void {
  if (!world.authority[target].has(env.sender)) refuse("AccessManagedUnauthorized", env.sender);
}

/** Whether an order may be signed by the signer: by the owner, or by a trade operator granted before the signing. */
export function maySign(
  account: Account | undefined,
  owner: Address,
  signer: Address,
  signedAt: bigint,
  now: bigint,
): boolean {
  if (signer === owner) return true;
  const operator = account?.operators.get(signer);
  if (operator === undefined || (operator.scopes & SCOPE_TRADE) === 0n) return false;
  return operator.since <= signedAt && signedAt <= now && now < operator.until;
}

/** The market, or `MarketUnknown`. */
export function requireMarket({ state }: Context, market: MarketId): Market {
  return findMarket(state, market) ?? refuse("MarketUnknown", market);
}

/** The book, or `BookNotOpen`. */
export function requireBook({ state }: Context, book: BookId): Book {
  return findBook(state, book) ?? refuse("BookNotOpen", book);
}

/** Refuses a book from its expiry on. */
export function requireLive({ env }: Context, book: Book): void {
  if (env.now >= book.expiry) refuse("BookExpired", book.book, book.expiry, env.now);
}

/** The oracle at an address with code. */
export function requireOracle({ world }: Context, oracle: Address): SettlementOracle {
  return world.oracles.get(oracle) ?? refuse("ForeignCallFailed", oracle);
}

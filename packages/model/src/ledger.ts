import type { Context, Effect } from "./context.ts";
import { Refusal, refuse } from "./errors.ts";
import type { ModelError } from "./errors.ts";
import type { LedgerEvent } from "./events.ts";
import type { OracleEvent } from "./oracle/interface.ts";
import { applyEvent } from "./replay.ts";
import { createState } from "./state.ts";
import type { Genesis, State } from "./state.ts";
import * as cash from "./transitions/cash.ts";
import * as expiry from "./transitions/expiry.ts";
import { fill } from "./transitions/fill/fill.ts";
import * as markets from "./transitions/markets.ts";
import type { Listing } from "./transitions/markets.ts";
import * as orders from "./transitions/orders.ts";
import type {
  AccountId,
  Address,
  BookId,
  Env,
  Hex,
  Limit,
  MarketId,
  Order,
  Signature,
  Terms,
} from "./types.ts";
import type { World } from "./world/world.ts";

/** How a call ends: with its return value and events, or refused with nothing changed. */
export type Outcome<T> =
  | {
      readonly ok: true;
      readonly returned: T;
      readonly events: readonly LedgerEvent[];
      /** What the oracle emitted on the way. */
      readonly oracleEvents: readonly OracleEvent[];
    }
  | { readonly ok: false; readonly error: ModelError };

/**
 * The front door: one method per external function of the ledger, `env` first, then the function's own arguments. A
 * refused call changes nothing, neither the state nor the world.
 */
export class Ledger {
  /** The state so far. Read it; only transitions write it. */
  readonly state: State;
  /** What the ledger meets outside. Change it between calls as the scenario asks. */
  readonly world: World;

  constructor(genesis: Genesis, world: World) {
    this.state = createState(genesis);
    this.world = world;
  }

  /** Lists a market. Restricted. */
  list(env: Env, terms: Terms): Outcome<Listing> {
    return this.#run(env, (context) => markets.list(context, terms));
  }

  /** Retires a market, at once and for ever. Restricted. */
  retire(env: Env, market: MarketId): Outcome<void> {
    return this.#run(env, (context) => markets.retire(context, market));
  }

  /** Sets level and ceiling of a market. Its guard alone. */
  setGuard(
    env: Env,
    market: MarketId,
    level: bigint,
    until: bigint,
    ceiling: bigint,
  ): Outcome<void> {
    return this.#run(env, (context) => markets.setGuard(context, market, level, until, ceiling));
  }

  /** Opens the book of a market at an expiry. Anyone. */
  openBook(env: Env, market: MarketId, expiryTime: bigint): Outcome<BookId> {
    return this.#run(env, (context) => markets.openBook(context, market, expiryTime));
  }

  /** Pays into the free cash of an account. Anyone. */
  deposit(env: Env, account: AccountId, token: Address, amount: bigint): Outcome<void> {
    return this.#run(env, (context) => cash.deposit(context, account, token, amount));
  }

  /** Pays into the position of an account. Anyone. */
  depositToBook(env: Env, account: AccountId, book: BookId, amount: bigint): Outcome<void> {
    return this.#run(env, (context) => cash.depositToBook(context, account, book, amount));
  }

  /** Pays free cash out. The owner. */
  withdraw(
    env: Env,
    account: AccountId,
    token: Address,
    amount: bigint,
    to: Address,
  ): Outcome<void> {
    return this.#run(env, (context) => cash.withdraw(context, account, token, amount, to));
  }

  /** Moves free cash into a position. Manage. */
  allocate(env: Env, account: AccountId, book: BookId, amount: bigint): Outcome<void> {
    return this.#run(env, (context) => cash.allocate(context, account, book, amount));
  }

  /** Moves collateral that is not required to free cash. Manage. */
  free(env: Env, account: AccountId, book: BookId, amount: bigint): Outcome<void> {
    return this.#run(env, (context) => cash.free(context, account, book, amount));
  }

  /** Fills a signed order. Trade, of the taking account. Answers what the taker paid, part by part. */
  fill(
    env: Env,
    account: AccountId,
    order: Order,
    signer: Address,
    signature: Signature,
    units: bigint,
    limits: readonly Limit[],
  ): Outcome<readonly bigint[]> {
    return this.#run(env, (context) =>
      fill(context, account, order, signer, signature, units, limits),
    );
  }

  /** Cancels nonces. Trade. */
  cancel(env: Env, account: AccountId, nonces: readonly bigint[]): Outcome<void> {
    return this.#run(env, (context) => orders.cancel(context, account, nonces));
  }

  /** Raises the epoch: every order of another epoch is dead. Trade. */
  raiseEpoch(env: Env, account: AccountId): Outcome<void> {
    return this.#run(env, (context) => orders.raiseEpoch(context, account));
  }

  /** Grants or revokes an operator. The owner. */
  setOperator(
    env: Env,
    account: AccountId,
    operator: Address,
    scopes: bigint,
    until: bigint,
  ): Outcome<void> {
    return this.#run(env, (context) =>
      orders.setOperator(context, account, operator, scopes, until),
    );
  }

  /** Takes the final price from the oracle, once. Anyone. */
  fixPrice(env: Env, book: BookId, proof: Hex): Outcome<bigint> {
    return this.#run(env, (context) => expiry.fixPrice(context, book, proof));
  }

  /** Turns positions into payouts; answers how many. Anyone. */
  settle(env: Env, book: BookId, accounts: readonly AccountId[]): Outcome<bigint> {
    return this.#run(env, (context) => expiry.settle(context, book, accounts));
  }

  /** Collects payouts; answers each. Manage. */
  claim(
    env: Env,
    account: AccountId,
    books: readonly BookId[],
    toWallet: boolean,
  ): Outcome<readonly bigint[]> {
    return this.#run(env, (context) => expiry.claim(context, account, books, toWallet));
  }

  /** Sends a book's fees to the treasury; answers the amount. Anyone. */
  pushFees(env: Env, book: BookId): Outcome<bigint> {
    return this.#run(env, (context) => expiry.pushFees(context, book));
  }

  /** Names the receiver of fees. Restricted. */
  setTreasury(env: Env, treasury: Address): Outcome<void> {
    return this.#run(env, (context) => expiry.setTreasury(context, treasury));
  }

  /** Runs a transition: its checks first, then what it does outside, then its events on the state. */
  #run<T>(env: Env, transition: (context: Context) => Effect<T>): Outcome<T> {
    let effect: Effect<T>;
    try {
      if (env.external === true) refuse("InExternalCall");
      effect = transition({ state: this.state, world: this.world, env });
    } catch (thrown) {
      if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
      throw thrown;
    }
    effect.outside?.();
    for (const event of effect.events) applyEvent(this.state, event, env.now);
    const { returned, events, oracleEvents = [] } = effect;
    return { ok: true, returned, events, oracleEvents };
  }
}

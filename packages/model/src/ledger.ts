import { planCall, requireSettledUp } from "./batch.ts";
import type { BatchCall, BatchResult } from "./batch.ts";
import type { Context, Effect } from "./context.ts";
import { Refusal, refuse } from "./errors.ts";
import type { ModelError } from "./errors.ts";
import type { LedgerEvent } from "./events.ts";
import type { OracleEvent } from "./oracle/interface.ts";
import { requireSettled } from "./fills.ts";
import { saveEvent } from "./journal.ts";
import { applyEvent } from "./replay.ts";
import { createState } from "./state.ts";
import type { Genesis, State } from "./state.ts";
import * as cash from "./transitions/cash.ts";
import * as expiry from "./transitions/expiry.ts";
import { fill } from "./transitions/fill/fill.ts";
import { fillMany } from "./transitions/fill/many.ts";
import type { FilledMany } from "./transitions/fill/many.ts";
import * as markets from "./transitions/markets.ts";
import type { Listing } from "./transitions/markets.ts";
import * as orders from "./transitions/orders.ts";
import * as packages from "./transitions/packages.ts";
import { selfPermit } from "./transitions/permit.ts";
import * as tokens from "./transitions/tokens.ts";
import { transferLegs } from "./transitions/transfer.ts";
import type {
  AccountId,
  Address,
  BookId,
  Env,
  Fill,
  Hex,
  Limit,
  MarketId,
  Order,
  PackageId,
  Signature,
  Terms,
} from "./types.ts";
import { undoAll } from "./undo.ts";
import type { Undo } from "./undo.ts";
import type { World } from "./world/world.ts";

/** A call that went through. */
export interface Success<T> {
  readonly ok: true;
  readonly returned: T;
  readonly events: readonly LedgerEvent[];
  /** What the oracle emitted on the way. */
  readonly oracleEvents: readonly OracleEvent[];
}

/** How a call ends: with its return value and events, or refused with nothing changed. */
export type Outcome<T> = Success<T> | { readonly ok: false; readonly error: ModelError };

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

  /** Fills orders of one shape, first come first taken. Trade, of the taking account. */
  fillMany(
    env: Env,
    account: AccountId,
    fills: readonly Fill[],
    minUnits: bigint,
    maxUnits: bigint,
    limits: readonly Limit[],
  ): Outcome<FilledMany> {
    return this.#run(env, (context) =>
      fillMany(context, account, fills, minUnits, maxUnits, limits),
    );
  }

  /** Moves legs and collateral between two accounts of one owner. Manage, of both. */
  transferLegs(
    env: Env,
    from: AccountId,
    to: AccountId,
    book: BookId,
    legs: readonly bigint[],
    collateral: bigint,
  ): Outcome<void> {
    return this.#run(env, (context) => transferLegs(context, from, to, book, legs, collateral));
  }

  /** Turns legs of an account into packages of its owner; answers their id. Manage. */
  wrap(
    env: Env,
    account: AccountId,
    book: BookId,
    legs: readonly bigint[],
    amount: bigint,
  ): Outcome<PackageId> {
    return this.#run(env, (context) => packages.wrap(context, account, book, legs, amount));
  }

  /** Turns packages of an account's owner into legs of the account; answers their id. Manage. */
  unwrap(
    env: Env,
    account: AccountId,
    book: BookId,
    legs: readonly bigint[],
    amount: bigint,
  ): Outcome<PackageId> {
    return this.#run(env, (context) => packages.unwrap(context, account, book, legs, amount));
  }

  /** Pays packages of the caller out at the fixed price; answers the payout. The holder. */
  redeem(
    env: Env,
    book: BookId,
    legs: readonly bigint[],
    amount: bigint,
    to: Address,
  ): Outcome<bigint> {
    return this.#run(env, (context) => packages.redeem(context, book, legs, amount, to));
  }

  /** Gives packages away. The holder. */
  transfer(env: Env, receiver: Address, id: PackageId, amount: bigint): Outcome<boolean> {
    return this.#run(env, (context) => tokens.transfer(context, receiver, id, amount));
  }

  /** Moves packages of a holder. The holder, its token operators, and spenders within their allowance. */
  transferFrom(
    env: Env,
    sender: Address,
    receiver: Address,
    id: PackageId,
    amount: bigint,
  ): Outcome<boolean> {
    return this.#run(env, (context) => tokens.transferFrom(context, sender, receiver, id, amount));
  }

  /** Sets how many packages of the caller a spender may move. The holder. */
  approve(env: Env, spender: Address, id: PackageId, amount: bigint): Outcome<boolean> {
    return this.#run(env, (context) => tokens.approve(context, spender, id, amount));
  }

  /** Lets somebody move all packages of the caller, or no longer. The holder. */
  setOperator(env: Env, spender: Address, approved: boolean): Outcome<boolean> {
    return this.#run(env, (context) => tokens.setOperator(context, spender, approved));
  }

  /** Runs calls of the sender as one step; what they leave uncovered must be covered at its end. Anyone. */
  batch(env: Env, calls: readonly BatchCall[]): Outcome<readonly BatchResult[]> {
    const undos: Undo[] = [];
    return attempt(() => {
      if (env.external === true) refuse("InExternalCall");
      try {
        return this.#runAll(env, calls, undos);
      } catch (thrown) {
        undoAll(undos);
        throw thrown;
      }
    });
  }

  /** Presents a permit of the sender to a token, which may refuse it. Anyone. */
  selfPermit(
    env: Env,
    token: Address,
    amount: bigint,
    deadline: bigint,
    signature: Signature,
  ): Outcome<void> {
    return this.#run(env, (context) => selfPermit(context, token, amount, deadline, signature));
  }

  /** Cancels nonces. Trade. */
  cancel(env: Env, account: AccountId, nonces: readonly bigint[]): Outcome<void> {
    return this.#run(env, (context) => orders.cancel(context, account, nonces));
  }

  /** Raises the epoch: every order of another epoch is dead. Trade. */
  raiseEpoch(env: Env, account: AccountId): Outcome<void> {
    return this.#run(env, (context) => orders.raiseEpoch(context, account));
  }

  /** Grants or revokes an operator of an account. The owner. */
  setAccountOperator(
    env: Env,
    account: AccountId,
    operator: Address,
    scopes: bigint,
    until: bigint,
  ): Outcome<void> {
    return this.#run(env, (context) =>
      orders.setAccountOperator(context, account, operator, scopes, until),
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

  /** Runs a transition: its checks first, then what it does. */
  #run<T>(env: Env, transition: (context: Context) => Effect<T>): Outcome<T> {
    return attempt(() => {
      if (env.external === true) refuse("InExternalCall");
      const effect = transition({ state: this.state, world: this.world, env });
      this.#commit(effect, env);
      const { returned, events, oracleEvents = [] } = effect;
      return { returned, events, oracleEvents };
    });
  }

  /** Runs the calls of a batch, and its end; notes what would take them back. */
  #runAll(
    env: Env,
    calls: readonly BatchCall[],
    undos: Undo[],
  ): Omit<Success<readonly BatchResult[]>, "ok"> {
    const context = { state: this.state, world: this.world, env, deferring: true };
    const done = calls.map((call) => {
      const effect = planCall(context, call);
      this.#commit(effect, env, undos);
      return effect;
    });
    requireSettledUp(
      this.state,
      done.flatMap(({ queued = [] }) => queued),
    );
    return {
      returned: done.map(({ returned }) => returned),
      events: done.flatMap(({ events }) => events),
      oracleEvents: done.flatMap(({ oracleEvents = [] }) => oracleEvents),
    };
  }

  /** Does what passed its checks: what it does outside, then its events on the state. */
  #commit(effect: Effect<unknown>, env: Env, undos?: Undo[]): void {
    const undo = effect.outside?.();
    if (undo) undos?.push(undo);
    for (const event of effect.events) {
      undos?.push(saveEvent(this.state, event));
      applyEvent(this.state, event, env.now);
    }
    requireSettled(this.state, effect.events);
  }
}

/** A refusal as an outcome. */
function attempt<T>(call: () => Omit<Success<T>, "ok">): Outcome<T> {
  try {
    return { ok: true, ...call() };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
    throw thrown;
  }
}

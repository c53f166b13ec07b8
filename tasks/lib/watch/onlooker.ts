import { findAccount, findBook, findMarket, keyOf, positionOf, unpackLegs } from "@certus/model";
import type { EventFields, LedgerEvent, Position, State } from "@certus/model";

import { marketOf } from "../../../packages/contracts/src/ids.ts";
import type { Activity } from "./activity.ts";
import type { SeenGuard } from "./rules/breaker.ts";
import type { Payout } from "./rules/payout.ts";

/** Where an event stands. */
export interface Moment {
  readonly block: number;
  /** Of the block, unix seconds. */
  readonly time: bigint;
  readonly transaction: string;
}

/** What rules about single events look at. */
export interface Seen {
  readonly payouts: readonly Payout[];
  /** With the transaction that set it. */
  readonly guards: readonly (SeenGuard & { readonly transaction: string })[];
  /** Markets. */
  readonly retired: readonly bigint[];
  readonly treasuries: readonly EventFields["TreasurySet"][];
}

/** Looks on as events are applied to the replica, and keeps what rules are about. */
export class EventOnlooker {
  readonly #activity: Activity;
  /** What books held when their prices were fixed, by their keys. */
  readonly #pools = new Map<string, bigint>();
  #seen = nothing();

  constructor(activity: Activity) {
    this.#activity = activity;
  }

  /** What was seen since this was asked last. */
  take(): Seen {
    const taken = this.#seen;
    this.#seen = nothing();
    return taken;
  }

  /**
   * An event that is about to be applied.
   *
   * @param state - That it meets.
   */
  see(event: LedgerEvent, state: State, at: Moment): void {
    switch (event.name) {
      case "Withdrawn":
        this.#left(event.args.token, event.args.amount, at);
        return;
      case "Claimed":
        if (!event.args.toWallet) return;
        this.#left(tokenOf(state, event.args.book), event.args.amount, at);
        return;
      case "Redeemed":
        this.#left(tokenOf(state, event.args.book), event.args.payout, at);
        return;
      case "OrderFilled":
        this.#filled(state, event.args, at);
        return;
      case "PriceFixed": {
        const { book } = event.args;
        this.#pools.set(keyOf(book), findBook(state, book)?.pool ?? 0n);
        return;
      }
      case "Settled":
        this.#settled(state, event.args);
        return;
      case "GuardSet":
        this.#guarded(state, event.args, at);
        return;
      case "MarketRetired":
        this.#seen.retired.push(event.args.market);
        return;
      case "TreasurySet":
        this.#seen.treasuries.push(event.args);
        return;
      default:
        return;
    }
  }

  #left(token: bigint, amount: bigint, { block, time }: Moment): void {
    if (amount > 0n) this.#activity.left({ block, time, token, amount });
  }

  #guarded(state: State, set: EventFields["GuardSet"], { transaction }: Moment): void {
    const known = findMarket(state, set.market);
    if (known === undefined) return;
    const { market, level, until, ceiling } = set;
    const { token } = known.terms;
    const before = { ...known.guard };
    this.#seen.guards.push({ market, token, level, until, ceiling, before, transaction });
  }

  #filled(state: State, filled: EventFields["OrderFilled"], { block, time }: Moment): void {
    for (const { book, premium, fee, legs } of filled.parts) {
      const [maker, taker] = [filled.maker, filled.taker].map((account) =>
        positionIn(state, account, book),
      );
      const opened = unpackLegs(legs).reduce((sum, leg) => {
        const delta = leg.quantity * filled.units;
        return sum + rise(lotsIn(maker, leg), delta) + rise(lotsIn(taker, leg), -delta);
      }, 0n);
      const market = marketOf(book);
      const size = premium < 0n ? -premium : premium;
      this.#activity.traded({ block, time, market, premium: size, fees: fee, opened });
    }
  }

  #settled(state: State, { book, accounts, payouts }: EventFields["Settled"]): void {
    const known = findBook(state, book);
    const pool = this.#pools.get(keyOf(book)) ?? known?.pool ?? 0n;
    const token = known?.market.terms.token ?? 0n;
    accounts.forEach((account, index) => {
      const payout = payouts[index] ?? 0n;
      const collateral = positionIn(state, account, book)?.collateral ?? 0n;
      this.#seen.payouts.push({ book, token, account, payout, collateral, pool });
    });
  }
}

function nothing() {
  return {
    payouts: [] as Payout[],
    guards: [] as (SeenGuard & { readonly transaction: string })[],
    retired: [] as bigint[],
    treasuries: [] as EventFields["TreasurySet"][],
  };
}

function tokenOf(state: State, book: bigint): bigint {
  return findBook(state, book)?.market.terms.token ?? 0n;
}

function positionIn(state: State, account: bigint, book: bigint): Position | undefined {
  const known = findBook(state, book);
  return known && positionOf(findAccount(state, account), known);
}

function lotsIn(
  position: Position | undefined,
  wanted: { readonly strike: bigint; readonly isCall: boolean },
): bigint {
  const found = position?.legs.find(
    ({ strike, isCall }) => strike === wanted.strike && isCall === wanted.isCall,
  );
  return found?.quantity ?? 0n;
}

/** How much of a change is open interest: of a position, what is above zero. */
function rise(before: bigint, delta: bigint): bigint {
  const positive = (lots: bigint): bigint => (lots > 0n ? lots : 0n);
  return positive(before + delta) - positive(before);
}

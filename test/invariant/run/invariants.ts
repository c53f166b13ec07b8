import {
  LEVEL_HALTED,
  MAX_INT64,
  findAccount,
  findBook,
  mostOwed,
  netQuantities,
  payout,
  positionOf,
  strikesOf,
} from "@certus/model";
import type {
  Account,
  Book,
  EventFields,
  EventName,
  LedgerEvent,
  Position,
  State,
} from "@certus/model";

import { ensure, show } from "./difference.ts";
import { hex } from "./storage.ts";

/** At most this much of any seven days is a halt. */
const MOST_HALTED = 43_200n;
const WEEK = 604_800n;

/** Events by which a book pays. */
const PAYING: readonly EventName[] = ["Claimed", "Redeemed"];

interface Halt {
  readonly from: bigint;
  to: bigint;
}

/** Books whose accounts, positions or pool an event changes. */
function booksOf(event: LedgerEvent): readonly bigint[] {
  switch (event.name) {
    case "OrderFilled":
      return event.args.parts.map(({ book }) => book);
    case "Deposited":
      return event.args.book === 0n ? [] : [event.args.book];
    case "Allocated":
    case "LegsMoved":
    case "Wrapped":
    case "Unwrapped":
    case "Redeemed":
    case "PriceFixed":
    case "Settled":
    case "Claimed":
      return [event.args.book];
    default:
      return [];
  }
}

function holders(state: State, book: Book): readonly (readonly [Account, Position])[] {
  return [...state.accounts.values()].flatMap((account) => {
    const position = account.positions.get(book.key);
    return position === undefined ? [] : [[account, position] as const];
  });
}

/** Prices at which an uncovered position would show: the strikes, beside them, and the ends. */
function tellingPrices(position: Position): readonly bigint[] {
  const knots = strikesOf(position.legs).flatMap((strike) => [strike - 1n, strike, strike + 1n]);
  return [1n, ...knots.filter((price) => price >= 1n && price <= MAX_INT64), MAX_INT64];
}

/** What must hold of the model's state after every step, whatever was done. */
export class Invariants {
  /** Books that have paid: to an account or to a holder of packages. */
  readonly #paid = new Set<string>();
  readonly #halts = new Map<bigint, Halt[]>();

  /** Looks at what the events of a step have changed. */
  observe(state: State, events: readonly LedgerEvent[], forced: boolean): void {
    const books = new Set<Book>();
    for (const event of events) {
      if (event.name === "GuardSet") this.#noteGuard(event.args);
      for (const id of booksOf(event)) {
        const book = findBook(state, id);
        if (book === undefined) continue;
        books.add(book);
        if (PAYING.includes(event.name)) this.#paid.add(book.key);
      }
    }
    if (forced) return;
    checkPositions(state, events);
    for (const book of books) this.#checkBook(state, book);
  }

  #checkBook(state: State, book: Book): void {
    const held = holders(state, book);
    const settled = held.some(([, position]) => position.settled);
    if (!settled && !this.#paid.has(book.key)) {
      for (const [series, sum] of netQuantities(state, book)) {
        ensure(sum === 0n, "zero sum", () => `${hex(series)} adds up to ${show(sum)} lots`);
      }
      const collateral = held.reduce((sum, [, position]) => sum + position.collateral, 0n);
      ensure(
        collateral === book.pool,
        "pool",
        () => `${hex(book.book)} has ${show(book.pool)}, its accounts ${show(collateral)}`,
      );
    }
    if (book.price === 0n) return;
    const owed = mostOwed(state, book, book.price);
    ensure(
      owed <= book.pool,
      "payouts",
      () => `${hex(book.book)} owes ${show(owed)} out of ${show(book.pool)}`,
    );
  }

  #noteGuard({ market, level, until, setAt: at }: EventFields["GuardSet"]): void {
    const halts = this.#halts.get(market) ?? [];
    const last = halts.at(-1);
    if (last !== undefined && last.to > at) last.to = at;
    if (level === LEVEL_HALTED && until > at) halts.push({ from: at, to: until });
    this.#halts.set(market, halts);
  }

  /** No seven days hold more than twelve hours of halts. */
  checkHalts(): void {
    for (const [market, halts] of this.#halts) {
      for (const { from } of halts) {
        let sum = 0n;
        for (const halt of halts) {
          if (halt.from < from || halt.from >= from + WEEK) continue;
          sum += (halt.to < from + WEEK ? halt.to : from + WEEK) - halt.from;
        }
        ensure(sum <= MOST_HALTED, "halts", () => `${hex(market)}: ${sum} s halted in a week`);
      }
    }
  }
}

/** Positions that a transaction leaves behind are covered. */
function checkPositions(state: State, events: readonly LedgerEvent[]): void {
  const seen = new Set<string>();
  for (const event of events) {
    for (const account of accountsOf(event)) {
      for (const book of booksOf(event)) {
        const place = `${account}/${book}`;
        if (!seen.has(place)) checkCovered(state, account, book);
        seen.add(place);
      }
    }
  }
}

/** Accounts whose position an event may have left with too little. */
function accountsOf(event: LedgerEvent): readonly bigint[] {
  switch (event.name) {
    case "OrderFilled":
      return [event.args.maker, event.args.taker];
    case "LegsMoved":
      return [event.args.from, event.args.to];
    case "Allocated":
    case "Wrapped":
    case "Unwrapped":
      return [event.args.account];
    default:
      return [];
  }
}

/** A position whose legs are open is paid at least 0 at every price that tells. */
function checkCovered(state: State, accountId: bigint, bookId: bigint): void {
  const book = findBook(state, bookId);
  if (book === undefined) return;
  const position = positionOf(findAccount(state, accountId), book);
  const { collateral, legs } = position;
  if (legs.length === 0) return;
  for (const price of tellingPrices(position)) {
    const paid = payout(book.market.scale, collateral, legs, price);
    ensure(paid >= 0n, "coverage", () => {
      const where = `${hex(accountId)} in ${hex(bookId)}`;
      return `${where} would be paid ${show(paid)} at ${show(price)}`;
    });
  }
}

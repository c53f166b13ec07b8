import { eventsSince } from "./logs.ts";
import type { Query } from "./logs.ts";
import type { Session } from "./session.ts";

/** Accounts that may have something in a book: whoever any event names with it, in the order of their ids. */
export async function accountsOf(session: Session, book: bigint): Promise<bigint[]> {
  const { ledger } = session;
  const { filters } = ledger;
  const of = <Found>(query: Query<Found>) => eventsSince(session, query);
  const [fills, moves, deposits, allocations, unwraps] = await Promise.all([
    of((from, to) => ledger.queryFilter(filters.OrderFilled(), from, to)),
    of((from, to) => ledger.queryFilter(filters.LegsMoved(undefined, undefined, book), from, to)),
    of((from, to) => ledger.queryFilter(filters.Deposited(undefined, undefined, book), from, to)),
    of((from, to) => ledger.queryFilter(filters.Allocated(undefined, book), from, to)),
    of((from, to) => ledger.queryFilter(filters.Unwrapped(undefined, undefined, book), from, to)),
  ]);
  const here = fills.filter(({ args }) => args.parts.some((part) => part.book === book));
  return ascending([
    ...here.flatMap(({ args }) => [args.maker, args.taker]),
    ...moves.flatMap(({ args }) => [args.from, args.to]),
    ...[...deposits, ...allocations, ...unwraps].map(({ args }) => args.account),
  ]);
}

/** Accounts of a book that are settled already. */
export async function settledIn(session: Session, book: bigint): Promise<Set<bigint>> {
  const { ledger } = session;
  const events = await eventsSince(session, (from, to) =>
    ledger.queryFilter(ledger.filters.Settled(book), from, to),
  );
  return new Set(events.flatMap(({ args }) => args.accounts));
}

/** Books in which an account may have something: those that any event names with it. */
export async function booksOfAccount(session: Session, account: bigint): Promise<bigint[]> {
  const { ledger } = session;
  const { filters } = ledger;
  const of = <Found>(query: Query<Found>) => eventsSince(session, query);
  const [made, taken, given, received, deposits, allocations, unwraps] = await Promise.all([
    of((from, to) => ledger.queryFilter(filters.OrderFilled(account), from, to)),
    of((from, to) => ledger.queryFilter(filters.OrderFilled(undefined, account), from, to)),
    of((from, to) => ledger.queryFilter(filters.LegsMoved(account), from, to)),
    of((from, to) => ledger.queryFilter(filters.LegsMoved(undefined, account), from, to)),
    of((from, to) => ledger.queryFilter(filters.Deposited(account), from, to)),
    of((from, to) => ledger.queryFilter(filters.Allocated(account), from, to)),
    of((from, to) => ledger.queryFilter(filters.Unwrapped(account), from, to)),
  ]);
  const books = ascending([
    ...[...made, ...taken].flatMap(({ args }) => args.parts.map(({ book }) => book)),
    ...[...given, ...received, ...deposits, ...allocations, ...unwraps].map(
      ({ args }) => args.book,
    ),
  ]);
  // Free cash is deposited into book 0.
  return books.filter((book) => book !== 0n);
}

function ascending(words: readonly bigint[]): bigint[] {
  return [...new Set(words)].sort((a, b) => (a < b ? -1 : 1));
}

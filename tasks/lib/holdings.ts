import { packageId } from "../../packages/contracts/src/ids.ts";
import { unpackLeg } from "../../packages/contracts/src/orders/legs.ts";
import type { Leg } from "../../packages/contracts/src/orders/legs.ts";
import { eventsSince } from "./logs.ts";
import type { Session } from "./session.ts";

/** One series of a book: the strike and the right. */
export interface OpenSeries {
  readonly strike: bigint;
  readonly isCall: boolean;
  /** Lots that somebody holds long, which as many are short of. */
  readonly openInterest: bigint;
}

/** Legs that were traded in a book, by who holds them: accounts, and packages by their ids. */
type Holdings = Map<bigint, Lots>;

/** Lots by the key of their leg. */
type Lots = Map<bigint, bigint>;

/** What the events tell of the books' legs. */
export interface Traded {
  /** Series of a book with open interest, by strike; of a book that has expired: at its expiry. */
  readonly series: (book: bigint) => OpenSeries[];
}

interface Change {
  readonly book: bigint;
  readonly holder: bigint;
  readonly legs: readonly bigint[];
  readonly times: bigint;
}

/** Replays every event that moves legs. Neither settling nor redeeming changes what was open at expiry. */
export async function tradedLegs(session: Session): Promise<Traded> {
  const found = await Promise.all([filled(session), moved(session), wrapped(session)]);
  const books = new Map<bigint, Holdings>();
  // Sums: the order of the events does not matter.
  for (const change of found.flat()) apply(books, change);
  return { series: (book) => seriesOf(books.get(book)) };
}

async function filled(session: Session): Promise<Change[]> {
  const { ledger } = session;
  const events = await eventsSince(session, (from, to) =>
    ledger.queryFilter(ledger.filters.OrderFilled(), from, to),
  );
  return events.flatMap(({ args: { maker, taker, units, parts } }) =>
    [...parts].flatMap(({ book, legs }) => [
      { book, holder: maker, legs, times: units },
      { book, holder: taker, legs, times: -units },
    ]),
  );
}

async function moved(session: Session): Promise<Change[]> {
  const { ledger } = session;
  const events = await eventsSince(session, (from, to) =>
    ledger.queryFilter(ledger.filters.LegsMoved(), from, to),
  );
  return events.flatMap(({ args }) => [
    { book: args.book, holder: args.from, legs: args.legs, times: -1n },
    { book: args.book, holder: args.to, legs: args.legs, times: 1n },
  ]);
}

async function wrapped(session: Session): Promise<Change[]> {
  const { ledger } = session;
  const [into, out] = await Promise.all([
    eventsSince(session, (from, to) => ledger.queryFilter(ledger.filters.Wrapped(), from, to)),
    eventsSince(session, (from, to) => ledger.queryFilter(ledger.filters.Unwrapped(), from, to)),
  ]);
  const changes = (args: (typeof into | typeof out)[number]["args"], sign: bigint): Change[] => {
    const { account, book, legs, amount } = args;
    // An id of a package is no account: its highest 160 bits would be an address that nobody has.
    return [
      { book, holder: account, legs, times: -sign * amount },
      { book, holder: packageId(book, legs), legs, times: sign * amount },
    ];
  };
  return [
    ...into.flatMap(({ args }) => changes(args, 1n)),
    ...out.flatMap(({ args }) => changes(args, -1n)),
  ];
}

function apply(books: Map<bigint, Holdings>, { book, holder, legs, times }: Change): void {
  const holdings = books.get(book) ?? new Map<bigint, Lots>();
  const held = holdings.get(holder) ?? new Map<bigint, bigint>();
  for (const packed of legs) {
    const key = packed >> 64n;
    held.set(key, (held.get(key) ?? 0n) + unpackLeg(packed).quantity * times);
  }
  holdings.set(holder, held);
  books.set(book, holdings);
}

function seriesOf(holdings: Holdings | undefined): OpenSeries[] {
  const long = new Map<bigint, bigint>();
  for (const held of holdings?.values() ?? []) {
    for (const [key, quantity] of held) {
      if (quantity > 0n) long.set(key, (long.get(key) ?? 0n) + quantity);
    }
  }
  return [...long]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, openInterest]) => ({ ...rightOf(key), openInterest }));
}

function rightOf(key: bigint): Pick<Leg, "strike" | "isCall"> {
  return { strike: key >> 1n, isCall: (key & 1n) === 1n };
}

import type { BookViewStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { bookId, expiryOf, isBookId, marketOf } from "../../packages/contracts/src/ids.ts";
import { eventsSince } from "./logs.ts";
import { marketBy, shortMarket } from "./markets.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { DAY, isDay, iso, parseTime } from "./times.ts";
import { tokenAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { UsageError } from "./usage.ts";

/** A book that is open, and what it is about. */
export interface Book {
  readonly book: bigint;
  readonly view: BookViewStructOutput;
  readonly token: Token;
}

/** What opening a book told. */
export interface Opening {
  readonly book: bigint;
  readonly market: bigint;
  readonly expiry: bigint;
  /** The oracle's price when it opened, 8 decimals. */
  readonly mark: bigint;
}

/** Where a book is in its life, by the numbers of the lens. */
const PHASES = ["unopened", "trading", "closing", "halted", "expired", "fixed"] as const;

/** The name of a phase. */
export type Phase = (typeof PHASES)[number];

/** Where a book is in its life. */
export function phaseOf({ phase }: Pick<BookViewStructOutput, "phase">): Phase {
  const name = PHASES[Number(phase)];
  if (name === undefined) throw new Error(`the lens tells a phase ${phase} that is not known here`);
  return name;
}

/** A book as people read and write it, `0x1a2b3c4d@2026-12-25T08:00Z`. */
export function bookText(book: bigint): string {
  const time = iso(expiryOf(book));
  return `${shortMarket(marketOf(book))}@${time.replace(":00Z", "Z")}`;
}

/** Every book that was ever opened, of one market or of all. */
export async function openings(session: Session, market?: bigint): Promise<Opening[]> {
  const { ledger } = session;
  const filter = ledger.filters.BookOpened(undefined, market);
  const events = await eventsSince(session, (from, to) => ledger.queryFilter(filter, from, to));
  return events.map(({ args }) => ({
    book: args.book,
    market: args.market,
    expiry: args.expiry,
    mark: args.mark,
  }));
}

/** The open book that is meant; see `bookBy`. */
export async function openBookBy(session: Session, name: string, text: string): Promise<Book> {
  const book = await bookBy(session, name, text);
  const [view] = await session.lens.booksOf([book]);
  if (view === undefined || phaseOf(view) === "unopened") {
    throw new UsageError(
      `${name}: nobody has opened the book ${bookText(book)}: book:list shows the open ones, book:open opens one.`,
    );
  }
  const { token } = await session.ledger.termsOf(marketOf(book));
  return { book, view, token: await tokenAt(session, token) };
}

/** The book that is meant, open or not: its id, or `MARKET@TIME`, where a day will do if it has one expiry. */
export async function bookBy(session: Session, name: string, text: string): Promise<bigint> {
  const trimmed = text.trim();
  const [market, time, ...rest] = trimmed.split("@");
  if (market !== undefined && time !== undefined && rest.length === 0) {
    const { market: key, view } = await marketBy(session, name, market);
    return bookId(key, await expiryBy(session, name, time, { market: key, ...gridOf(view.terms) }));
  }
  const book = /^(?:0x[\da-fA-F]{1,64}|\d{20,78})$/.test(trimmed) ? BigInt(trimmed) : 0n;
  if (book < 1n << 256n && isBookId(book)) return book;
  throw new UsageError(
    `${name}: ${JSON.stringify(text)} is no book: write its id, or MARKET@2026-12-25 as in book:list.`,
  );
}

/** Expiries of a market: from `anchor` on, every `period` seconds. */
export interface Grid {
  readonly market: bigint;
  readonly anchor: bigint;
  readonly period: bigint;
}

/** The grid of a market's terms. */
export function gridOf(terms: { readonly gridAnchor: bigint; readonly gridPeriod: bigint }) {
  return { anchor: terms.gridAnchor, period: terms.gridPeriod };
}

/** Expiries of a grid in [from, to), at most `most` of them. */
export function expiriesIn(
  grid: Omit<Grid, "market">,
  from: bigint,
  to: bigint,
  most = 100,
): bigint[] {
  const { anchor, period } = grid;
  const skipped = from <= anchor ? 0n : (from - anchor + period - 1n) / period;
  const found: bigint[] = [];
  for (
    let expiry = anchor + skipped * period;
    expiry < to && found.length < most;
    expiry += period
  ) {
    found.push(expiry);
  }
  return found;
}

/** The expiry that a time means: itself, or the only one of a day; where a day has several, the only open one. */
export async function expiryBy(
  session: Session,
  name: string,
  text: string,
  grid: Grid,
): Promise<bigint> {
  const time = parseTime(name, text, session.now);
  if (!isDay(text)) return time;
  const onGrid = expiriesIn(grid, time, time + DAY);
  const [first] = onGrid;
  if (first === undefined) {
    const [next] = expiriesIn(grid, time, time + DAY + grid.period, 1);
    const hint = next === undefined ? "" : `; the next one is ${iso(next)}`;
    throw new UsageError(`${name}: the market has no expiry on ${text.trim()}${hint}.`);
  }
  if (onGrid.length === 1) return first;
  const views = await session.lens.booksOf(onGrid.map((expiry) => bookId(grid.market, expiry)));
  const open = [...views].filter((view) => phaseOf(view) !== "unopened");
  const [only] = open;
  if (only !== undefined && open.length === 1) return only.expiry;
  const choices = (open.length > 1 ? open.map(({ expiry }) => expiry) : onGrid)
    .slice(0, 4)
    .map(iso);
  throw new UsageError(
    `${name}: ${text.trim()} has several expiries: write one with its time, ${choices.join(" or ")}.`,
  );
}

/** A book for a document. */
export function bookJson(book: bigint) {
  const expiry = expiryOf(book);
  return {
    book: idOf(book),
    name: bookText(book),
    market: idOf(marketOf(book)),
    expiry: { unix: Number(expiry), iso: iso(expiry) },
  };
}

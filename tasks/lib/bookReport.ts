import type { BookViewStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { seriesId } from "../../packages/contracts/src/ids.ts";
import { bookJson, bookText, phaseOf } from "./books.ts";
import { formatDecimal, formatPrice } from "./decimals.ts";
import type { OpenSeries } from "./holdings.ts";
import { seriesText } from "./legs.ts";
import { idOf, priceOf, priceOrNull, timeOf } from "./shapes.ts";
import { shownTime } from "./times.ts";
import { amountOf } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** A book of a calendar, with what events add to what the lens tells. */
export interface CalendarEntry {
  readonly view: BookViewStructOutput;
  readonly token: Token;
  /** The oracle's price when it opened, 8 decimals; 0 if it did not. */
  readonly mark: bigint;
  readonly series: readonly OpenSeries[];
  /** When the book may be opened; nothing once it was, or if its market is retired. */
  readonly opens: Opens | undefined;
}

/** When a book may be opened, unix seconds, both included. */
export interface Opens {
  readonly from: bigint;
  readonly until: bigint;
  readonly now: bigint;
}

/** A book for a document. */
export function entryJson({ view, token, mark, series, opens }: CalendarEntry) {
  return {
    ...bookJson(view.book),
    phase: phaseOf(view),
    opens: opens === undefined ? null : { from: timeOf(opens.from), until: timeOf(opens.until) },
    pool: amountOf(token, view.pool),
    fees: amountOf(token, view.fees),
    mark: priceOrNull(mark),
    settlementPrice: priceOrNull(view.settlementPrice),
    series: series.map(({ strike, isCall, openInterest }) => ({
      series: idOf(seriesId(view.book, isCall, strike)),
      name: seriesText({ strike, isCall }),
      right: isCall ? "call" : "put",
      strike: priceOf(strike),
      openInterest,
    })),
  };
}

/** Columns of `entryRow`. */
export const ENTRY_COLUMNS = [
  "book (UTC)",
  "phase",
  ">pool",
  ">mark",
  ">fixed at",
  "open interest, lots",
];

/** A book for people: its series in a cell, one a line. */
export function entryRow({ view, token, mark, series, opens }: CalendarEntry): string[] {
  const opened = phaseOf(view) !== "unopened";
  return [
    bookText(view.book),
    opens === undefined ? phaseOf(view) : `${phaseOf(view)},\n${opensText(opens)}`,
    opened ? `${formatDecimal(view.pool, token.decimals)} ${token.symbol}` : "",
    mark === 0n ? "" : formatPrice(mark),
    view.settlementPrice === 0n ? "" : formatPrice(view.settlementPrice),
    series.map((one) => `${seriesText(one)}  ${one.openInterest}`).join("\n"),
  ];
}

function opensText({ from, until, now }: Opens): string {
  if (now < from) return `from ${shownTime(from)}`;
  return now <= until ? "book:open opens it" : "too late to open";
}

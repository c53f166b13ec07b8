import { CLOSINGS, closingTime } from "@certus/model";

import { bookText } from "../../books.ts";
import { idOf, timeOf } from "../../shapes.ts";
import { DAY, iso } from "../../times.ts";
import type { Condition } from "../alarm.ts";

/** A book that has expired and has no price. */
export interface Unfixed {
  readonly book: bigint;
  readonly expiry: bigint;
  /** Whether its price comes from several sources. */
  readonly multi: boolean;
  /** Whether an outage moved the closings. */
  readonly prolonged: boolean;
}

/** A time by which a price can be had. */
interface Rung {
  readonly name: string;
  readonly time: bigint;
}

const HOUR = 3_600n;
/** Of the single feed: a round settles at once, an old one after a day, the mark after three, or thirty, days. */
const SINGLE = [
  ["a round of the feed", 2n * HOUR],
  ["a round of any age", DAY],
  ["the mark, if the feed is dead", 3n * DAY],
  ["the mark", 30n * DAY],
] as const;

/** Times from which a book's price can be had, each with less to rest on. */
function ladderOf({ expiry, multi, prolonged }: Unfixed): readonly Rung[] {
  if (!multi) return SINGLE.map(([name, after]) => ({ name, time: expiry + after }));
  return CLOSINGS.map((_, index) => {
    const closing = BigInt(index + 1);
    return { name: `C${closing}`, time: closingTime(expiry, closing, prolonged) };
  });
}

/** Books without a price though a step of their ladder has passed; the last one gives a price in any case. */
export function fixingConditions(books: readonly Unfixed[], now: bigint): Condition[] {
  return books.flatMap((book) => {
    const ladder = ladderOf(book);
    return ladder.flatMap(({ name, time }, index): Condition[] => {
      if (now <= time) return [];
      const last = index === ladder.length - 1;
      return [
        {
          alarm: "fixing",
          severity: last ? "critical" : "warning",
          key: `${book.book} ${index}`,
          text: `${bookText(book.book)} has no price, and ${name} passed at ${iso(time)}`,
          details: {
            book: idOf(book.book),
            name: bookText(book.book),
            step: name,
            passed: timeOf(time),
            overdueSeconds: Number(now - time),
          },
        },
      ];
    });
  });
}

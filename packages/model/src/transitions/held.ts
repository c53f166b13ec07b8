import type { Context, Queued } from "../context.ts";
import { requirement } from "../coverage.ts";
import { refuse } from "../errors.ts";
import { seriesOf } from "../ids.ts";
import { quantityIn } from "../legs.ts";
import type { Book } from "../state.ts";
import type { AccountId, Leg } from "../types.ts";

/** Refuses to give times × legs, if it is not at most what is held, with its sign: no position opens by giving. */
export function requireHeld(
  book: Book,
  held: readonly Leg[],
  given: readonly Leg[],
  times: bigint,
): void {
  for (const leg of given) {
    const own = quantityIn(held, leg);
    const asked = times * leg.quantity;
    const holds = asked > 0n ? asked <= own : own <= asked;
    if (!holds) refuse("NotHeld", seriesOf(book.book, leg.isCall, leg.strike), own, asked);
  }
}

/** Refuses a position that is not covered; in a batch it is queued. */
export function requireCover(
  context: Context,
  account: AccountId,
  book: Book,
  collateral: bigint,
  legs: readonly Leg[],
): readonly Queued[] {
  const needed = requirement(book.market.scale, legs);
  if (collateral >= needed) return [];
  if (context.deferring !== true) refuse("Undercovered", account, book.book, collateral, needed);
  return [{ kind: "position", account, book }];
}

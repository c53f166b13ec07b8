import { LEVEL_NORMAL, LEVEL_RESTRICTED } from "./constants.ts";
import type { Book, Guard } from "./state.ts";

/** The level that counts: an expired one reads as Normal. */
export function levelAt(guard: Guard, now: bigint): bigint {
  return now < guard.until ? guard.level : LEVEL_NORMAL;
}

/** Whether open interest may not rise: by the guard, after last trade, or because the market is retired. */
export function isRestricted(book: Book, now: bigint): boolean {
  const { guard, terms } = book.market;
  return (
    levelAt(guard, now) === LEVEL_RESTRICTED ||
    now >= book.expiry - terms.lastTrade ||
    guard.retired
  );
}

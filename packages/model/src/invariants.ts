import { packageSupplies } from "./holders.ts";
import { addLegs } from "./legs.ts";
import { seriesOf, unpackLegs } from "./ids.ts";
import { payout } from "./payout.ts";
import { keyOf } from "./state.ts";
import type { Book, State } from "./state.ts";
import type { Leg, SeriesId } from "./types.ts";

/** Legs of all packages of an id, or all of an account's in a book. */
interface Share {
  readonly collateral: bigint;
  readonly settled: boolean;
  readonly legs: readonly Leg[];
}

/** What there is in a book: positions of accounts, and packages with all of an id in one. */
function sharesIn(state: State, book: Book): readonly Share[] {
  const positions = [...state.accounts.values()].flatMap(
    (account) => account.positions.get(book.key) ?? [],
  );
  const wrapped = [...packageSupplies(state)].flatMap(([key, supply]): readonly Share[] => {
    const known = state.packages.get(key);
    if (known === undefined || keyOf(known.book) !== book.key) return [];
    const legs = addLegs([], unpackLegs(known.legs), supply);
    return [{ collateral: 0n, settled: false, legs }];
  });
  return [...positions, ...wrapped];
}

/**
 * Σ quantities of accounts + Σ packages × quantities, for every series of a book that anybody holds. Zero for each until
 * the first account of the book is settled or the first package redeemed.
 */
export function netQuantities(state: State, book: Book): ReadonlyMap<SeriesId, bigint> {
  const sums = new Map<SeriesId, bigint>();
  for (const { isCall, strike, quantity } of sharesIn(state, book).flatMap(({ legs }) => legs)) {
    const series = seriesOf(book.book, isCall, strike);
    sums.set(series, (sums.get(series) ?? 0n) + quantity);
  }
  return sums;
}

/**
 * The most that accounts and holders of packages may still ask of a book at a settlement price: never more than its pool.
 * Redeeming in several calls, each of them floored, gives no more.
 *
 * @param price - The price of the book once it is fixed; any price before.
 */
export function mostOwed(state: State, book: Book, price: bigint): bigint {
  let owed = 0n;
  for (const { collateral, settled, legs } of sharesIn(state, book)) {
    owed += settled ? collateral : payout(book.market.scale, collateral, legs, price);
  }
  return owed;
}

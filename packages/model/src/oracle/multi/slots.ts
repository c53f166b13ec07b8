import { areApart, mean, median } from "./compare.ts";

/** Percentage beyond which two classes do not make a value by themselves. */
export const PAIR_PERCENT = 1n;
/** Seconds before the expiry within which a mark decides between two classes. */
export const MARK_DECIDES = 86_400n;
/** Classes of a strong slot. */
export const STRONG_CLASSES = 3;

/** The mark of a fixing. */
export interface Mark {
  readonly price: bigint;
  readonly time: bigint;
}

/** One sample of a fixing. */
export interface Slot {
  /** Price of each class that is in. */
  readonly prices: readonly bigint[];
  /** Its value; undefined if it does not count. */
  readonly value: bigint | undefined;
  readonly strong: boolean;
}

/** A sample from the prices of its classes. */
export function slotOf(prices: readonly bigint[], mark: Mark, expiry: bigint): Slot {
  const strong = prices.length >= STRONG_CLASSES;
  return { prices, strong, value: valueOf(prices, mark, expiry) };
}

function valueOf(prices: readonly bigint[], mark: Mark, expiry: bigint): bigint | undefined {
  if (prices.length === 0) return undefined;
  if (prices.length !== 2) return median(prices);
  if (!areApart(prices, PAIR_PERCENT)) return mean(prices);
  const young = expiry - mark.time < MARK_DECIDES;
  return young ? withMark(prices, mark) : undefined;
}

/** The middle of the classes and the mark. */
export function withMark(prices: readonly bigint[], mark: Mark): bigint {
  return median([...prices, mark.price]);
}

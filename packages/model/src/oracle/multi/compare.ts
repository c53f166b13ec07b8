import { ModelFault } from "../../errors.ts";
import { abs } from "../../rounding.ts";

/** Ascending. */
export function sorted(values: readonly bigint[]): readonly bigint[] {
  return values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The middle value; of an even number the mean of the two in the middle, floored. */
export function median(values: readonly bigint[]): bigint {
  const ascending = sorted(values);
  const upper = ascending[ascending.length >> 1];
  const lower = ascending[(ascending.length - 1) >> 1];
  if (upper === undefined || lower === undefined) throw new ModelFault("a median of nothing");
  return (lower + upper) / 2n;
}

/** The mean, floored. */
export function mean(values: readonly bigint[]): bigint {
  if (values.length === 0) throw new ModelFault("a mean of nothing");
  return values.reduce((sum, value) => sum + value, 0n) / BigInt(values.length);
}

/** Whether the greatest of some prices is above the least by more than a percentage of the least. */
export function areApart(values: readonly bigint[], percent: bigint): boolean {
  const ascending = sorted(values);
  const [least, greatest] = [ascending[0], ascending.at(-1)];
  if (least === undefined || greatest === undefined) return false;
  return (greatest - least) * 100n > least * percent;
}

/** Whether a price is off a reference by more than a percentage of the reference. */
export function isOff(price: bigint, reference: bigint, percent: bigint): boolean {
  return abs(price - reference) * 100n > reference * percent;
}

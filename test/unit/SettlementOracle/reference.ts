import { MAXIMAL, Step } from "../../fixtures/oracles.ts";
import { DAY, HOUR } from "../../fixtures/units.ts";

/** A value of a vote in a slot. */
export interface Value {
  readonly price: bigint;
  readonly form: bigint;
}

/** Slots of a fixing, each with a value or none of every frozen vote. */
export type Slots = readonly (readonly (Value | undefined)[])[];

/** What a closing settled. */
export interface Settled {
  readonly price: bigint;
  readonly step: bigint;
  readonly flags: bigint;
}

export interface Mark {
  readonly price: bigint;
  /** Seconds from the mark to the expiry. */
  readonly age: bigint;
}

type Kind = "strong" | "pair" | "single" | "clamped";
interface Slot {
  readonly kind: Kind;
  readonly value: bigint;
  readonly wide: boolean;
}

const ascending = (list: readonly bigint[]): bigint[] =>
  [...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

function median(list: readonly bigint[]): bigint {
  const [order, half] = [ascending(list), list.length >> 1];
  const upper = order[half] ?? 0n;
  return list.length % 2 === 1 ? upper : ((order[half - 1] ?? 0n) + upper) / 2n;
}

function apart(list: readonly bigint[], percent: bigint): boolean {
  const order = ascending(list);
  const [least = 0n, most = 0n] = [order[0], order[order.length - 1]];
  return (most - least) * 100n > least * percent;
}

const off = (value: bigint, middle: bigint, percent: bigint): boolean =>
  (value > middle ? value - middle : middle - value) * 100n > middle * percent;

function weigh(prices: readonly bigint[], mark: Mark): Slot | undefined {
  const [first = 0n] = prices;
  const wide = prices.length > 1 && apart(prices, 3n);
  if (prices.length === 0) return undefined;
  if (prices.length === 1) return { kind: "single", value: first, wide };
  if (prices.length > 2) return { kind: "strong", value: median(prices), wide };
  if (!apart(prices, 1n)) return { kind: "pair", value: median(prices), wide };
  const value = median([...prices, mark.price]);
  return { kind: mark.age < DAY ? "pair" : "clamped", value, wide };
}

/** What the fixing settles on these values at once, or at closing 1 to 4; undefined: nothing yet. */
export function settledAt(
  slots: Slots,
  mark: Mark,
  closing: "at once" | 1 | 2 | 3 | 4,
): Settled | undefined {
  const weighed = slots.map((slot) =>
    weigh(
      slot.flatMap((value) => (value === undefined ? [] : [value.price])),
      mark,
    ),
  );
  const of = (...kinds: Kind[]) =>
    weighed.flatMap((slot) =>
      slot !== undefined && kinds.includes(slot.kind) ? [slot.value] : [],
    );
  const mean = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n) / BigInt(list.length);
  const settle = (step: bigint, list: readonly bigint[]): Settled => {
    const price = mean(list);
    const wide = weighed.filter((slot) => slot?.wide === true).length;
    const recent = mark.age <= HOUR ? [mark.price] : [];
    const counting = of("strong", "pair", "single");
    const flags =
      (off(price, mark.price, 3n) ? 1n : 0n) |
      (wide >= Math.min(3, slots.length) ? 2n : 0n) |
      (apart([...counting, ...recent], 10n) ? 4n : 0n);
    return { price, step, flags };
  };

  const strong = of("strong");
  const isStrong = strong.length * 5 >= slots.length * 4;
  if (closing === "at once") {
    const full = slots.every((slot) => slot.every((value) => (value?.form ?? 0n) >= MAXIMAL));
    const settled = full ? settle(Step.F0, strong) : undefined;
    return settled?.flags === 0n ? settled : undefined;
  }
  if (closing === 1) {
    const settled = isStrong ? settle(Step.F1, strong) : undefined;
    return settled?.flags === 0n ? settled : undefined;
  }
  if (closing === 2) {
    const paired = of("strong", "pair");
    if (isStrong) return settle(Step.F1, strong);
    return paired.length === 0 ? undefined : settle(Step.F2, paired);
  }
  if (closing === 3) {
    const best = [of("strong", "pair"), of("clamped"), of("single")];
    const list = best.find(({ length }) => length !== 0);
    return list === undefined ? undefined : settle(Step.F3, list);
  }
  return { price: mark.price, step: Step.F4, flags: 0n };
}

/** The better of two values, as a lane keeps it. */
export function better(old: Value | undefined, value: Value): Value {
  if (old === undefined || value.form > old.form) return value;
  return value.form === old.form && value.price < old.price ? value : old;
}

/** What of a push source is left of a form beside a better source. */
export const demoted = (form: bigint): bigint => form & (MAXIMAL - 1n);

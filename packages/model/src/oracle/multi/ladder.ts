import { min } from "../../rounding.ts";
import { areApart, isOff, mean } from "./compare.ts";
import { withMark } from "./slots.ts";
import type { Mark, Slot } from "./slots.ts";

/** What a final price rests on: 0 until there is one. */
export const LADDER = { none: 0n, f0: 1n, f1: 2n, f2: 3n, f3: 4n, f4: 5n };

/** Bits of what speaks against a number. */
export const FLAG = { mark: 1n, apart: 2n, jump: 4n };

/** Seconds from the expiry to each closing. */
export const CLOSINGS = [7_200n, 28_800n, 93_600n, 259_200n] as const;
/** Seconds by which an outage moves the closings that are still to come. */
export const PROLONGATION = 86_400n;

/** Percentage of the mark beyond which a number is flagged. */
export const MARK_PERCENT = 3n;
/** Percentage beyond which the classes of a slot are apart. */
export const CLASSES_PERCENT = 3n;
/** Slots whose classes are apart that flag a number. */
export const APART_SLOTS = 3n;
/** Percentage beyond which the values that count jump. */
export const JUMP_PERCENT = 10n;
/** Seconds before the expiry within which a mark is one of these values. */
export const RECENT_MARK = 3_600n;

/** A fixing as its number sees it. */
export interface Samples {
  /** By slot. */
  readonly slots: readonly Slot[];
  readonly mark: Mark;
  readonly expiry: bigint;
  /** Whether every frozen vote is maximal in every slot. */
  readonly complete: boolean;
}

/** A number that ends a fixing. */
export interface LadderEnding {
  readonly price: bigint;
  /** One of `LADDER`. */
  readonly step: bigint;
  /** Bits of `FLAG`. */
  readonly flags: bigint;
}

/** When a closing is, 1..4. */
export function closingTime(expiry: bigint, closing: bigint, prolonged: boolean): bigint {
  const after = CLOSINGS[Number(closing) - 1] ?? 0n;
  return expiry + after + (prolonged ? PROLONGATION : 0n);
}

/** What speaks against a number. */
export function flagsOf(samples: Samples, price: bigint): bigint {
  const { slots, mark, expiry } = samples;
  const apart = slots.filter(({ prices }) => areApart(prices, CLASSES_PERCENT)).length;
  const recent = expiry - mark.time <= RECENT_MARK;
  const counting = valuesOf(slots);
  const jumping = recent ? [...counting, mark.price] : counting;
  return (
    (isOff(price, mark.price, MARK_PERCENT) ? FLAG.mark : 0n) |
    (BigInt(apart) >= min(APART_SLOTS, BigInt(slots.length)) ? FLAG.apart : 0n) |
    (areApart(jumping, JUMP_PERCENT) ? FLAG.jump : 0n)
  );
}

function endWith(samples: Samples, step: bigint, values: readonly bigint[]): LadderEnding {
  const price = mean(values);
  return { price, step, flags: flagsOf(samples, price) };
}

function valuesOf(slots: readonly Slot[]): readonly bigint[] {
  return slots.flatMap(({ value }) => (value === undefined ? [] : [value]));
}

/** Whether at least four slots of five are strong. */
function isStrong({ slots }: Samples): boolean {
  return 5 * slots.filter(({ strong }) => strong).length >= 4 * slots.length;
}

function byStrongSlots(samples: Samples): LadderEnding | undefined {
  if (!isStrong(samples)) return undefined;
  const values = valuesOf(samples.slots.filter(({ strong }) => strong));
  return endWith(samples, LADDER.f1, values);
}

function byPairs(samples: Samples): LadderEnding | undefined {
  const values = valuesOf(samples.slots.filter(({ prices }) => prices.length >= 2));
  return values.length === 0 ? undefined : endWith(samples, LADDER.f2, values);
}

/** A class alone in a slot has nobody to contradict it: it counts only where no slot has two. */
function byAnything(samples: Samples): LadderEnding | undefined {
  const many = samples.slots.filter(({ prices }) => prices.length >= 2);
  const apart = many.map(({ prices }) => withMark(prices, samples.mark));
  const values = [valuesOf(many), apart, valuesOf(samples.slots)].find(({ length }) => length > 0);
  return values === undefined ? undefined : endWith(samples, LADDER.f3, values);
}

function unflagged(ending: LadderEnding | undefined): LadderEnding | undefined {
  return ending?.flags === 0n ? ending : undefined;
}

/** F0: the number before the closings, if nothing better can come and nothing speaks against it. */
export function endEarly(samples: Samples): LadderEnding | undefined {
  if (!samples.complete) return undefined;
  const values = valuesOf(samples.slots);
  if (values.length < samples.slots.length) return undefined;
  return unflagged(endWith(samples, LADDER.f0, values));
}

/** The number that a closing, 1..4, gives; undefined if the fixing goes on. */
export function endAtClosing(samples: Samples, closing: bigint): LadderEnding | undefined {
  if (closing === 1n) return unflagged(byStrongSlots(samples));
  if (closing === 2n) return byStrongSlots(samples) ?? byPairs(samples);
  if (closing === 3n) return byAnything(samples);
  // What is filled has ended at the third closing, and nothing is filled after it.
  return { price: samples.mark.price, step: LADDER.f4, flags: 0n };
}

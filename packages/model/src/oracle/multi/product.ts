import { PRICE_ONE } from "../../constants.ts";
import { refuse } from "../../errors.ts";
import { max, min } from "../../rounding.ts";
import { weakerForm } from "./forms.ts";
import { ageOf, isPrice } from "./sources.ts";
import type { Reading, Value } from "./sources.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome } from "./transaction.ts";

/** What one of the two sources of a product is. */
export interface ProductFactor {
  readonly push: boolean;
  /** Age up to which its readings count. */
  readonly maxAge: bigint;
}

/** The same with its reading. */
export interface ProductLeg extends ProductFactor {
  readonly reading: Reading;
}

function multiply(a: Value, b: Value): Value {
  const price = (a.price * b.price) / PRICE_ONE;
  if (!isPrice(price)) refuse("SourcePriceInvalid", price);
  return { price, form: weakerForm(a.form, b.form) };
}

/** The one leg whose time is the product's: a pulled one beside a pushed one, whose word is of now. */
function pulledOf<Leg extends ProductFactor>(a: Leg, b: Leg): Leg | undefined {
  if (a.push === b.push) return undefined;
  return a.push ? b : a;
}

/** Oldest reading of a product that counts. */
export function productMaxAge(a: ProductFactor, b: ProductFactor): bigint {
  return pulledOf(a, b)?.maxAge ?? max(a.maxAge, b.maxAge);
}

/** What two sources whose units chain say of an instant. */
export function productValue(a: Value, b: Value): MultiOutcome<Value> {
  return transact(() => multiply(a, b));
}

/** What two sources whose units chain say now; each must be young enough by itself. */
export function productReading(a: ProductLeg, b: ProductLeg, now: bigint): MultiOutcome<Reading> {
  return transact(() => {
    for (const [leg, { reading, maxAge }] of [a, b].entries()) {
      const age = ageOf(reading.time, now);
      if (age > maxAge) refuse("LegTooOld", BigInt(leg), age, maxAge);
    }
    return {
      ...multiply(a.reading, b.reading),
      time: pulledOf(a, b)?.reading.time ?? min(a.reading.time, b.reading.time),
      confidence: a.reading.confidence + b.reading.confidence,
    };
  });
}

import { PRICE_ONE } from "../../constants.ts";
import { refuse } from "../../errors.ts";
import { max, min } from "../../rounding.ts";
import { weakerForm } from "./forms.ts";
import { ageOf, isPrice } from "./sources.ts";
import type { Reading, Value } from "./sources.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome } from "./transaction.ts";

/** A reading of one of the two sources of a product, and the age up to which that source's readings count. */
export interface ProductLeg {
  readonly reading: Reading;
  readonly maxAge: bigint;
}

function multiply(a: Value, b: Value): Value {
  const price = (a.price * b.price) / PRICE_ONE;
  if (!isPrice(price)) refuse("SourcePriceInvalid", price);
  return { price, form: weakerForm(a.form, b.form) };
}

/** Oldest reading of a product that counts. */
export function productMaxAge(a: bigint, b: bigint): bigint {
  return max(a, b);
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
      time: min(a.reading.time, b.reading.time),
      confidence: a.reading.confidence + b.reading.confidence,
    };
  });
}

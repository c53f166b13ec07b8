import { refuse } from "../../errors.ts";
import { maximalForm } from "./forms.ts";
import { scaledPrice } from "./scale.ts";
import type { Value } from "./sources.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome } from "./transaction.ts";

/** Widest report in seconds. */
export const MAX_REPORT_WIDTH = 10n;

/** A verified report of a data stream. */
export interface StreamReport {
  readonly price: bigint;
  readonly decimals: bigint;
  /** The earliest and the latest instant that it is about. */
  readonly validFrom: bigint;
  readonly observations: bigint;
}

/** What a stream says of an instant: the price of a narrow report over it. */
export function streamValue(
  { price, decimals, validFrom, observations }: StreamReport,
  priceExp: bigint,
  time: bigint,
): MultiOutcome<Value> {
  return transact(() => {
    if (time < validFrom) refuse("ProofForOtherTime", validFrom, time);
    if (time > observations) refuse("ProofForOtherTime", observations, time);
    const width = observations - validFrom;
    if (width > MAX_REPORT_WIDTH) refuse("ReportTooWide", width, MAX_REPORT_WIDTH);
    return { price: scaledPrice(price, decimals, priceExp), form: maximalForm(1n) };
  });
}

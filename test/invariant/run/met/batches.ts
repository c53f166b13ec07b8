import type { LedgerEvent, State } from "@certus/model";

import type { Actions, Command, InnerCall } from "../command.ts";
import type { Step } from "../lockstep.ts";
import { deferredIn } from "./deferral.ts";

/** Situations of batches, and of several in one transaction. */
export const OF_BATCHES: readonly string[] = [
  "batch with a fill covered later",
  "batch with a fillMany covered later",
  "batch with a transfer covered later",
  "batch with a wrap covered later",
  "batch with an unwrap covered later",
  "batch of which a later call undoes all",
  "batch that ends uncovered",
  "batch that ends at a ceiling",
  "batch that ends above a ceiling",
  "batch with deposit and fill",
  "batch with permit and deposit",
  "batch from price to payout",
  "batch within a batch refused",
  "stray bytes refused",
  "two batches in one transaction",
  "batch that ends uncovered behind another one in one transaction",
];

function has(calls: readonly InnerCall[], ...kinds: readonly InnerCall["kind"][]): boolean {
  let from = 0;
  return kinds.every((kind) => {
    const at = calls.findIndex((call, index) => index >= from && call.kind === kind);
    from = at + 1;
    return at >= 0;
  });
}

/** Names of what is left uncovered; a fill's event may be of a call of many. */
function* deferrals(
  state: State,
  calls: readonly InnerCall[],
  events: readonly LedgerEvent[],
): Iterable<string> {
  for (const name of deferredIn(state, events)) {
    if (name === "LegsMoved") yield "batch with a transfer covered later";
    if (name === "Wrapped") yield "batch with a wrap covered later";
    if (name === "Unwrapped") yield "batch with an unwrap covered later";
    if (name !== "OrderFilled") continue;
    // The draw of a call of many is told behind its fills: only without one is it clear that nothing was drawn.
    const [one, many] = [has(calls, "fill"), has(calls, "fillMany")];
    if (one && !many) yield "batch with a fill covered later";
    if (many && !one && !has(calls, "allocate") && !events.some(isAllocated)) {
      yield "batch with a fillMany covered later";
    }
  }
}

function isAllocated({ name }: LedgerEvent): boolean {
  return name === "Allocated";
}

/** What a batch that went through met with. */
export function* ofBatch(
  state: State,
  { calls, note }: Actions["batch"] & { readonly note?: string },
  events: readonly LedgerEvent[],
): Iterable<string> {
  const names = new Set(deferrals(state, calls, events));
  yield* names;
  if (note === "undone later" && names.size > 0) yield "batch of which a later call undoes all";
  if (note === "up to a ceiling") yield "batch that ends at a ceiling";
  if (has(calls, "deposit", "fill")) yield "batch with deposit and fill";
  if (has(calls, "selfPermit", "deposit")) yield "batch with permit and deposit";
  if (has(calls, "fixPrice", "settle", "claim")) yield "batch from price to payout";
}

/** What a batch that was refused met with. */
export function* ofRefusedBatch(
  { calls, note }: Actions["batch"] & { readonly note?: string },
  { error }: Step,
): Iterable<string> {
  if (error?.name === "Undercovered" && note === "left uncovered")
    yield "batch that ends uncovered";
  if (error?.name === "CeilingReached" && note === "up to a ceiling") {
    yield "batch that ends above a ceiling";
  }
  if (error?.name !== "NotBatchable") return;
  if (has(calls, "batch")) yield "batch within a batch refused";
  if (has(calls, "bytes")) yield "stray bytes refused";
}

/** What several calls in one transaction met with. */
export function* ofSequence(
  { calls }: Command & { readonly kind: "sequence" },
  steps: readonly Step[],
): Iterable<string> {
  const batches = steps.filter((_, index) => calls[index]?.kind === "batch");
  const first = batches.findIndex(({ ok }) => ok);
  if (batches.filter(({ ok }) => ok).length > 1) yield "two batches in one transaction";
  const late = batches.slice(first + 1).some(({ error }) => error?.name === "Undercovered");
  if (first >= 0 && late) yield "batch that ends uncovered behind another one in one transaction";
}

import type { Context, Effect, Queued } from "./context.ts";
import { requirement } from "./coverage.ts";
import { refuse } from "./errors.ts";
import { selectorOf } from "./selectors.ts";
import type { UnbatchableName } from "./selectors.ts";
import { findAccount, positionOf } from "./state.ts";
import type { State } from "./state.ts";
import * as cash from "./transitions/cash.ts";
import * as expiry from "./transitions/expiry.ts";
import { fill } from "./transitions/fill/fill.ts";
import { fillMany } from "./transitions/fill/many.ts";
import { checkCeiling } from "./transitions/fill/taker.ts";
import * as orders from "./transitions/orders.ts";
import * as packages from "./transitions/packages.ts";
import { selfPermit } from "./transitions/permit.ts";
import { transferLegs } from "./transitions/transfer.ts";

/** What a batch may call. */
const BATCHABLE = {
  deposit: cash.deposit,
  depositToBook: cash.depositToBook,
  withdraw: cash.withdraw,
  allocate: cash.allocate,
  free: cash.free,
  fill,
  fillMany,
  transferLegs,
  wrap: packages.wrap,
  unwrap: packages.unwrap,
  redeem: packages.redeem,
  cancel: orders.cancel,
  settle: expiry.settle,
  claim: expiry.claim,
  fixPrice: expiry.fixPrice,
  selfPermit,
} as const;

type Batchable = typeof BATCHABLE;

/** Name of a function that a batch may call. */
export type BatchableName = keyof Batchable;

type Arguments<F> = F extends (context: Context, ...args: infer A) => unknown ? Readonly<A> : never;

/** One call with its arguments, as the front door takes them after `env`. */
export type BatchableCall = {
  readonly [N in BatchableName]: { readonly name: N; readonly args: Arguments<Batchable[N]> };
}[BatchableName];

/** A call of a batch: one that may be called, or one that is refused for what it is. */
export type BatchCall =
  BatchableCall | { readonly name: UnbatchableName; readonly args: readonly unknown[] };

/** What a call of a batch answers. */
export type BatchResult = ReturnType<Batchable[BatchableName]>["returned"];

function isBatchable(call: BatchCall): call is BatchableCall {
  return Object.hasOwn(BATCHABLE, call.name);
}

/** Plans one call of a batch, or refuses it with `NotBatchable` if it is not on the list. */
export function planCall(context: Context, call: BatchCall): Effect<BatchResult> {
  if (!isBatchable(call)) return refuse("NotBatchable", selectorOf(call.name));
  // The compiler cannot see that a name and the arguments that stand beside it belong together.
  const transition = BATCHABLE[call.name] as (...args: readonly unknown[]) => Effect<BatchResult>;
  return transition(context, ...call.args);
}

/** The end of a batch: what its calls left to it holds by now. */
export function requireSettledUp(state: State, queued: readonly Queued[]): void {
  for (const left of queued) {
    const { book } = left;
    if (left.kind === "ceiling") {
      checkCeiling(book, book.pool, true);
      continue;
    }
    const { account } = left;
    const { collateral, legs } = positionOf(findAccount(state, account), book);
    const needed = requirement(book.market.scale, legs);
    if (collateral < needed) refuse("Undercovered", account, book.book, collateral, needed);
  }
}

import type { EventOf } from "../events.ts";
import type { Policy } from "./table.ts";

/** Fields of the circuit breaker's events, in the order of their declaration on chain; triggers by their numbers. */
export interface BreakerEventFields {
  MarketEnrolled: { readonly market: bigint; readonly feed: bigint };
  TokenFeedSet: { readonly market: bigint; readonly feed: bigint };
  NoticeGiven: { readonly market: bigint; readonly trigger: bigint };
  NoticeAnswered: { readonly market: bigint; readonly trigger: bigint };
  Tripped: {
    readonly market: bigint;
    readonly trigger: bigint;
    readonly level: bigint;
    readonly until: bigint;
    readonly measured: bigint;
  };
  Released: { readonly market: bigint; readonly trigger: bigint };
  Observed: {
    readonly feed: bigint;
    readonly low: bigint;
    readonly high: bigint;
    readonly healthy: boolean;
    readonly variance: bigint;
  };
  Adapted: { readonly market: bigint; readonly tightness: bigint; readonly ceiling: bigint };
  PolicySet: { readonly market: bigint; readonly before: Policy; readonly policy: Policy };
}

/** Any event of a call of the circuit breaker: its own, and what the ledger emits on the way. */
export type BreakerEvent =
  | {
      readonly [K in keyof BreakerEventFields]: {
        readonly name: K;
        readonly args: BreakerEventFields[K];
      };
    }[keyof BreakerEventFields]
  | EventOf<"GuardSet">;

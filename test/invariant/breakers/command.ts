import type { AccountId, Address, BookId, MarketId, Policy, TriggerName } from "@certus/model";

import type { CallOf, LedgerCall } from "../run/command.ts";

interface OfMarket {
  readonly market: MarketId;
}
interface OfTrigger extends OfMarket {
  readonly trigger: TriggerName;
}
interface OfPolicy extends OfMarket {
  readonly policy: Policy;
}

/** Arguments of the breaker's functions, all plain values, so that a sequence can be kept as JSON. */
export interface BreakerActions {
  enroll: OfMarket;
  observe: { readonly feed: bigint };
  notice: OfTrigger;
  answer: OfTrigger;
  trip: OfTrigger & { readonly hint: bigint };
  tripShortfall: OfMarket & {
    readonly books: readonly BookId[];
    readonly accounts: readonly AccountId[];
  };
  release: OfMarket;
  sync: OfMarket;
  adapt: OfMarket;
  impose: OfMarket & { readonly level: bigint; readonly duration: bigint };
  lift: OfMarket;
  tighten: OfPolicy;
  setPolicy: OfPolicy;
  rollBack: OfMarket;
  setTokenFeed: OfMarket & { readonly feed: bigint };
}

/** Name of a function of the breaker. */
export type BreakerCall = keyof BreakerActions;

/** Every function of the breaker that the campaign calls. */
export const BREAKER_CALLS = [
  "enroll",
  "observe",
  "notice",
  "answer",
  "trip",
  "tripShortfall",
  "release",
  "sync",
  "adapt",
  "impose",
  "lift",
  "tighten",
  "setPolicy",
  "rollBack",
  "setTokenFeed",
] as const satisfies readonly BreakerCall[];

/** A call of the breaker by somebody. */
export type BreakerCommand<K extends BreakerCall = BreakerCall> = {
  [N in K]: { readonly kind: N; readonly sender: Address } & BreakerActions[N];
}[K];

/** What a source says. */
export interface Said {
  readonly index: bigint;
  readonly price: bigint;
  /** When it says so. */
  readonly time: bigint;
}

/** What happens around the breaker. */
export type WorldAction =
  /** Time passes. */
  | { readonly kind: "wait" }
  /** Sources of a feed speak. */
  | { readonly kind: "say"; readonly feed: bigint; readonly readings: readonly Said[] }
  /** The hub learns of the late feed. */
  | { readonly kind: "createFeed" }
  /** The sequencer goes down or comes up, or its feed cannot be read any longer. */
  | { readonly kind: "uptime"; readonly answer: bigint; readonly startedAt: bigint }
  | { readonly kind: "uptimeRead"; readonly readable: boolean }
  /** So many blocks pass without time. */
  | { readonly kind: "blocks"; readonly count: bigint }
  /** Base fee of every block from now on. */
  | { readonly kind: "baseFee"; readonly baseFee: bigint }
  /** The token takes some of the ledger's balance away, or somebody gives it some. */
  | { readonly kind: "lose" | "donate"; readonly token: Address; readonly amount: bigint }
  /** The administrator gives a role to somebody, or takes it. */
  | {
      readonly kind: "role";
      readonly id: bigint;
      readonly who: Address;
      readonly granted: boolean;
    };

/** What a command does. */
export type Action =
  BreakerCommand | WorldAction | { readonly kind: "ledger"; readonly call: CallOf<LedgerCall> };

/** An action at a time, never earlier than the one before. */
export type Command = Action & { readonly at: bigint };

/** Whether a command calls the breaker. */
export function isBreakerCommand(command: Command): command is BreakerCommand & Command {
  return (BREAKER_CALLS as readonly string[]).includes(command.kind);
}

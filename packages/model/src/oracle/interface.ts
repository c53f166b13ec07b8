import type { Hex } from "../types.ts";
import type { Undo } from "../undo.ts";

/** Fields of the single-feed oracle's events, in the order of their declaration on chain. */
export interface OracleEventFields {
  FixingOpened: {
    readonly fixing: bigint;
    readonly feed: bigint;
    readonly profile: bigint;
    readonly expiry: bigint;
    readonly mark: bigint;
    readonly markTime: bigint;
    readonly decimals: bigint;
    readonly phase: bigint;
    readonly roundId: bigint;
  };
  MarkRefreshed: {
    readonly fixing: bigint;
    readonly mark: bigint;
    readonly markTime: bigint;
    readonly roundId: bigint;
  };
  PriceSettled: {
    readonly fixing: bigint;
    readonly price: bigint;
    readonly roundId: bigint;
    readonly step: bigint;
  };
}

/** Any event of an oracle. */
export type OracleEvent = {
  readonly [K in keyof OracleEventFields]: {
    readonly name: K;
    readonly args: OracleEventFields[K];
  };
}[keyof OracleEventFields];

/** What a call of an oracle would do: nothing has changed until `commit` runs. */
export interface Pending<T> {
  readonly returned: T;
  readonly events: readonly OracleEvent[];
  /** Writes the change and answers what takes it back; called at most once, and only if the transition stands. */
  commit(): Undo;
}

/** What a pair of feed and profile promises. */
export interface Description {
  readonly priceExp: bigint;
  readonly maxCeiling: bigint;
}

/** A fixing as its opening answers it. */
export interface Opening {
  readonly fixing: bigint;
  readonly mark: bigint;
}

/** What the ledger asks of an oracle. Each method throws a `Refusal` where the contract reverts. */
export interface SettlementOracle {
  /** Unit of the prices and the largest pool that may rest on them. */
  planDescribe(feed: bigint, profile: bigint): Description;
  /** Opens the fixing or joins it. */
  planOpen(now: bigint, feed: bigint, profile: bigint, expiry: bigint): Pending<Opening>;
  /** Proves and fixes the price, or answers the one already fixed. */
  planFix(now: bigint, feed: bigint, profile: bigint, expiry: bigint, proof: Hex): Pending<bigint>;
  /** The words that it keeps, by the id of the fixing: a commitment to the world holds them. Missing: it keeps none. */
  words?(): Iterable<readonly [fixing: bigint, word: bigint]>;
}

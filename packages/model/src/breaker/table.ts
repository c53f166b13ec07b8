/**
 * The table of triggers, the one place it is written down: docs/breakers.md is generated from it, the twin of the circuit breaker
 * reads it, and the tests compare the contract with it.
 */

/** Seconds. */
const MINUTE = 60n;
const HOUR = 3_600n;
/** Least time from the first to the last observation of health. */
const HEALTH = 10n * MINUTE;

/** Why a market is tripped, in the order of the contract's `Trigger`. */
export type TriggerName =
  | "None"
  | "FewVotes"
  | "NoVotes"
  | "Apart"
  | "FarApart"
  | "Move"
  | "BigMove"
  | "HugeMove"
  | "Sequencer"
  | "Depeg"
  | "Shortfall"
  | "Guardian";

/** A row of the table. Times in seconds. */
export interface TriggerRow {
  readonly name: Exclude<TriggerName, "None">;
  /** Its number in the contract's `Trigger`. */
  readonly index: number;
  /** What is checked on chain. */
  readonly evidence: string;
  /** Threshold as it starts and its bounds, for people. */
  readonly threshold: string;
  /** Level the market is tripped to: 1 Restricted, 2 Halted. */
  readonly level: 1n | 2n;
  /** How long the first time. */
  readonly stay: bigint;
  /** How long at least, where it can end early or has less to run: health takes ten minutes to be seen. */
  readonly shortest: bigint;
  /** How long at most, escalated. */
  readonly longest: bigint;
  /** A notice has to stand so long; 0n: none is needed. */
  readonly noticeMin: bigint;
  /** A notice is good for so long. */
  readonly noticeMax: bigint;
  readonly escalates: boolean;
  /** Whether observations of health end it early. */
  readonly releasable: boolean;
  readonly who: "anyone" | "guardian";
}

/** Every trigger. */
export const TRIGGERS: readonly TriggerRow[] = [
  {
    name: "FewVotes",
    index: 1,
    evidence: "fewer votes than the quorum have been good at any time since the notice",
    threshold: "quorum of the feed",
    level: 1n,
    stay: 30n * MINUTE,
    shortest: HEALTH,
    longest: 30n * MINUTE,
    noticeMin: 10n * MINUTE,
    noticeMax: HOUR,
    escalates: false,
    releasable: true,
    who: "anyone",
  },
  {
    name: "NoVotes",
    index: 2,
    evidence: "fewer than two votes have been good at any time since the notice",
    threshold: "2 votes",
    level: 2n,
    stay: HOUR,
    shortest: HEALTH,
    longest: HOUR,
    noticeMin: 10n * MINUTE,
    noticeMax: 2n * HOUR,
    escalates: false,
    releasable: true,
    who: "anyone",
  },
  {
    name: "Apart",
    index: 3,
    evidence: "votes of this minute are apart, at the notice and again",
    threshold: "`apart` 3 % (1..3 %)",
    level: 1n,
    stay: 30n * MINUTE,
    shortest: HEALTH,
    longest: 6n * HOUR,
    noticeMin: MINUTE,
    noticeMax: 15n * MINUTE,
    escalates: true,
    releasable: true,
    who: "anyone",
  },
  {
    name: "FarApart",
    index: 4,
    evidence:
      "votes of this minute are far apart, once; restricts unless a quorum is of this minute and not even the core agrees",
    threshold: "`farApart` 8 % (3..8 %)",
    level: 2n,
    stay: HOUR,
    shortest: HEALTH,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: true,
    releasable: true,
    who: "anyone",
  },
  {
    name: "Move",
    index: 5,
    evidence:
      "way from the core of an observation of the last 5 minutes to the core of now, which agrees",
    threshold: "`move` 10 % (5..10 %)",
    level: 1n,
    stay: 5n * MINUTE,
    shortest: 5n * MINUTE,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: true,
    releasable: false,
    who: "anyone",
  },
  {
    name: "BigMove",
    index: 6,
    evidence: "the same",
    threshold: "2 × `move`",
    level: 1n,
    stay: 15n * MINUTE,
    shortest: 15n * MINUTE,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: true,
    releasable: false,
    who: "anyone",
  },
  {
    name: "HugeMove",
    index: 7,
    evidence: "the same",
    threshold: "3.5 × `move`",
    level: 1n,
    stay: HOUR,
    shortest: HOUR,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: true,
    releasable: false,
    who: "anyone",
  },
  {
    name: "Sequencer",
    index: 8,
    evidence: "the uptime feed says down or cannot be read; or up again, within its grace",
    threshold: "grace as long as the outage, 5..45 min",
    level: 1n,
    stay: 30n * MINUTE,
    shortest: 1n,
    longest: 45n * MINUTE,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: false,
    releasable: false,
    who: "anyone",
  },
  {
    name: "Depeg",
    index: 9,
    evidence:
      "the middle of a quorum of this minute for the collateral, at the notice and again; in force until it is back",
    threshold: "`depegBelow` 0.97 (0.97..0.99), back at `pegAbove` 0.985 (0.975..0.995)",
    level: 1n,
    stay: HOUR,
    shortest: HOUR,
    longest: HOUR,
    noticeMin: 30n * MINUTE,
    noticeMax: HOUR,
    escalates: false,
    releasable: false,
    who: "anyone",
  },
  {
    name: "Shortfall",
    index: 10,
    evidence: "the pools, fees and cash named in the call exceed the ledger's balance of the token",
    threshold: "the balance",
    level: 2n,
    stay: 6n * HOUR,
    shortest: 6n * HOUR,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: false,
    releasable: false,
    who: "anyone",
  },
  {
    name: "Guardian",
    index: 11,
    evidence: "none",
    threshold: "once in 24 h, twice in 7 d",
    level: 2n,
    stay: 6n * HOUR,
    shortest: 1n,
    longest: 6n * HOUR,
    noticeMin: 0n,
    noticeMax: 0n,
    escalates: false,
    releasable: false,
    who: "guardian",
  },
];

/** Thresholds of a market, bps; the fields of the contract's `Policy` in its order. */
export interface Policy {
  readonly apart: bigint;
  readonly farApart: bigint;
  readonly move: bigint;
  readonly depegBelow: bigint;
  readonly pegAbove: bigint;
  readonly ceiling: bigint;
  readonly floor: bigint;
}

/** Least, initial and greatest thresholds. */
export const POLICY_BOUNDS: {
  readonly min: Policy;
  readonly initial: Policy;
  readonly max: Policy;
} = {
  min: {
    apart: 100n,
    farApart: 300n,
    move: 500n,
    depegBelow: 9_700n,
    pegAbove: 9_750n,
    ceiling: 2_500n,
    floor: 2_500n,
  },
  initial: {
    apart: 300n,
    farApart: 800n,
    move: 1_000n,
    depegBelow: 9_700n,
    pegAbove: 9_850n,
    ceiling: 10_000n,
    floor: 5_000n,
  },
  max: {
    apart: 300n,
    farApart: 800n,
    move: 1_000n,
    depegBelow: 9_900n,
    pegAbove: 9_950n,
    ceiling: 10_000n,
    floor: 10_000n,
  },
};

/** Triggers that wait for something that is not built; in the table so that nobody looks for them. */
export const WAITING: readonly { readonly name: string; readonly for: string }[] = [
  { name: "liquidation volume", for: "margin books, which are not built" },
];

/** What people and watchers are told of and what never trips: a trader can make it alone. */
export const ALARMS: readonly string[] = ["payout spikes", "volume", "open interest", "outflow"];

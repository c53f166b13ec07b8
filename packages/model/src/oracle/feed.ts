import type { Address } from "../types.ts";

/** The five words of a round. */
export interface Round {
  /** phase << 64 | aggregator round. */
  readonly roundId: bigint;
  readonly answer: bigint;
  readonly startedAt: bigint;
  readonly updatedAt: bigint;
  readonly answeredInRound: bigint;
}

/**
 * What a feed answers, as raw words; undefined where the call fails: it reverts, runs out of its gas or returns too few
 * bytes.
 */
export interface FeedReads {
  latestRoundData(): Round | undefined;
  getRoundData(id: bigint): Round | undefined;
  decimals(): bigint | undefined;
  phaseId(): bigint | undefined;
  phaseAggregators(phase: bigint): bigint | undefined;
  /** The proxy's own: phase << 64 | latest aggregator round. */
  latestRound(): bigint | undefined;
  /** An aggregator's: its latest round number, without a phase. */
  aggregatorLatestRound(aggregator: Address): bigint | undefined;
}

/** One aggregator behind a proxy. */
export interface Phase {
  /** Address of the aggregator; 0 if the proxy knows none. */
  aggregator: Address;
  /** Rounds by aggregator round number; a gap is a missing round. */
  readonly rounds: Map<bigint, Round>;
  /** What reading a missing round does. */
  missing: "reverts" | "zeros";
  /** What `latestRound` says; undefined if the read fails. */
  latest: bigint | undefined;
}

/** Reads that can be made to fail. */
export type FeedRead = Exclude<keyof FeedReads, "aggregatorLatestRound">;

/** A push feed: a proxy over phases of rounds. */
export interface Feed {
  readonly phases: Map<bigint, Phase>;
  /** The phase in force. */
  current: bigint;
  decimals: bigint;
  /** Reads that fail at present. */
  readonly failing: Set<FeedRead>;
}

const ZERO_ROUND: Round = {
  roundId: 0n,
  answer: 0n,
  startedAt: 0n,
  updatedAt: 0n,
  answeredInRound: 0n,
};

/** A feed in phase 1 without rounds. */
export function createFeed(decimals: bigint, aggregator: Address): Feed {
  const feed: Feed = { phases: new Map(), current: 0n, decimals, failing: new Set() };
  startPhase(feed, aggregator);
  return feed;
}

/** Puts a new aggregator behind the proxy. */
export function startPhase(feed: Feed, aggregator: Address): void {
  feed.current += 1n;
  const phase: Phase = { aggregator, rounds: new Map(), missing: "reverts", latest: 0n };
  feed.phases.set(feed.current, phase);
}

/**
 * Publishes the next round of a phase.
 *
 * @returns Its proxy round id.
 */
export function publish(
  feed: Feed,
  answer: bigint,
  updatedAt: bigint,
  phaseId: bigint = feed.current,
): bigint {
  const phase = feed.phases.get(phaseId);
  if (phase === undefined) throw new RangeError(`the feed has no phase ${phaseId}`);
  const number = (phase.latest ?? 0n) + 1n;
  const roundId = (phaseId << 64n) | number;
  phase.rounds.set(number, {
    roundId,
    answer,
    startedAt: updatedAt,
    updatedAt,
    answeredInRound: roundId,
  });
  phase.latest = number;
  return roundId;
}

function readRound(feed: Feed, id: bigint): Round | undefined {
  const phase = feed.phases.get(id >> 64n);
  if (phase === undefined || phase.aggregator === 0n) return undefined;
  const round = phase.rounds.get(id & ((1n << 64n) - 1n));
  if (round !== undefined) return round;
  return phase.missing === "zeros" ? ZERO_ROUND : undefined;
}

function latestOf(feed: Feed): bigint | undefined {
  const latest = feed.phases.get(feed.current)?.latest;
  return latest === undefined ? undefined : (feed.current << 64n) | latest;
}

/** The reads of a feed, with those that fail at present. The feed may change between calls. */
export function readsOf(feed: Feed): FeedReads {
  const unless = <T>(read: FeedRead, value: () => T): T | undefined =>
    feed.failing.has(read) ? undefined : value();
  return {
    latestRoundData: () => unless("latestRoundData", () => readRound(feed, latestOf(feed) ?? 0n)),
    getRoundData: (id) => unless("getRoundData", () => readRound(feed, id)),
    decimals: () => unless("decimals", () => feed.decimals),
    phaseId: () => unless("phaseId", () => feed.current),
    phaseAggregators: (phase) =>
      unless("phaseAggregators", () => feed.phases.get(phase)?.aggregator ?? 0n),
    latestRound: () => unless("latestRound", () => latestOf(feed)),
    aggregatorLatestRound: (aggregator) =>
      [...feed.phases.values()].find((phase) => phase.aggregator === aggregator)?.latest,
  };
}

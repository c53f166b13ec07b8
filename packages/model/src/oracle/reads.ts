import type { FeedReads, Round } from "./feed.ts";

/** A word that its type can hold, else nothing: the read counts as failed. */
function within(word: bigint | undefined, bits: bigint): bigint | undefined {
  return word !== undefined && word >> bits === 0n ? word : undefined;
}

function roundWithin(round: Round | undefined): Round | undefined {
  if (round === undefined) return undefined;
  const { roundId, answeredInRound } = round;
  const fits = within(roundId, 80n) !== undefined && within(answeredInRound, 80n) !== undefined;
  return fits ? round : undefined;
}

/** The bounded reads of a feed: every word is checked against its type, and a word too wide is a read that failed. */
export function boundedReads(raw: FeedReads): FeedReads {
  return {
    latestRoundData: () => roundWithin(raw.latestRoundData()),
    getRoundData: (id) => roundWithin(raw.getRoundData(id)),
    decimals: () => within(raw.decimals(), 8n),
    phaseId: () => within(raw.phaseId(), 16n),
    phaseAggregators: (phase) => within(raw.phaseAggregators(phase), 160n),
    latestRound: () => raw.latestRound(),
    aggregatorLatestRound: (aggregator) => within(raw.aggregatorLatestRound(aggregator), 64n),
  };
}

/** The reads of an address without code: all fail. */
export const NO_READS: FeedReads = {
  latestRoundData: () => undefined,
  getRoundData: () => undefined,
  decimals: () => undefined,
  phaseId: () => undefined,
  phaseAggregators: () => undefined,
  latestRound: () => undefined,
  aggregatorLatestRound: () => undefined,
};

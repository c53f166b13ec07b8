/** The rule of docs/oracle-single-feed.md told plainly: all rounds of all phases in memory, no proofs. */
import { ANSWER_BOUND, MAX_AGE, roundId } from "./support.ts";

/** A round as the aggregator stores it; an unwritten one is all zeros. */
export interface WrittenRound {
  answer: bigint;
  updatedAt: bigint;
  /** Aggregator round, as the aggregator itself counts. */
  answeredInRound: bigint;
}

/** Rounds 1, 2, … of an aggregator; undefined for a phase without one. */
export type WrittenPhase = readonly WrittenRound[] | undefined;

export interface Candidate {
  id: bigint;
  answer: bigint;
  updatedAt: bigint;
}

export const isComplete = (round: WrittenRound, number: number): boolean =>
  round.answer > 0n &&
  round.answer < ANSWER_BOUND &&
  round.updatedAt !== 0n &&
  round.answeredInRound >= BigInt(number);

/** The round that settles: phases[0] is phase 1. Undefined if no phase from `opening` on has one up to T. */
export function reference(
  phases: readonly WrittenPhase[],
  opening: number,
  expiry: bigint,
): Candidate | undefined {
  const candidates: Candidate[] = [];
  for (const [i, rounds] of phases.entries()) {
    if (i + 1 < opening) continue;
    const last = (rounds ?? []).findLastIndex(
      (round, j) => isComplete(round, j + 1) && round.updatedAt <= expiry,
    );
    const round = rounds?.[last];
    if (round) candidates.push({ id: roundId(i + 1, last + 1), ...round });
  }
  const fresh = candidates.findLast(({ updatedAt }) => expiry - updatedAt <= MAX_AGE);
  if (fresh) return fresh;
  const newest = candidates.reduce((max, { updatedAt }) => (updatedAt > max ? updatedAt : max), 0n);
  return candidates.findLast(({ updatedAt }) => updatedAt === newest);
}

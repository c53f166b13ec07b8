import { refuse } from "../errors.ts";
import type { Address } from "../types.ts";
import type { FeedReads, Round } from "./feed.ts";
import { ANSWER_BOUND, MAX_AGE } from "./proof.ts";

/** The latest round of a feed, if it may be taken as of now. */
export function requireAccepted(reads: FeedReads, proxy: Address, now: bigint): Round {
  const round = reads.latestRoundData() ?? refuse("FeedUnreadable", proxy);
  const { roundId, answer, updatedAt, answeredInRound } = round;
  if (roundId >> 64n === 0n) refuse("RoundWithoutPhase", roundId);
  if (answer <= 0n) refuse("AnswerNotPositive", answer);
  if (answer >= ANSWER_BOUND) refuse("AnswerTooLarge", answer, ANSWER_BOUND);
  if (updatedAt === 0n) refuse("RoundNotUpdated", roundId);
  if (updatedAt > now) refuse("RoundFromFuture", updatedAt, now);
  if (now - updatedAt > MAX_AGE) refuse("MarkTooOld", now - updatedAt, MAX_AGE);
  if (answeredInRound < roundId) refuse("AnsweredInEarlierRound", answeredInRound, roundId);
  return round;
}

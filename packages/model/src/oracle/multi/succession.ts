import { refuse } from "../../errors.ts";
import { isOff } from "./compare.ts";
import { hasBit } from "./fixings.ts";
import type { MultiFixing } from "./fixings.ts";
import type { OracleHub } from "./hub.ts";
import { isProven } from "./shadow.ts";
import { ageOf } from "./sources.ts";

/** Seconds before the expiry from which nothing succeeds any more. */
export const SUCCESSION_LEAD = 86_400n;
/** Seconds from a proposal to its confirmation. */
export const SUCCESSION_DELAY = 604_800n;
/** Seconds for which a proposal stands: at their end it is void. */
export const PROPOSAL_TIME = 1_209_600n;
/** Age in seconds from which a vote's store is dead. */
export const DEAD_VOTE_AGE = 259_200n;
/** Percentage of the mark within which a successor's last price lies. */
export const SUCCESSOR_PERCENT = 3n;

/** What a succession is checked against. */
export interface Inheritance {
  readonly hub: OracleHub;
  readonly feed: bigint;
  readonly expiry: bigint;
  readonly fixing: MultiFixing;
  readonly now: bigint;
}

/** The conditions of a proposal and of its confirmation; answers the vote. */
export function requireSuccessor(
  { hub, feed, expiry, fixing, now }: Inheritance,
  index: bigint,
): bigint {
  const latest = expiry - SUCCESSION_LEAD;
  if (now > latest) refuse("TooLateToSucceed", now, latest);
  const { sources, votes } = hub.requireFeed(feed);
  const source = sources[Number(index)];
  if (source === undefined) return refuse("SourceUnknown", index);
  const { vote, state, terms, shadow } = source;
  if (!hasBit(fixing.votes & ~fixing.succeeded, vote)) refuse("VoteNotOpenToSuccession", vote);
  const time = votes[Number(vote)]?.store?.time ?? 0n;
  if (ageOf(time, now) < DEAD_VOTE_AGE) refuse("VoteAlive", vote, time);
  if (state !== "shadow" || !isProven(shadow, now)) refuse("SuccessorUnproven", index);
  const age = ageOf(shadow.time, now);
  if (age > terms.maxAge) refuse("SuccessorSilent", age, terms.maxAge);
  if (isOff(shadow.price, fixing.mark, SUCCESSOR_PERCENT)) {
    refuse("SuccessorOffMark", shadow.price, fixing.mark);
  }
  return vote;
}

/** The fixing with a successor in place of a vote's sources. */
export function succeed(
  { hub, feed, fixing }: Inheritance,
  vote: bigint,
  index: bigint,
): MultiFixing {
  const replaced = hub
    .requireFeed(feed)
    .sources.reduce(
      (mask, source, at) => (source.vote === vote ? mask | (1n << BigInt(at)) : mask),
      0n,
    );
  return {
    ...fixing,
    sources: (fixing.sources & ~replaced) | (1n << index),
    demoted: fixing.demoted & ~(1n << vote),
    succeeded: fixing.succeeded | (1n << vote),
  };
}

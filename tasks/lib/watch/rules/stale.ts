import type { Verdict } from "../../oracle/status.ts";
import { faultsOf } from "../../oracle/status.ts";
import type { Condition } from "../alarm.ts";
import type { Limits } from "../limits.ts";

/** A vote of a feed, as its hub reports it. */
export interface SeenVote {
  readonly vote: number;
  readonly classes: readonly string[];
  readonly verdict: Verdict;
  /** Seconds since the reading's time; undefined without one. */
  readonly age: bigint | undefined;
}

/** A feed that open books rest on. */
export interface SeenFeed {
  readonly hub: string;
  readonly id: string;
  readonly name: string;
  /** Bits of what is wrong with the spot. */
  readonly status: bigint;
  readonly votes: readonly SeenVote[];
}

/** What follows from votes that are missing: not alarming before they are. */
const BY_SILENCE: ReadonlySet<string> = new Set(["NoPrice", "FewVotes", "NotFresh"]);
/** The chain's own rest after an outage. */
const BY_REST = "SequencerGrace";

/**
 * Classes that are out, and spots that are degraded. Readings come when somebody needs them, so that a reading out of
 * date is alarming only after a while; classes that disagree are so at once.
 */
export function staleConditions(feeds: readonly SeenFeed[], { stale }: Limits): Condition[] {
  if (stale === undefined) return [];
  return feeds.flatMap((feed) => [
    ...feed.votes.flatMap((vote) => voteCondition(feed, vote, stale)),
    ...spotConditions(feed, stale),
  ]);
}

function isOld({ age }: SeenVote, stale: bigint): boolean {
  return age === undefined || age > stale;
}

function voteCondition(feed: SeenFeed, vote: SeenVote, stale: bigint): Condition[] {
  const { verdict, classes, age } = vote;
  const out = verdict === "quarantined" || (isMissing(vote) && isOld(vote, stale));
  if (!out) return [];
  const who = `${classes.join(" + ")} of ${feed.name}`;
  const why = {
    empty: "has no reading yet",
    stale: `has no reading of the last ${stale} s`,
    quarantined: "is in quarantine: it was off the others",
  }[verdict as "empty" | "stale" | "quarantined"];
  return [
    {
      alarm: "stale",
      severity: "warning",
      key: `${feed.hub} ${feed.id} vote ${vote.vote} ${verdict}`,
      text: `${who} ${why}`,
      details: {
        ...feedName(feed),
        classes,
        verdict,
        ageSeconds: age === undefined ? null : Number(age),
      },
    },
  ];
}

function isMissing({ verdict }: SeenVote): boolean {
  return verdict === "empty" || verdict === "stale";
}

function spotConditions(feed: SeenFeed, stale: bigint): Condition[] {
  // What is wrong only because readings are a little old has its time.
  const silent = feed.votes.filter(isMissing).every((vote) => isOld(vote, stale));
  const youngest = feed.votes.every((vote) => isOld(vote, stale));
  const excused = (name: string): boolean =>
    name === BY_REST || (BY_SILENCE.has(name) && !(name === "NotFresh" ? youngest : silent));
  return faultsOf(feed.status)
    .filter(({ name }) => !excused(name))
    .map(({ name, means, remedy }) => ({
      alarm: "stale",
      severity: "warning",
      key: `${feed.hub} ${feed.id} ${name}`,
      text: `the spot of ${feed.name} is degraded: ${means} ${remedy}`,
      details: { ...feedName(feed), fault: name },
    }));
}

function feedName({ hub, id, name }: SeenFeed) {
  return { hub, feed: { id, name } };
}

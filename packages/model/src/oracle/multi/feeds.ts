import { refuse } from "../../errors.ts";
import type { Address } from "../../types.ts";
import { MAX_PRICE_EXP } from "../chainlink.ts";
import type { ShadowRecord } from "./shadow.ts";
import { GUARD_CLASS, MAX_AHEAD, MAX_SOURCE_AGE, isGuard } from "./sources.ts";
import type { SourceTerms } from "./sources.ts";
import type { Store } from "./store.ts";

/** Most sources of a feed. */
export const MAX_SOURCES = 32n;
/** Most votes of a feed. */
export const MAX_VOTES = 8n;
/** Highest daily volatility in bps. */
export const MAX_DAILY_VOL = 10_000n;

/** A feed as it is created. */
export interface FeedTerms {
  readonly base: bigint;
  readonly quote: bigint;
  readonly priceExp: bigint;
  readonly quorum: bigint;
  /** In bps. */
  readonly dailyVol: bigint;
}

/** A source of a feed. */
export interface HubSource {
  readonly address: Address;
  readonly terms: SourceTerms;
  /** Index of its vote. */
  readonly vote: bigint;
  readonly state: "shadow" | "voting" | "guard" | "disabled";
  readonly shadow: ShadowRecord;
}

/** A vote of a feed. */
export interface HubVote {
  readonly classes: bigint;
  readonly store: Store | undefined;
}

/** A feed of the hub. */
export interface HubFeed extends FeedTerms {
  readonly sources: readonly HubSource[];
  readonly votes: readonly HubVote[];
}

/** Refuses terms that no feed may have. */
export function requireFeedTerms({ quorum, priceExp, dailyVol }: FeedTerms): void {
  if (quorum < 3n || quorum > 7n || quorum % 2n === 0n) refuse("QuorumInvalid", quorum);
  if (priceExp > MAX_PRICE_EXP) refuse("FeedExpTooLarge", priceExp, MAX_PRICE_EXP);
  if (dailyVol > MAX_DAILY_VOL) refuse("DailyVolTooLarge", dailyVol, MAX_DAILY_VOL);
}

/** Refuses a source that does not fit the feed; answers the index of its vote, which may be the next one. */
export function requireFitting(feed: HubFeed, address: Address, terms: SourceTerms): bigint {
  const { base, quote, priceExp } = terms;
  const fits = base === feed.base && quote === feed.quote && priceExp === feed.priceExp;
  if (!fits) refuse("UnitMismatch", base, quote, priceExp);
  if (terms.maxAge < 1n || terms.maxAge > MAX_SOURCE_AGE) {
    refuse("MaxAgeInvalid", terms.maxAge, MAX_SOURCE_AGE);
  }
  if (terms.maxAhead > MAX_AHEAD) refuse("MaxAheadTooLarge", terms.maxAhead, MAX_AHEAD);
  const vote = requireVote(feed, terms.classes);
  if (BigInt(feed.sources.length) >= MAX_SOURCES) refuse("TooManySources", MAX_SOURCES);
  if (vote >= MAX_VOTES) refuse("TooManyVotes", MAX_VOTES);
  const known = feed.sources.some((source) => source.address === address);
  if (known) refuse("SourceKnown", address);
  return vote;
}

function requireVote(feed: HubFeed, classes: bigint): bigint {
  const mixed = isGuard(classes) && classes !== GUARD_CLASS;
  if (classes === 0n || mixed) refuse("ClassesInvalid", classes);
  const same = feed.votes.findIndex((vote) => vote.classes === classes);
  if (same >= 0) return BigInt(same);
  const other = feed.votes.find((vote) => (vote.classes & classes) !== 0n);
  if (other !== undefined) refuse("ClassesOverlap", classes, other.classes);
  return BigInt(feed.votes.length);
}

/** The feed with one more source. */
export function withSource(feed: HubFeed, source: HubSource): HubFeed {
  const { classes } = source.terms;
  const known = source.vote < BigInt(feed.votes.length);
  const votes = known ? feed.votes : [...feed.votes, { classes, store: undefined }];
  return { ...feed, sources: [...feed.sources, source], votes };
}

/** The feed with a source changed. */
export function changeSource(
  feed: HubFeed,
  index: bigint,
  changes: Partial<Pick<HubSource, "state" | "shadow">>,
): HubFeed {
  const changed = feed.sources.map((source, at) =>
    BigInt(at) === index ? { ...source, ...changes } : source,
  );
  return { ...feed, sources: changed };
}

/** The feed with another store of a vote. */
export function changeStore(feed: HubFeed, vote: bigint, store: Store | undefined): HubFeed {
  const votes = feed.votes.map((known, at) => (BigInt(at) === vote ? { ...known, store } : known));
  return { ...feed, votes };
}

/** The feed without a source, whose store goes with it. */
export function withoutSource(feed: HubFeed, index: bigint, { vote }: HubSource): HubFeed {
  const rest = changeSource(feed, index, { state: "disabled" });
  const store = feed.votes[Number(vote)]?.store;
  return store?.index === index ? changeStore(rest, vote, undefined) : rest;
}

/** Stores of the votes that vote, and with what index. */
export function votingStores(
  feed: HubFeed,
): readonly { readonly vote: bigint; readonly store: Store }[] {
  return feed.votes.flatMap(({ classes, store }, vote) =>
    store === undefined || isGuard(classes) ? [] : [{ vote: BigInt(vote), store }],
  );
}

/** Stores of the guards. */
export function guardStores(feed: HubFeed): readonly Store[] {
  return feed.votes.flatMap(({ classes, store }) =>
    store !== undefined && isGuard(classes) ? [store] : [],
  );
}

import { bandOf } from "./band.ts";
import { areApart, isOff, sorted } from "./compare.ts";
import { guardStores, votingStores } from "./feeds.ts";
import type { HubFeed, HubVote } from "./feeds.ts";
import { sequencerStatus } from "./sequencer.ts";
import type { UptimeReads } from "./sequencer.ts";
import { ageOf, isGuard } from "./sources.ts";
import { STATUS, VERDICT } from "./status.ts";
import { isLive, isQuarantined, isYoung } from "./store.ts";
import type { Store } from "./store.ts";

/** Percentage beyond which live votes are apart. */
export const APART_PERCENT = 1n;
/** Seconds within which the time of one live vote must lie. */
export const FRESH_WITHIN = 60n;
/** Percentage beyond which a guard is off. */
export const GUARD_PERCENT = 15n;

/** Seconds within which a vote was last known to say so to be one of this minute. */
export const RECENT_WITHIN = 60n;

/** What the hub says of a feed. */
export interface Spot {
  readonly mid: bigint;
  readonly low: bigint;
  readonly high: bigint;
  /** Number of live votes. */
  readonly live: bigint;
  /** Number of lying votes that the prices withstand. */
  readonly faults: bigint;
  /** Bits of `STATUS`. */
  readonly status: bigint;
}

/** How far the votes of a feed are apart, and how many of them were heard. */
export interface Dispersion {
  /** Votes that are not in quarantine and were young enough at some time since. */
  readonly seen: bigint;
  /** Live votes of this minute. */
  readonly recent: bigint;
  /** Lowest and highest price of those; 0 if there is none. */
  readonly lowest: bigint;
  readonly highest: bigint;
  /** Ends of their core; 0 if they are too few. */
  readonly coreLow: bigint;
  readonly coreHigh: bigint;
}

/** A vote as a report shows it. */
export interface VoteReport {
  readonly classes: bigint;
  readonly store: Store | undefined;
  /** One of `VERDICT`. */
  readonly verdict: bigint;
}

/** The live votes of a feed. */
export function liveStores(feed: HubFeed, now: bigint): readonly Store[] {
  return votingStores(feed).flatMap(({ store }) => (isLive(store, now) ? [store] : []));
}

/** What the hub says of a feed. */
export function spotOf(feed: HubFeed, uptime: UptimeReads | undefined, now: bigint): Spot {
  const stores = liveStores(feed, now);
  const quotes = stores.map((store) => ({ ...store, age: ageOf(store.time, now) }));
  const { mid, low, high, faults } = bandOf(quotes, feed.quorum, feed.dailyVol);
  const none = quotes.length === 0;
  const prices = quotes.map(({ price }) => price);
  const guards = guardStores(feed).filter((store) => isLive(store, now));
  const conditions = [
    [none, STATUS.noPrice],
    [BigInt(quotes.length) < feed.quorum, STATUS.fewVotes],
    [areApart(prices, APART_PERCENT), STATUS.apart],
    [!quotes.some(({ age }) => age <= FRESH_WITHIN), STATUS.notFresh],
    [!none && guards.some(({ price }) => isOff(price, mid, GUARD_PERCENT)), STATUS.guardApart],
  ] as const;
  const own = conditions.reduce((bits, [holds, bit]) => (holds ? bits | bit : bits), 0n);
  const status = own | sequencerStatus(uptime, now);
  return { mid, low, high, live: BigInt(quotes.length), faults, status };
}

/** How far the live votes of this minute are apart, and how many votes were heard since a time. */
export function dispersionOf(feed: HubFeed, now: bigint, since: bigint): Dispersion {
  const standing = votingStores(feed).filter(({ store }) => !isQuarantined(store, now));
  const seen = standing.filter(({ store }) => store.time + store.maxAge >= since);
  const recent = liveStores(feed, now).filter(({ seenAt }) => seenAt + RECENT_WITHIN >= now);
  const prices = sorted(recent.map(({ price }) => price));
  const [coreLow, coreHigh] = coreOf(prices, feed.quorum);
  return {
    seen: BigInt(seen.length),
    recent: BigInt(recent.length),
    lowest: prices[0] ?? 0n,
    highest: prices.at(-1) ?? 0n,
    coreLow,
    coreHigh,
  };
}

/** Ends of the more than half a quorum of sorted prices that are nearest together, the lowest such ones. */
function coreOf(prices: readonly bigint[], quorum: bigint): readonly [bigint, bigint] {
  const others = Number(quorum / 2n);
  const cores = prices.slice(others).map((high, at) => [prices[at] ?? 0n, high] as const);
  const width = ([low, high]: readonly [bigint, bigint]): bigint => high - low;
  return cores.reduce(
    (best, core) => (width(core) < width(best) ? core : best),
    cores[0] ?? [0n, 0n],
  );
}

function verdictOf({ classes, store }: HubVote, now: bigint): bigint {
  if (store === undefined) return VERDICT.empty;
  if (!isYoung(store, now)) return VERDICT.stale;
  if (isQuarantined(store, now)) return VERDICT.quarantined;
  return isGuard(classes) ? VERDICT.guard : VERDICT.used;
}

/** The votes of a feed and why each counts or not. */
export function reportVotes(feed: HubFeed, now: bigint): readonly VoteReport[] {
  return feed.votes.map((vote) => ({ ...vote, verdict: verdictOf(vote, now) }));
}

import { refuse } from "../../errors.ts";
import type { Address } from "../../types.ts";
import { requireAccepted } from "../accepted.ts";
import type { FeedReads } from "../feed.ts";
import { MAX_AGE, chooseRound, isFresh } from "../proof.ts";
import { boundedReads } from "../reads.ts";
import { maximalForm } from "./forms.ts";
import { scaledPrice } from "./scale.ts";
import type { Reading, Value } from "./sources.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome } from "./transaction.ts";

/** A push feed as a source: fixed when the source is made. */
export interface PushFeed {
  readonly proxy: Address;
  readonly reads: FeedReads;
  /** Of the feed when the source was made. */
  readonly decimals: bigint;
  readonly priceExp: bigint;
}

function requireSameDecimals({ proxy, decimals }: PushFeed, reads: FeedReads): void {
  const current = reads.decimals() ?? refuse("DecimalsUnreadable", proxy);
  if (current !== decimals) refuse("DecimalsChanged", decimals, current);
}

/** What the feed says now: its latest round, if the single-feed oracle would take it as a mark. */
export function pushReading(feed: PushFeed, now: bigint): MultiOutcome<Reading> {
  return transact(() => {
    const reads = boundedReads(feed.reads);
    requireSameDecimals(feed, reads);
    const { answer, updatedAt, roundId } = requireAccepted(reads, feed.proxy, now);
    const price = scaledPrice(answer, feed.decimals, feed.priceExp);
    return { price, time: updatedAt, confidence: 0n, form: maximalForm(roundId >> 64n) };
  });
}

/** What the feed said at a time: the round of the first fresh phase from the current one down, proven by hints. */
export function pushValue(
  feed: PushFeed,
  time: bigint,
  now: bigint,
  hints: readonly bigint[],
): MultiOutcome<Value> {
  return transact(() => {
    const reads = boundedReads(feed.reads);
    requireSameDecimals(feed, reads);
    const current = reads.phaseId() ?? refuse("PhaseUnreadable", feed.proxy);
    const round = chooseRound({ reads, current, opened: 1n, expiry: time, now }, hints);
    if (!isFresh(round, time)) refuse("MarkTooOld", time - round.updatedAt, MAX_AGE);
    const price = scaledPrice(round.answer, feed.decimals, feed.priceExp);
    return { price, form: maximalForm(round.roundId >> 64n) };
  });
}

import { MAX_INT64, MAX_UINT112, PRICE_ONE } from "../constants.ts";
import { Refusal, refuse } from "../errors.ts";
import type { ModelError } from "../errors.ts";
import { keccakWords } from "../keccak.ts";
import { floorDiv, max, min } from "../rounding.ts";
import type { Address, Hex } from "../types.ts";
import { setEntry } from "../undo.ts";
import { requireAccepted } from "./accepted.ts";
import type { FeedReads, Round } from "./feed.ts";
import type { Description, Opening, OracleEvent, Pending, SettlementOracle } from "./interface.ts";
import { chooseRound, isFresh, parseProof } from "./proof.ts";
import { NO_READS, boundedReads } from "./reads.ts";

/** Seconds after expiry from which a proven round may be older than `MAX_AGE`. */
export const STALE_DELAY = 86_400n;
/** Seconds after expiry from which the mark ends the fixing of a feed that no longer answers. */
export const DEAD_FEED_DELAY = 259_200n;
/** Seconds after expiry from which the mark ends any fixing. */
export const MARK_DELAY = 2_592_000n;
/** Seconds from now to the farthest expiry that may open. */
export const MAX_LEAD = 8_640_000n;
/** Most decimals of a feed. */
export const MAX_DECIMALS = 36n;
/** Largest power of ten of underlying that a price may refer to. */
export const MAX_PRICE_EXP = 18n;

/** How a fixing ended: not yet, by a fresh round, by an older one, or by the mark. */
export const STEP = { none: 0n, round: 1n, staleRound: 2n, markFeedDead: 3n, markOverdue: 4n };

/** One fixing: the fields of its word. */
export interface Fixing {
  /** Final price, 0 until it is fixed. */
  readonly price: bigint;
  readonly mark: bigint;
  /** updatedAt of the mark's round. */
  readonly markTime: bigint;
  /** Frozen at opening. */
  readonly decimals: bigint;
  /** The highest phase of the rounds that were the mark. */
  readonly phase: bigint;
  readonly step: bigint;
}

/** How a direct call of the oracle ends. */
export type OracleOutcome<T, E = OracleEvent> =
  | { readonly ok: true; readonly returned: T; readonly events: readonly E[] }
  | { readonly ok: false; readonly error: ModelError };

/** keccak256(abi.encode(feed, profile, expiry)). */
export function fixingIdOf(feed: bigint, profile: bigint, expiry: bigint): bigint {
  return keccakWords([feed, profile, expiry]);
}

/** A profile word. */
export function profileOf(priceExp: bigint, maxCeiling: bigint): bigint {
  return (maxCeiling << 8n) | priceExp;
}

/** Stored word of a fixing: price 64, mark 64, mark time 40, decimals 8, phase 16, step 8; 0 if it is not open. */
export function fixingWord(fixing: Fixing | undefined): bigint {
  if (fixing === undefined) return 0n;
  const { price, mark, markTime, decimals, phase, step } = fixing;
  const low = price | (mark << 64n) | (markTime << 128n);
  return low | (decimals << 168n) | (phase << 176n) | (step << 192n);
}

/** Price of an answer: 8 decimals of quote per 10^priceExp underlying, floored, at least 1 and at most 2^63 − 1. */
export function priceOfAnswer(answer: bigint, decimals: bigint, priceExp: bigint): bigint {
  const price = floorDiv(answer * PRICE_ONE * 10n ** priceExp, 10n ** decimals);
  return min(max(price, 1n), MAX_INT64);
}

function priceExpOf(profile: bigint): bigint {
  return profile & 0xffn;
}

function requireSameDecimals(reads: FeedReads, proxy: Address, frozen: bigint): void {
  const current = reads.decimals() ?? refuse("DecimalsUnreadable", proxy);
  if (current !== frozen) refuse("DecimalsChanged", frozen, current);
}

function attempt<T>(plan: () => Pending<T>): OracleOutcome<T> {
  try {
    const pending = plan();
    pending.commit();
    return { ok: true, returned: pending.returned, events: pending.events };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
    throw thrown;
  }
}

/** An answer that changes nothing. */
function answer<T>(returned: T): Pending<T> {
  return { returned, events: [], commit: () => () => undefined };
}

/** Twin of the single-feed settlement oracle. */
export class ChainlinkSettlement implements SettlementOracle {
  /** What answers at each address with code. */
  readonly feeds: Map<Address, FeedReads>;
  /** Open fixings by id. */
  readonly fixings: Map<bigint, Fixing> = new Map();

  constructor(feeds: Map<Address, FeedReads>) {
    this.feeds = feeds;
  }

  /** Unit of the prices of a pair and the largest pool that may rest on them. */
  describe(feed: bigint, profile: bigint): OracleOutcome<Description> {
    return attempt(() => answer(this.planDescribe(feed, profile)));
  }

  /** Opens a fixing or joins it. Anyone. */
  open(now: bigint, feed: bigint, profile: bigint, expiry: bigint): OracleOutcome<Opening> {
    return attempt(() => this.planOpen(now, feed, profile, expiry));
  }

  /** Moves the mark of a fixing forward. Anyone. */
  refreshMark(now: bigint, feed: bigint, profile: bigint, expiry: bigint): OracleOutcome<bigint> {
    return attempt(() => this.#planRefresh(now, feed, profile, expiry));
  }

  /** Proves and fixes a price, or answers the one already fixed. Anyone. */
  fix(
    now: bigint,
    feed: bigint,
    profile: bigint,
    expiry: bigint,
    proof: Hex,
  ): OracleOutcome<bigint> {
    return attempt(() => this.planFix(now, feed, profile, expiry, proof));
  }

  /** The fixing of a pair at an expiry, or undefined if it is not open: the contract answers zeros then. */
  price(feed: bigint, profile: bigint, expiry: bigint): Fixing | undefined {
    return this.fixings.get(fixingIdOf(feed, profile, expiry));
  }

  /** {@inheritDoc SettlementOracle.words} */
  words(): Iterable<readonly [fixing: bigint, word: bigint]> {
    return [...this.fixings].map(([id, fixing]) => [id, fixingWord(fixing)] as const);
  }

  /** {@inheritDoc SettlementOracle.planDescribe} */
  planDescribe(feed: bigint, profile: bigint): Description {
    this.#describedDecimals(feed, profile);
    return { priceExp: priceExpOf(profile), maxCeiling: (profile >> 8n) & MAX_UINT112 };
  }

  /** {@inheritDoc SettlementOracle.planOpen} */
  planOpen(now: bigint, feed: bigint, profile: bigint, expiry: bigint): Pending<Opening> {
    if (now >= expiry) refuse("FixingWindowOver", now, expiry);
    if (expiry > now + MAX_LEAD) refuse("ExpiryTooFar", expiry, now + MAX_LEAD);
    const decimals = this.#describedDecimals(feed, profile);
    const fixing = fixingIdOf(feed, profile, expiry);
    const known = this.fixings.get(fixing);
    if (known && known.decimals !== decimals) refuse("DecimalsChanged", known.decimals, decimals);
    const round = requireAccepted(this.#reads(feed), feed, now);
    const { roundId, updatedAt: markTime } = round;
    if (known && markTime <= known.markTime) return answer({ fixing, mark: known.mark });
    if (known) {
      const moved = this.#moveMark(fixing, known, round, profile);
      return { ...moved, returned: { fixing, mark: moved.returned } };
    }
    const mark = priceOfAnswer(round.answer, decimals, priceExpOf(profile));
    const phase = roundId >> 64n;
    const opened = { price: 0n, mark, markTime, decimals, phase, step: STEP.none };
    const args = { fixing, feed, profile, expiry, mark, markTime, decimals, phase, roundId };
    return {
      returned: { fixing, mark },
      events: [{ name: "FixingOpened", args }],
      commit: () => setEntry(this.fixings, fixing, opened),
    };
  }

  /** {@inheritDoc SettlementOracle.planFix} */
  planFix(now: bigint, feed: bigint, profile: bigint, expiry: bigint, proof: Hex): Pending<bigint> {
    const fixing = fixingIdOf(feed, profile, expiry);
    const known = this.fixings.get(fixing) ?? refuse("FixingNotOpen", fixing);
    if (known.price !== 0n) return answer(known.price);
    if (now <= expiry) refuse("TooEarlyToFix", now, expiry + 1n);
    const end =
      proof === "0x"
        ? this.#endByMark(now, feed, expiry, known)
        : this.#endByRound(now, feed, profile, expiry, known, proof);
    return {
      returned: end.price,
      events: [{ name: "PriceSettled", args: { fixing, ...end } }],
      commit: () => setEntry(this.fixings, fixing, { ...known, price: end.price, step: end.step }),
    };
  }

  #planRefresh(now: bigint, feed: bigint, profile: bigint, expiry: bigint): Pending<bigint> {
    const fixing = fixingIdOf(feed, profile, expiry);
    const known = this.fixings.get(fixing) ?? refuse("FixingNotOpen", fixing);
    if (now >= expiry) refuse("FixingWindowOver", now, expiry);
    const reads = this.#reads(feed);
    requireSameDecimals(reads, feed, known.decimals);
    const round = requireAccepted(reads, feed, now);
    if (round.updatedAt <= known.markTime) {
      refuse("MarkNotNewer", round.updatedAt, known.markTime);
    }
    return this.#moveMark(fixing, known, round, profile);
  }

  /** The round is the mark from now on; its phase is the fixing's unless that is higher. */
  #moveMark(fixing: bigint, known: Fixing, round: Round, profile: bigint): Pending<bigint> {
    const { roundId, updatedAt: markTime } = round;
    const mark = priceOfAnswer(round.answer, known.decimals, priceExpOf(profile));
    const phase = max(known.phase, roundId >> 64n);
    return {
      returned: mark,
      events: [{ name: "MarkRefreshed", args: { fixing, mark, markTime, roundId } }],
      commit: () => setEntry(this.fixings, fixing, { ...known, mark, markTime, phase }),
    };
  }

  #endByMark(now: bigint, feed: bigint, expiry: bigint, { mark }: Fixing): Ending {
    const from = expiry + DEAD_FEED_DELAY;
    if (now < from) refuse("TooEarlyToFix", now, from);
    if (now >= expiry + MARK_DELAY) return { price: mark, roundId: 0n, step: STEP.markOverdue };
    if (this.#reads(feed).latestRoundData() !== undefined) refuse("FeedStillAnswers", feed);
    return { price: mark, roundId: 0n, step: STEP.markFeedDead };
  }

  #endByRound(
    now: bigint,
    feed: bigint,
    profile: bigint,
    expiry: bigint,
    { decimals, phase: opened }: Fixing,
    proof: Hex,
  ): Ending {
    const hints = parseProof(proof);
    const reads = this.#reads(feed);
    requireSameDecimals(reads, feed, decimals);
    const current = reads.phaseId() ?? refuse("PhaseUnreadable", feed);
    if (current < opened) refuse("PhaseWentBack", current, opened);
    const round = chooseRound({ reads, current, opened, expiry, now }, hints);
    const fresh = isFresh(round, expiry);
    if (!fresh && now < expiry + STALE_DELAY) refuse("TooEarlyToFix", now, expiry + STALE_DELAY);
    const price = priceOfAnswer(round.answer, decimals, priceExpOf(profile));
    return { price, roundId: round.roundId, step: fresh ? STEP.round : STEP.staleRound };
  }

  /** The checks of `describe`; answers the feed's decimals. */
  #describedDecimals(feed: bigint, profile: bigint): bigint {
    if (profile >> 120n !== 0n) refuse("ProfileDirty", profile);
    const priceExp = priceExpOf(profile);
    if (priceExp > MAX_PRICE_EXP) refuse("PriceExpTooLarge", priceExp, MAX_PRICE_EXP);
    if (profile >> 8n === 0n) refuse("ProfileWithoutCeiling", profile);
    if (feed >> 160n !== 0n) refuse("FeedNotAddress", feed);
    if (!this.feeds.has(feed)) refuse("FeedWithoutCode", feed);
    const decimals = this.#reads(feed).decimals() ?? refuse("DecimalsUnreadable", feed);
    if (decimals > MAX_DECIMALS) refuse("DecimalsTooLarge", decimals, MAX_DECIMALS);
    return decimals;
  }

  #reads(feed: Address): FeedReads {
    return boundedReads(this.feeds.get(feed) ?? NO_READS);
  }
}

/** How a fixing ends. */
interface Ending {
  readonly price: bigint;
  readonly roundId: bigint;
  readonly step: bigint;
}

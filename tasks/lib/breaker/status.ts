import type { TriggerRow } from "@certus/model";
import { ZeroHash } from "ethers";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { DecodedError } from "../../../packages/contracts/src/errors/decode.ts";
import type {
  FeedWatchStructOutput,
  MarketWatchStructOutput,
  NetworkWatchStructOutput,
} from "../../../packages/contracts/src/generated/bindings/ICircuitBreaker.ts";
import { NEXT_BLOCK } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { attempt } from "./attempts.ts";
import type { Attempt } from "./attempts.ts";
import type { Guarded } from "./breakers.ts";
import { isMove, OPEN_TRIGGERS } from "./triggers.ts";

/** The ledger's word about a guarded market. */
export interface GuardWord {
  readonly level: bigint;
  readonly until: bigint;
  readonly ceiling: bigint;
  /** Starts of the last two halts, 0 for none. */
  readonly older: bigint;
  readonly newer: bigint;
}

/** Stress of a market, bps. */
export interface Stress {
  readonly volatility: bigint;
  readonly faults: bigint;
  readonly network: bigint;
  readonly whole: bigint;
}

/** A notice that stands. */
export interface Notice {
  readonly row: TriggerRow;
  readonly since: bigint;
  readonly from: bigint;
  readonly to: bigint;
}

/** A trigger, and what it would do now. */
export interface Tried {
  readonly row: TriggerRow;
  readonly attempt: Attempt;
}

/** A market as its breaker watches it. */
export interface Watched {
  readonly guarded: Guarded;
  readonly now: bigint;
  readonly guard: GuardWord;
  readonly watch: MarketWatchStructOutput;
  readonly stress: Stress;
  /** That the breaker's thresholds and tightness give. */
  readonly ceiling: bigint;
  readonly feed: FeedWatchStructOutput | undefined;
  readonly network: NetworkWatchStructOutput;
  readonly notices: readonly Notice[];
  readonly tried: readonly Tried[];
  /** Why the level cannot be ended early; nothing if it can. */
  readonly release: DecodedError | undefined;
}

/** Everything about a market that its breaker watches; nothing if it does not watch it yet. */
export async function watchedAt(session: Session, guarded: Guarded): Promise<Watched | undefined> {
  const { breaker, market } = guarded;
  const { contract } = breaker;
  const watch = await enrolled(guarded);
  if (watch === undefined) return undefined;
  const { now, ledger } = session;
  const hasFeed = watch.feed !== ZeroHash;
  const [guard, stress, ceiling, feed, network, notices, tried, release] = await Promise.all([
    ledger.guardOf(market, NEXT_BLOCK),
    contract.stressOf(market, NEXT_BLOCK),
    contract.ceilingOf(market, NEXT_BLOCK),
    hasFeed ? contract.feedWatchOf(watch.feed, NEXT_BLOCK) : undefined,
    contract.networkWatch(NEXT_BLOCK),
    noticesOf(guarded),
    triedAt(guarded, watch, now),
    releasable(guarded),
  ]);
  return { guarded, now, guard, watch, stress, ceiling, feed, network, notices, tried, release };
}

/** What a breaker knows of a market; nothing if it does not watch it yet. */
export async function enrolled({
  breaker,
  market,
}: Guarded): Promise<MarketWatchStructOutput | undefined> {
  try {
    return await breaker.contract.watchOf(market, NEXT_BLOCK);
  } catch (error) {
    if (decodeError(error).name === "NotEnrolled") return undefined;
    throw error;
  }
}

async function noticesOf({ breaker, market }: Guarded): Promise<Notice[]> {
  const rows = OPEN_TRIGGERS.filter(({ noticeMin }) => noticeMin > 0n);
  const found = await Promise.all(
    rows.map(async (row) => {
      const { since, from, to } = await breaker.contract.noticeOf(market, row.index, NEXT_BLOCK);
      return { row, since, from, to };
    }),
  );
  return found.filter(({ since }) => since !== 0n);
}

/** What each trigger would do. A shortfall wants lists of who is owed what, and is left to `breaker:trip`. */
async function triedAt(
  { breaker, market }: Guarded,
  watch: MarketWatchStructOutput,
  now: bigint,
): Promise<Tried[]> {
  const rows = OPEN_TRIGGERS.filter(
    (row) => row.name !== "Shortfall" && !(isMove(row) && watch.feed === ZeroHash),
  );
  return Promise.all(
    rows.map(async (row) => ({
      row,
      attempt: await attempt(breaker, market, row, watch.feed, now),
    })),
  );
}

async function releasable({ breaker, market }: Guarded): Promise<DecodedError | undefined> {
  try {
    await breaker.contract.release.staticCall(market, NEXT_BLOCK);
    return undefined;
  } catch (error) {
    const decoded = decodeError(error);
    if (decoded.kind === "none") throw error;
    return decoded;
  }
}

/** The level that is in force at a time. */
export function levelNow({ level, until }: { level: bigint; until: bigint }, now: bigint): bigint {
  return until > now ? level : 0n;
}

const HALTED = 2n;

/** Whether the ledger's word is behind what ought to be in force, which `sync` writes. */
export function isBehind({ guard, watch, ceiling, now }: Watched): boolean {
  if (levelNow(watch, now) === HALTED) return false;
  const firm = watch.firmUntil > now && levelNow(guard, now) === 0n;
  return firm || guard.ceiling !== ceiling;
}

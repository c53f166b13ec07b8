import type { TriggerRow } from "@certus/model";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { DecodedError } from "../../../packages/contracts/src/errors/decode.ts";
import { NEXT_BLOCK } from "../oracle/hubs.ts";
import type { Breaker } from "./breakers.ts";
import { isMove } from "./triggers.ts";

/** What a trigger would do now. */
export type Attempt =
  | {
      readonly kind: "trip";
      readonly level: bigint;
      readonly until: bigint;
      /** Number of the observation that a move is compared with. */
      readonly hint: bigint;
    }
  /** Notice can be given; the trip comes later. */
  | { readonly kind: "notice" }
  /** Notice was given: it can be tripped between two times, if the condition holds on. */
  | { readonly kind: "wait"; readonly from: bigint; readonly to: bigint }
  | { readonly kind: "refused"; readonly error: DecodedError; readonly cause: unknown };

/** Seconds that an observation is a reference for moves, and some more: the breaker says which it still takes. */
const REFERENCE_AGE = 300n + 60n;
/** Observations that are kept. */
const KEPT = 16n;

/** Tries a trigger on the block to come, without sending anything. */
export async function attempt(
  breaker: Breaker,
  market: bigint,
  row: TriggerRow,
  feed: string,
  now: bigint,
): Promise<Attempt> {
  if (isMove(row)) return bestMove(breaker, market, row, await references(breaker, feed, now));
  const tried = await trip(breaker, market, row, 0n);
  if (tried.kind !== "refused" || tried.error.name !== "NoticeMissing") return tried;
  const { from, to } = tried.error.args;
  if (typeof from === "bigint" && typeof to === "bigint" && from > 0n && to >= now) {
    return { kind: "wait", from, to };
  }
  return notice(breaker, market, row);
}

async function trip(
  { contract }: Breaker,
  market: bigint,
  { index }: TriggerRow,
  hint: bigint,
): Promise<Attempt> {
  try {
    const { level, until } = await contract.trip.staticCall(market, index, hint, NEXT_BLOCK);
    return { kind: "trip", level, until, hint };
  } catch (error) {
    return refused(error);
  }
}

async function notice(
  { contract }: Breaker,
  market: bigint,
  { index }: TriggerRow,
): Promise<Attempt> {
  try {
    await contract.notice.staticCall(market, index, NEXT_BLOCK);
    return { kind: "notice" };
  } catch (error) {
    return refused(error);
  }
}

function refused(cause: unknown): Attempt {
  const error = decodeError(cause);
  if (error.kind === "none") throw cause;
  return { kind: "refused", error, cause };
}

/** Numbers of the observations that a move may be compared with. */
async function references({ contract }: Breaker, feed: string, now: bigint): Promise<bigint[]> {
  const { count } = await contract.feedWatchOf(feed);
  const first = count > KEPT ? count - KEPT : 0n;
  const numbers = Array.from({ length: Number(count - first) }, (_, i) => first + BigInt(i));
  const times = await Promise.all(
    numbers.map(async (number) => (await contract.observationAt(feed, number)).time),
  );
  return numbers.filter((_, i) => (times[i] ?? 0n) + REFERENCE_AGE >= now);
}

/** The farthest way from any of the references; where none is evidence, the one that comes nearest to it. */
async function bestMove(
  breaker: Breaker,
  market: bigint,
  row: TriggerRow,
  hints: readonly bigint[],
): Promise<Attempt> {
  // Without a reference the breaker says what is missing.
  const tried = await Promise.all(
    (hints.length === 0 ? [0n] : hints).map((hint) => trip(breaker, market, row, hint)),
  );
  const [first] = tried.toSorted((a, b) => (rank(b) > rank(a) ? 1 : rank(b) < rank(a) ? -1 : 0));
  if (first === undefined) throw new Error("nothing was tried");
  return first;
}

/** What is measured; more than anything where it is evidence. */
function rank(tried: Attempt): bigint {
  if (tried.kind !== "refused") return 1n << 64n;
  const { measured } = tried.error.args;
  return typeof measured === "bigint" ? measured : -1n;
}

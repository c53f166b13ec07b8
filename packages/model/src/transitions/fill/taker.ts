import { MAX_FEES, MAX_LEGS, MAX_UINT112 } from "../../constants.ts";
import type { Context, Queued } from "../../context.ts";
import { refuse } from "../../errors.ts";
import { isRestricted } from "../../guard.ts";
import { seriesOf } from "../../ids.ts";
import { quantityIn } from "../../legs.ts";
import { max } from "../../rounding.ts";
import type { Book } from "../../state.ts";
import type { Leg, Limit } from "../../types.ts";
import type { MakerPart } from "./maker.ts";
import type { ShapedPart } from "./shape.ts";
import { cover, moveLegs, positionIn } from "./side.ts";
import type { Side } from "./side.ts";

/** The legs of maker and taker, before and after. */
interface Crossing {
  readonly makerBefore: readonly Leg[];
  readonly makerAfter: readonly Leg[];
  readonly takerBefore: readonly Leg[];
  readonly takerAfter: readonly Leg[];
}

/** Δ Σ max(q, 0) over the two accounts, in the series of a leg. */
function interestRise(crossing: Crossing, leg: Leg): bigint {
  const long = (legs: readonly Leg[]): bigint => max(quantityIn(legs, leg), 0n);
  const maker = long(crossing.makerAfter) - long(crossing.makerBefore);
  const taker = long(crossing.takerAfter) - long(crossing.takerBefore);
  return maker + taker;
}

/** Whether any leg raises open interest; refused where it may not. */
function checkInterest(
  context: Context,
  book: Book,
  moved: readonly Leg[],
  crossing: Crossing,
): boolean {
  const raising = moved.find((leg) => interestRise(crossing, leg) > 0n);
  if (raising !== undefined && isRestricted(book, context.env.now)) {
    refuse("RiskRestricted", book.book, seriesOf(book.book, raising.isCall, raising.strike));
  }
  return raising !== undefined;
}

/** Fee per lot × the lots that the taker opens, leg by leg. */
function feeOf(book: Book, moved: readonly Leg[], crossing: Crossing): bigint {
  let opened = 0n;
  for (const leg of moved) {
    const before = quantityIn(crossing.takerBefore, leg);
    const after = quantityIn(crossing.takerAfter, leg);
    // Lots of a long position that are new, and lots of a short one: a turn from one to the other opens all it ends with.
    opened += max(0n, max(after, 0n) - max(before, 0n));
    opened += max(0n, max(-after, 0n) - max(-before, 0n));
  }
  return book.market.terms.feePerLot * opened;
}

/** What an order, or all orders of a call, move in one part. Amounts are base units. */
export interface Crossed {
  readonly premium: bigint;
  readonly fee: bigint;
  readonly makerDraw: bigint;
  /** Whether open interest rises in any series. */
  readonly raises: boolean;
}

/**
 * The taker's new legs in memory for one part of an order, and whether open interest may rise.
 *
 * @param taker - Moved on to its new legs; its collateral waits for `payPart`.
 */
export function crossPart(
  context: Context,
  taker: Side,
  { book, legs: moved }: ShapedPart,
  { premium, next }: MakerPart,
  units: bigint,
  most = MAX_LEGS,
): Crossed {
  const before = positionIn(taker, book);
  const takerAfter = moveLegs(taker, book, before.legs, moved, -units, most);
  taker.positions.set(book.key, { ...before, legs: takerAfter });
  const crossing = {
    makerBefore: next.before.legs,
    makerAfter: next.legs,
    takerBefore: before.legs,
    takerAfter,
  };
  const raises = checkInterest(context, book, moved, crossing);
  return { premium, fee: feeOf(book, moved, crossing), makerDraw: next.draw, raises };
}

/** Refuses open interest that rises while the pool stands above the ceiling. */
export function checkCeiling(book: Book, pool: bigint, raises: boolean): void {
  const { ceiling } = book.market.guard;
  if (raises && pool > ceiling) refuse("CeilingReached", book.book, pool, ceiling);
}

/** What a call draws from the taker for one part, the pool it leads to, and what it leaves uncovered. */
export interface Paid {
  readonly draw: bigint;
  readonly pool: bigint;
  readonly queued: readonly Queued[];
}

/** In a batch, a book in which open interest rose is looked at again at the end. */
export function raisedIn(context: Context, book: Book, raises: boolean): readonly Queued[] {
  return raises && context.deferring === true ? [{ kind: "ceiling", book }] : [];
}

/** What the taker pays for one part of a call, its cover and the book's bounds. */
export function payPart(
  context: Context,
  taker: Side,
  { book }: ShapedPart,
  index: number,
  { premium, fee, makerDraw }: Crossed,
  { maxPay, maxDraw }: Limit,
): Paid {
  const pay = premium + fee;
  if (pay > maxPay) refuse("PayAboveLimit", BigInt(index), pay, maxPay);
  const { collateral, legs } = positionIn(taker, book);
  const defer = context.deferring === true;
  const { draw, deferred } = cover(taker, book, legs, collateral - pay, maxDraw, defer);
  const fees = book.fees + fee;
  if (fees > MAX_FEES) refuse("FeesBound", book.book, fees, MAX_FEES);
  const pool = book.pool + makerDraw + draw - fee;
  if (pool > MAX_UINT112) refuse("PoolBound", book.book, pool, MAX_UINT112);
  const queued: readonly Queued[] =
    deferred > 0n ? [{ kind: "position", account: taker.id, book }] : [];
  return { draw, pool, queued };
}

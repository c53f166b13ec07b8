import { MAX_FEES, MAX_UINT112 } from "../../constants.ts";
import type { Context } from "../../context.ts";
import { refuse } from "../../errors.ts";
import type { FilledPart } from "../../events.ts";
import { isRestricted } from "../../guard.ts";
import { seriesOf } from "../../ids.ts";
import { quantityIn } from "../../legs.ts";
import { max } from "../../rounding.ts";
import { positionOf } from "../../state.ts";
import type { Book } from "../../state.ts";
import type { Leg, Limit } from "../../types.ts";
import type { MakerPart } from "./maker.ts";
import type { ShapedPart } from "./shape.ts";
import { cover, moveLegs } from "./side.ts";
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

function checkBook(book: Book, fee: bigint, draws: bigint, raises: boolean): void {
  const fees = book.fees + fee;
  if (fees > MAX_FEES) refuse("FeesBound", book.book, fees, MAX_FEES);
  const pool = book.pool + draws - fee;
  if (pool > MAX_UINT112) refuse("PoolBound", book.book, pool, MAX_UINT112);
  const { ceiling } = book.market.guard;
  if (raises && pool > ceiling) refuse("CeilingReached", book.book, pool, ceiling);
}

/** Step 6 of a fill for one part: the taker's new state in memory, the gates and the book's bounds. */
export function planTakerPart(
  context: Context,
  taker: Side,
  index: bigint,
  shaped: ShapedPart,
  maker: MakerPart,
  units: bigint,
  limit: Limit,
): FilledPart {
  const { part, book, legs: moved } = shaped;
  const before = positionOf(taker.account, book);
  const takerAfter = moveLegs(taker, book, before.legs, moved, -units);
  const crossing = {
    makerBefore: maker.next.before.legs,
    makerAfter: maker.next.legs,
    takerBefore: before.legs,
    takerAfter,
  };
  const raises = checkInterest(context, book, moved, crossing);
  const fee = feeOf(book, moved, crossing);
  const pay = maker.premium + fee;
  if (pay > limit.maxPay) refuse("PayAboveLimit", index, pay, limit.maxPay);
  const { draw } = cover(taker, book, takerAfter, before.collateral - pay, limit.maxDraw);
  checkBook(book, fee, maker.next.draw + draw, raises);
  return {
    book: part.book,
    premium: maker.premium,
    fee,
    makerDraw: maker.next.draw,
    takerDraw: draw,
    legs: part.legs,
  };
}

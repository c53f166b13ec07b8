import { LEVEL_HALTED, MAX_INT64, MAX_LEGS, MAX_PARTS } from "../../constants.ts";
import { requireBook, requireLive } from "../../context.ts";
import type { Context } from "../../context.ts";
import { refuse } from "../../errors.ts";
import { levelAt } from "../../guard.ts";
import { unpackLegs } from "../../ids.ts";
import { compareLegs } from "../../legs.ts";
import { callSum } from "../../payoff.ts";
import type { Book } from "../../state.ts";
import type { Leg, Limit, Order, Part } from "../../types.ts";

/** A part of an order with its book found and its legs unpacked and checked. */
export interface ShapedPart {
  readonly part: Part;
  readonly book: Book;
  /** Legs per unit, as the maker receives them. */
  readonly legs: readonly Leg[];
}

function checkLeg(book: Book, part: bigint, index: number, leg: Leg): void {
  const { quantity, strike, isCall } = leg;
  const tick = book.market.terms.strikeTick;
  if (quantity === 0n || quantity < -MAX_INT64)
    refuse("LegQuantity", part, BigInt(index), quantity);
  if (strike < 1n || strike % tick !== 0n) refuse("StrikeOffTick", strike, tick);
  if (book.market.scale.inverse && !isCall) refuse("PutsNotListed", book.book);
}

/** Refuses a book whose market is halted. */
export function requireNotHalted({ env }: Context, { book, market }: Book): void {
  const { guard } = market;
  if (levelAt(guard, env.now) === LEVEL_HALTED) refuse("MarketHalted", book, guard.until);
}

/**
 * The legs of a vector, checked: number, order, quantities, what the book lists, and calls that net in a linear book.
 *
 * @param index - The part that errors name.
 */
export function shapeLegs(book: Book, index: bigint, packed: readonly bigint[]): readonly Leg[] {
  const count = BigInt(packed.length);
  if (count < 1n || count > MAX_LEGS) refuse("LegsBound", index, count, MAX_LEGS);
  const legs = unpackLegs(packed);
  legs.forEach((leg, at) => {
    const previous = legs[at - 1];
    if (previous && compareLegs(previous, leg) >= 0) refuse("LegsUnsorted", index, BigInt(at));
    checkLeg(book, index, at, leg);
  });
  const sum = callSum(legs);
  if (!book.market.scale.inverse && sum !== 0n) refuse("CallsMustNet", book.book, sum);
  return legs;
}

function shapePart(context: Context, part: Part, index: bigint): ShapedPart {
  const book = requireBook(context, part.book);
  requireLive(context, book);
  requireNotHalted(context, book);
  return { part, book, legs: shapeLegs(book, index, part.legs) };
}

/**
 * Steps 2 and 3 of a fill: what can be said of the order without looking at maker or taker. "Above the one before" binds
 * from the second part and the second leg on.
 */
export function shapeOrder(
  context: Context,
  order: Order,
  units: bigint,
  limits: readonly Limit[],
): readonly ShapedPart[] {
  const parts = BigInt(order.parts.length);
  if (parts < 1n || parts > MAX_PARTS) refuse("PartsBound", parts, MAX_PARTS);
  if (limits.length !== order.parts.length) refuse("LimitsLength", BigInt(limits.length), parts);
  if (units < 1n) refuse("UnitsZero");
  return order.parts.map((part, index) => {
    const previous = order.parts[index - 1];
    if (previous && part.book <= previous.book) refuse("PartsUnsorted", BigInt(index), part.book);
    return shapePart(context, part, BigInt(index));
  });
}

import { maySign } from "../../context.ts";
import type { Context } from "../../context.ts";
import { hashOrder, hashTop, orderDigest } from "../../eip712.ts";
import { Refusal, refuse } from "../../errors.ts";
import type { ErrorName, ModelError } from "../../errors.ts";
import { ownerOf } from "../../ids.ts";
import { premiumOf } from "../../premium.ts";
import { min } from "../../rounding.ts";
import type { Nonce } from "../../state.ts";
import type { AccountId, Address, Order, Signature } from "../../types.ts";
import type { ShapedPart } from "./shape.ts";
import { cover, moveLegs, positionIn } from "./side.ts";
import type { NextPosition, Side } from "./side.ts";

/** What can be wrong with a maker or its order: `fill` is refused with it, `fillMany` skips the order. */
const SKIPPED: readonly ErrorName[] = [
  "SameAccount",
  "OrderExpired",
  "ForeignTaker",
  "EpochStale",
  "OrderCancelled",
  "OrderFilledUp",
  "NonceTaken",
  "UnitsBound",
  "BelowMinFill",
  "BadSignature",
  "QuantityBound",
  "TooManyLegs",
  "CollateralBound",
  "DrawTooSmall",
  "Undercovered",
];

/** A signed order and how much of it is asked for. */
export interface Ask {
  readonly taker: AccountId;
  readonly order: Order;
  readonly signer: Address;
  readonly signature: Signature;
  readonly units: bigint;
  /** True if as many of the units will do as remain, at least one. */
  readonly upTo: boolean;
}

/** What one part does to the maker. */
export interface MakerPart {
  readonly premium: bigint;
  readonly next: NextPosition;
}

/** The maker after a fill. */
export interface MetMaker {
  readonly ok: true;
  readonly orderHash: bigint;
  readonly units: bigint;
  /** Units left to fill after this fill. */
  readonly remaining: bigint;
  readonly parts: readonly MakerPart[];
}

/** The maker after a fill, or why there is none. Nothing has been written either way. */
export type MakerEvaluation =
  MetMaker | { readonly ok: false; readonly orderHash: bigint; readonly error: ModelError };

/** Whether the evidence speaks of this digest and of this signer. */
function isSignedBy(signature: Signature, signer: Address, digest: bigint): boolean {
  if (signature.kind === "garbage" || signature.digest !== digest) return false;
  if (signature.kind === "ecdsa") return signature.by === signer;
  return signature.wallet === signer && signature.accepts;
}

/** Epoch and nonce; answers how many units are filled. */
function checkNonce(maker: Side, order: Order, orderHash: bigint): bigint {
  const { account, nonce, epoch } = order;
  const current = maker.account?.epoch ?? 0n;
  if (epoch !== current) refuse("EpochStale", epoch, current);
  const known = maker.nonces.get(nonce) ?? maker.account?.nonces.get(nonce);
  if (known === undefined) return 0n;
  if (known.state === "cancelled") refuse("OrderCancelled", account, nonce);
  if (known.state === "filled") refuse("OrderFilledUp", account, nonce);
  if (known.hashTop !== hashTop(orderHash)) refuse("NonceTaken", account, nonce);
  return known.filled;
}

/** Units of an order that are filled already, and those to fill now. */
interface Portion {
  readonly filled: bigint;
  readonly units: bigint;
}

function checkUnits({ order, units: asked, upTo }: Ask, filled: bigint): bigint {
  const remaining = order.units - filled;
  if (upTo && remaining === 0n) refuse("OrderFilledUp", order.account, order.nonce);
  const units = upTo ? min(asked, remaining) : asked;
  if (units > remaining) refuse("UnitsBound", units, remaining);
  const least = min(order.minFill, remaining);
  if (units < least) refuse("BelowMinFill", units, least);
  return units;
}

function checkOrder(context: Context, maker: Side, ask: Ask, orderHash: bigint): Portion {
  const { now } = context.env;
  const { order, signer, signature, taker } = ask;
  if (order.account === taker) refuse("SameAccount", taker);
  if (now > order.deadline) refuse("OrderExpired", order.deadline, now);
  const owner = ownerOf(taker);
  if (order.taker !== 0n && order.taker !== owner) refuse("ForeignTaker", order.taker, owner);
  const filled = checkNonce(maker, order, orderHash);
  const units = checkUnits(ask, filled);
  const permitted = maySign(maker.account, ownerOf(order.account), signer, order.signedAt, now);
  const digest = orderDigest(context.state.domain, order);
  if (!permitted || !isSignedBy(signature, signer, digest)) {
    refuse("BadSignature", order.account, signer);
  }
  return { filled, units };
}

function movePart(maker: Side, shaped: ShapedPart, { filled, units }: Portion): MakerPart {
  const { part, book, legs: moved } = shaped;
  const before = positionIn(maker, book);
  const premium = premiumOf(book.market.scale, part.premium, filled, units);
  const legs = moveLegs(maker, book, before.legs, moved, units);
  const allowed = part.maxDraw * units;
  const { collateral, draw } = cover(maker, book, legs, before.collateral + premium, allowed);
  maker.positions.set(book.key, { ...before, collateral, legs });
  return { premium, next: { before, legs, collateral, draw } };
}

/** What a nonce becomes by a fill. */
function nonceAfter(orderHash: bigint, filled: bigint, remaining: bigint): Nonce {
  if (remaining === 0n) return { state: "filled" };
  return { state: "partial", hashTop: hashTop(orderHash), filled };
}

/**
 * Steps 4 and 5 of a fill: the order, then the maker's new state in memory.
 *
 * @param maker - Moved on to its new state; of no further use if the evaluation fails.
 */
export function evaluateMaker(
  context: Context,
  maker: Side,
  ask: Ask,
  shaped: readonly ShapedPart[],
): MakerEvaluation {
  const { order } = ask;
  const orderHash = hashOrder(order);
  try {
    const portion = checkOrder(context, maker, ask, orderHash);
    const parts = shaped.map((part) => movePart(maker, part, portion));
    const filled = portion.filled + portion.units;
    const remaining = order.units - filled;
    maker.nonces.set(order.nonce, nonceAfter(orderHash, filled, remaining));
    return { ok: true, orderHash, units: portion.units, remaining, parts };
  } catch (thrown) {
    if (!(thrown instanceof Refusal) || !SKIPPED.includes(thrown.error.name)) throw thrown;
    return { ok: false, orderHash, error: thrown.error };
  }
}

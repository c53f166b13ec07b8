import { SCOPE_TRADE } from "../../constants.ts";
import { requirePermitted } from "../../context.ts";
import type { Context, Effect } from "../../context.ts";
import { Refusal } from "../../errors.ts";
import type { FilledPart } from "../../events.ts";
import { itemAt } from "../../lists.ts";
import type { AccountId, Address, Limit, Order, Signature } from "../../types.ts";
import { evaluateMaker } from "./maker.ts";
import { shapeOrder } from "./shape.ts";
import type { ShapedPart } from "./shape.ts";
import { openSide } from "./side.ts";
import { checkCeiling, crossPart, payPart, raisedIn } from "./taker.ts";
import type { Crossed } from "./taker.ts";

/** One part of a fill as its event tells it. */
export function filledPart({ part }: ShapedPart, crossed: Crossed, takerDraw: bigint): FilledPart {
  const { premium, fee, makerDraw } = crossed;
  return { book: part.book, premium, fee, makerDraw, takerDraw, legs: part.legs };
}

/** fill(account, order, signer, signature, units, limits): trade of the taking account. */
export function fill(
  context: Context,
  account: AccountId,
  order: Order,
  signer: Address,
  signature: Signature,
  units: bigint,
  limits: readonly Limit[],
): Effect<readonly bigint[]> {
  requirePermitted(context, account, SCOPE_TRADE);
  const shaped = shapeOrder(context, order, units, limits);
  const ask = { taker: account, order, signer, signature, units, upTo: false };
  const maker = evaluateMaker(context, openSide(context.state, order.account), ask, shaped);
  if (!maker.ok) throw new Refusal(maker.error);
  const taker = openSide(context.state, account);
  const taken = shaped.map((part, index) => {
    const crossed = crossPart(context, taker, part, itemAt(maker.parts, index), units);
    const paid = payPart(context, taker, part, index, crossed, itemAt(limits, index));
    checkCeiling(part.book, paid.pool, crossed.raises);
    return {
      queued: paid.queued,
      raised: raisedIn(context, part.book, crossed.raises),
      pay: crossed.premium + crossed.fee,
      told: filledPart(part, crossed, paid.draw),
    };
  });
  const args = {
    maker: order.account,
    taker: account,
    orderHash: maker.orderHash,
    nonce: order.nonce,
    units,
    remaining: maker.remaining,
    parts: taken.map(({ told }) => told),
  };
  return {
    returned: taken.map(({ pay }) => pay),
    events: [{ name: "OrderFilled", args }],
    queued: [...taken.flatMap(({ queued }) => queued), ...taken.flatMap(({ raised }) => raised)],
  };
}

import { SCOPE_TRADE } from "../../constants.ts";
import { requirePermitted } from "../../context.ts";
import type { Context, Effect } from "../../context.ts";
import { ModelFault, Refusal } from "../../errors.ts";
import type { FilledPart } from "../../events.ts";
import type { AccountId, Address, Limit, Order, Signature } from "../../types.ts";
import { evaluateMaker } from "./maker.ts";
import { shapeOrder } from "./shape.ts";
import { openSide } from "./side.ts";
import { planTakerPart } from "./taker.ts";

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
  const ask = { taker: account, order, signer, signature, units };
  const maker = evaluateMaker(context, ask, shaped);
  if (!maker.ok) throw new Refusal(maker.error);
  const taker = openSide(context.state, account);
  const parts = shaped.map((part, index): FilledPart => {
    const makerPart = maker.parts[index];
    const limit = limits[index];
    if (!makerPart || !limit) throw new ModelFault(`part ${index} lost its maker or its limit`);
    return planTakerPart(context, taker, BigInt(index), part, makerPart, units, limit);
  });
  const args = {
    maker: order.account,
    taker: account,
    orderHash: maker.orderHash,
    nonce: order.nonce,
    units,
    remaining: order.units - maker.filled - units,
    parts,
  };
  const paid = parts.map((part) => part.premium + part.fee);
  return { returned: paid, events: [{ name: "OrderFilled", args }] };
}

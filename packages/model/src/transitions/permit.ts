import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import type { Address, Signature } from "../types.ts";
import { planPermit } from "../world/permit.ts";

/** selfPermit(token, amount, deadline, v, r, s): anyone. A token that refuses changes nothing and ends nothing. */
export function selfPermit(
  context: Context,
  token: Address,
  amount: bigint,
  deadline: bigint,
  signature: Signature,
): Effect<void> {
  if (!context.world.code.has(token)) refuse("NoCode", token);
  const outside = planPermit(context, token, amount, deadline, signature);
  return { returned: undefined, events: [], ...(outside && { outside }) };
}

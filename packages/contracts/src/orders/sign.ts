import type { Signer, TypedDataDomain } from "ethers";

import { ORDER_TYPES, orderMessage } from "./typedData.ts";
import type { ReadonlyOrder } from "./types.ts";

/**
 * Signs an order with any ethers signer: a key in the process, or a wallet behind JSON-RPC that shows it first.
 *
 * @param signer - Owner of the order's account, or a trade operator of it.
 * @param order - The order, from `buildOrder`.
 * @param domain - The ledger's, from `orderDomain`.
 */
export function signOrder(
  signer: Pick<Signer, "signTypedData">,
  order: ReadonlyOrder,
  domain: TypedDataDomain,
): Promise<string> {
  return signer.signTypedData(domain, ORDER_TYPES, orderMessage(order));
}

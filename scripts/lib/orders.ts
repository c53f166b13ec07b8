/**
 * Orders as tests, benchmarks and the demo write them; the code is that of `@certus/contracts`.
 *
 * @module
 */
import type { Signer, TypedDataDomain } from "ethers";

import { signOrder as sign } from "../../packages/contracts/src/orders/sign.ts";
import type { ReadonlyOrder as OrderInput } from "../../packages/contracts/src/orders/types.ts";

export { packLegs } from "../../packages/contracts/src/orders/legs.ts";
export {
  ORDER_TYPES,
  orderDomain,
  orderMessage,
} from "../../packages/contracts/src/orders/typedData.ts";
export type {
  ReadonlyOrder as OrderInput,
  ReadonlyPart as PartInput,
} from "../../packages/contracts/src/orders/types.ts";

/** Signs an order with any ethers signer. */
export function signOrder(
  signer: Pick<Signer, "signTypedData">,
  domain: TypedDataDomain,
  order: OrderInput,
): Promise<string> {
  return sign(signer, order, domain);
}

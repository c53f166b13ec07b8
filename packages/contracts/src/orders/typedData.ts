import { TypedDataEncoder } from "ethers";
import type { TypedDataDomain } from "ethers";

import { unpackLeg } from "./legs.ts";
import type { ReadonlyOrder } from "./types.ts";

/** EIP-712 types of an order, legs spelled out. */
export const ORDER_TYPES = {
  Order: [
    { name: "account", type: "uint256" },
    { name: "nonce", type: "uint256" },
    { name: "epoch", type: "uint32" },
    { name: "units", type: "uint64" },
    { name: "minFill", type: "uint64" },
    { name: "signedAt", type: "uint40" },
    { name: "deadline", type: "uint40" },
    { name: "taker", type: "address" },
    { name: "parts", type: "Part[]" },
  ],
  Leg: [
    { name: "strike", type: "uint64" },
    { name: "isCall", type: "bool" },
    { name: "quantity", type: "int64" },
  ],
  Part: [
    { name: "book", type: "uint256" },
    { name: "legs", type: "Leg[]" },
    { name: "premium", type: "int64" },
    { name: "maxDraw", type: "uint112" },
  ],
};

/** Name and version in the domain of every ledger. */
export const DOMAIN_NAME = { name: "Certus", version: "1" } as const;

/** The domain in which orders of a ledger are signed. */
export function orderDomain(chainId: bigint, ledger: string): TypedDataDomain {
  return { ...DOMAIN_NAME, chainId, verifyingContract: ledger };
}

/** The message that a wallet shows and signs. */
export function orderMessage(order: ReadonlyOrder): Record<string, unknown> {
  return {
    ...order,
    parts: order.parts.map((part) => ({ ...part, legs: part.legs.map(unpackLeg) })),
  };
}

/** EIP-712 struct hash of an order: what `orderHash` of the ledger answers and `OrderFilled` names. */
export function hashOrder(order: ReadonlyOrder): string {
  return TypedDataEncoder.hashStruct("Order", ORDER_TYPES, orderMessage(order));
}

/** What is signed: the hash of domain and order. An ERC-1271 wallet is asked about this digest. */
export function orderDigest(order: ReadonlyOrder, domain: TypedDataDomain): string {
  return TypedDataEncoder.hash(domain, ORDER_TYPES, orderMessage(order));
}

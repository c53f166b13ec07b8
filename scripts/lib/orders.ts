import { packLeg, unpackLeg } from "@certus/model";
import type { Leg } from "@certus/model";
import type { Signer, TypedDataDomain } from "ethers";

/** One book's share of an order; quantities and premium are what the maker receives. */
export interface PartInput {
  /** The book. */
  readonly book: bigint;
  /** Packed legs per unit, sorted by key. */
  readonly legs: readonly bigint[];
  /** Premium per unit, price units (8 decimals); negative: the maker pays. */
  readonly premium: bigint;
  /** Most that may be drawn per unit from the maker's free cash, base units. */
  readonly maxDraw: bigint;
}

/** An order as the ledger's `fill` takes it. */
export interface OrderInput {
  readonly account: bigint;
  readonly nonce: bigint;
  readonly epoch: bigint;
  readonly units: bigint;
  readonly minFill: bigint;
  readonly signedAt: bigint;
  readonly deadline: bigint;
  /** Owner of the only account that may take it; the zero address for anyone. */
  readonly taker: string;
  readonly parts: readonly PartInput[];
}

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

/** Sorts legs by strike, puts before calls, and packs them. */
export function packLegs(legs: readonly Leg[]): bigint[] {
  return legs.map(packLeg).sort((a, b) => (a >> 64n < b >> 64n ? -1 : 1));
}

/** The domain in which orders of a ledger are signed. */
export function orderDomain(chainId: bigint, ledger: string): TypedDataDomain {
  return { name: "Certus", version: "1", chainId, verifyingContract: ledger };
}

/** The message a wallet shows and signs. */
export function orderMessage(order: OrderInput): Record<string, unknown> {
  return {
    ...order,
    parts: order.parts.map((part) => ({ ...part, legs: part.legs.map(unpackLeg) })),
  };
}

/** Signs an order with any ethers signer. */
export function signOrder(
  signer: Pick<Signer, "signTypedData">,
  domain: TypedDataDomain,
  order: OrderInput,
): Promise<string> {
  return signer.signTypedData(domain, ORDER_TYPES, orderMessage(order));
}

import { unpackLegs } from "./ids.ts";
import { keccakText, keccakWords } from "./keccak.ts";
import type { Address, Leg, Order, Part } from "./types.ts";

const LEG_TYPE = "Leg(uint64 strike,bool isCall,int64 quantity)";
const PART_TYPE = "Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)";
const ORDER_TYPE =
  "Order(uint256 account,uint256 nonce,uint32 epoch,uint64 units,uint64 minFill,uint40 signedAt," +
  "uint40 deadline,address taker,Part[] parts)";
const DOMAIN_TYPE =
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";

const LEG_TYPEHASH = keccakText(LEG_TYPE);
const PART_TYPEHASH = keccakText(PART_TYPE + LEG_TYPE);
const ORDER_TYPEHASH = keccakText(ORDER_TYPE + LEG_TYPE + PART_TYPE);
const DOMAIN_TYPEHASH = keccakText(DOMAIN_TYPE);
const NAME_HASH = keccakText("Certus");
const VERSION_HASH = keccakText("1");

function hashLeg(leg: Leg): bigint {
  return keccakWords([LEG_TYPEHASH, leg.strike, leg.isCall ? 1n : 0n, leg.quantity]);
}

function hashPart(part: Part): bigint {
  const legs = keccakWords(unpackLegs(part.legs).map(hashLeg));
  return keccakWords([PART_TYPEHASH, part.book, legs, part.premium, part.maxDraw]);
}

const orderHashes = new WeakMap<Order, bigint>();

/** EIP-712 struct hash of an order, remembered by object; the order is frozen so that it cannot go stale. */
export function hashOrder(order: Order): bigint {
  const known = orderHashes.get(order);
  if (known !== undefined) return known;
  const hash = keccakWords([
    ORDER_TYPEHASH,
    order.account,
    order.nonce,
    order.epoch,
    order.units,
    order.minFill,
    order.signedAt,
    order.deadline,
    order.taker,
    keccakWords(order.parts.map(hashPart)),
  ]);
  order.parts.forEach((part) => Object.freeze(part));
  Object.freeze(order.parts);
  orderHashes.set(Object.freeze(order), hash);
  return hash;
}

/** Top 192 bits of an order hash: what a partial order's slot keeps. */
export function hashTop(orderHash: bigint): bigint {
  return orderHash >> 64n;
}

/** EIP-712 domain separator of the ledger at an address on a chain. */
export function domainSeparator(chainId: bigint, ledger: Address): bigint {
  return keccakWords([DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, chainId, ledger]);
}

const orderDigests = new WeakMap<Order, { readonly domain: bigint; readonly digest: bigint }>();

/**
 * What is signed: keccak256(0x1901 ‖ domain separator ‖ struct hash). The last one is remembered by object.
 *
 * @param domain - Domain separator of the ledger.
 * @param order - The order.
 */
export function orderDigest(domain: bigint, order: Order): bigint {
  const known = orderDigests.get(order);
  if (known?.domain === domain) return known.digest;
  const digest = keccakWords([domain, hashOrder(order)], [0x19, 0x01]);
  orderDigests.set(order, { domain, digest });
  return digest;
}

import { domainSeparator, hashOrder, keccakText, keccakWords, orderDigest } from "@certus/model";
import type { Address, Order, Signature } from "@certus/model";
import { SigningKey } from "ethers";

import { toWord } from "../chain/abi.ts";
import { CHAIN_ID } from "../chain/chain.ts";
import { ACTOR_AT } from "../world/actors.ts";
import { AT } from "../world/places.ts";
import type { Ecdsa, Signing } from "./command.ts";

/** Order of secp256k1. */
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * One nonce for every signature: r never changes, and a signature is one multiplication. It gives the keys away, which
 * are public here anyhow.
 */
const K = keccakText("certus invariant campaign: the nonce") % N;
const K_INVERSE = inverse(K);
const [R, R_IS_ODD] = pointOf(K);

const DOMAIN = domainSeparator(CHAIN_ID, AT.ledger);
const OTHER_CHAIN = domainSeparator(CHAIN_ID + 1n, AT.ledger);
const OTHER_LEDGER = domainSeparator(CHAIN_ID, AT.ledger + 1n);

function inverse(value: bigint): bigint {
  let [a, b, x, y] = [value, N, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return ((x % N) + N) % N;
}

function pointOf(key: bigint): readonly [x: bigint, isOdd: boolean] {
  const { compressedPublicKey } = new SigningKey(`0x${toWord(key)}`);
  return [BigInt(`0x${compressedPublicKey.slice(4)}`) % N, compressedPublicKey.startsWith("0x03")];
}

/** Whether the signer is the named one and the digest the order's own is all that the model is told. */
export interface Signed {
  /** The bytes for the chain, as hex digits. */
  readonly bytes: string;
  /** What they prove, for the model. */
  readonly evidence: Signature;
}

function digestOf(order: Order, over: Ecdsa["over"]): bigint {
  if (over === "ours") return orderDigest(DOMAIN, order);
  if (over === "otherChain") return orderDigest(OTHER_CHAIN, order);
  if (over === "otherLedger") return orderDigest(OTHER_LEDGER, order);
  return keccakWords([hashOrder(order)]);
}

function signEcdsa(order: Order, { by, over, form }: Ecdsa): Signed {
  const key = ACTOR_AT.get(by)?.key ?? 1n;
  const digest = digestOf(order, over);
  let s = (K_INVERSE * (digest + R * key)) % N;
  let odd = R_IS_ODD;
  if (s > N / 2n !== (form === "highS")) [s, odd] = [N - s, !odd];
  if (form === "compact") {
    const word = s | (odd ? 1n << 255n : 0n);
    return { bytes: toWord(R) + toWord(word), evidence: { kind: "garbage" } };
  }
  const bytes = toWord(R) + toWord(s) + (odd ? "1c" : "1b");
  if (form === "highS") return { bytes, evidence: { kind: "garbage" } };
  return { bytes, evidence: { kind: "ecdsa", by, digest } };
}

/**
 * Signs an order as told.
 *
 * @param wallet - The ERC-1271 wallet and whether it agrees: asked, it answers for itself, whatever the bytes are.
 */
export function signAs(
  signing: Signing,
  order: Order,
  signer: Address,
  wallet: { readonly address: Address; readonly accepts: boolean },
): Signed {
  const made: Signed =
    signing.kind === "ecdsa"
      ? signEcdsa(order, signing)
      : { bytes: signing.bytes, evidence: { kind: "garbage" } };
  if (signer !== wallet.address) return made;
  const digest = orderDigest(DOMAIN, order);
  return {
    bytes: made.bytes,
    evidence: { kind: "erc1271", wallet: signer, digest, accepts: wallet.accepts },
  };
}

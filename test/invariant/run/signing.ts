import {
  domainSeparator,
  hashOrder,
  keccakText,
  keccakWords,
  orderDigest,
  permitDigest,
} from "@certus/model";
import type { Address, Order, Signature } from "@certus/model";
import { SigningKey } from "ethers";

import { toWord } from "../../../scripts/lib/abi.ts";
import { CHAIN_ID } from "../chain/chain.ts";
import { ACTOR_AT } from "../world/actors.ts";
import { AT } from "../world/places.ts";
import { permitDomain } from "../world/permits.ts";
import type { Actions, Ecdsa, SignedOrder } from "./command.ts";

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

/** The key of whoever has none. */
const NOBODY = 1n;

/** What an ECDSA signature proves: nothing if its key is nobody's. */
function evidenceOf(by: Address, digest: bigint): Signature {
  return ACTOR_AT.has(by) ? { kind: "ecdsa", by, digest } : { kind: "garbage" };
}

/** The two numbers of a signature and which of the two points of r is meant. */
export interface Curve {
  readonly r: bigint;
  readonly s: bigint;
  readonly odd: boolean;
}

/** Signs a digest with a key; s is low unless a high one is asked for. */
export function signWithKey(key: bigint, digest: bigint, highS = false): Curve {
  const s = (K_INVERSE * (digest + R * key)) % N;
  const [low, high] = [
    { r: R, s, odd: R_IS_ODD },
    { r: R, s: N - s, odd: !R_IS_ODD },
  ];
  return s > N / 2n === highS ? low : high;
}

function signDigest(by: Address, digest: bigint, highS = false): Curve {
  return signWithKey(ACTOR_AT.get(by)?.key ?? NOBODY, digest, highS);
}

function signEcdsa(order: Order, { by, over, form }: Ecdsa): Signed {
  const digest = digestOf(order, over);
  const { s, odd } = signDigest(by, digest, form === "highS");
  if (form === "compact") {
    const word = s | (odd ? 1n << 255n : 0n);
    return { bytes: toWord(R) + toWord(word), evidence: { kind: "garbage" } };
  }
  const bytes = toWord(R) + toWord(s) + (odd ? "1c" : "1b");
  if (form === "highS") return { bytes, evidence: { kind: "garbage" } };
  return { bytes, evidence: evidenceOf(by, digest) };
}

/** Who makes a call, and the ERC-1271 wallet: asked, it answers for itself, whatever the bytes are. */
export interface Signatories {
  readonly caller: Address;
  readonly wallet: { readonly address: Address; readonly accepts: boolean };
}

/** Signs an order as told. */
export function signAs({ signing, order, signer }: SignedOrder, { wallet }: Signatories): Signed {
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

/** A permit's signature, as the chain takes it and as the model does. */
export interface SignedPermit {
  readonly words: readonly [v: bigint, r: bigint, s: bigint];
  readonly evidence: Signature;
}

/** Signs a permit of the caller as told. */
export function signPermit(
  { token, deadline, signing: { by, value, nonce } }: Actions["selfPermit"],
  { caller: owner }: Signatories,
): SignedPermit {
  const permit = { owner, spender: AT.ledger, value, nonce, deadline };
  const digest = permitDigest(permitDomain(token), permit);
  const { s, odd } = signDigest(by, digest);
  return { words: [odd ? 28n : 27n, R, s], evidence: evidenceOf(by, digest) };
}

/**
 * Observations of own signers: what they sign, and the payload in which a `SignedFeed` takes them.
 *
 * @module
 */
import { AbiCoder, Signature, TypedDataEncoder, keccak256, recoverAddress } from "ethers";
import type { Signer, TypedDataDomain } from "ethers";

import { ordered } from "./signerSet.ts";
import type { Statement } from "./signerSet.ts";

export { StatementsError, newestSet } from "./signerSet.ts";

const coder = AbiCoder.defaultAbiCoder();

/** EIP-712 types of an observation. */
export const OBSERVATION_TYPES = {
  Observation: [
    { name: "pair", type: "bytes32" },
    { name: "time", type: "uint64" },
    { name: "price", type: "uint64" },
  ],
};

/** What a signer saw. */
export interface Observation {
  /** Unix time, in seconds. */
  readonly time: bigint;
  /** Quote per 10^priceExp underlying, 8 decimals. */
  readonly price: bigint;
}

/** A signature in 64 bytes, as ERC-2098 has it. */
export interface CompactSignature {
  readonly r: string;
  /** s, and the parity of y in its top bit. */
  readonly vs: string;
}

/** An observation with its signer and signature. */
export interface SignedObservation extends Statement, CompactSignature {}

/** For whom observations are signed: a feed on a chain, and its pair. */
export interface FeedContext {
  readonly domain: TypedDataDomain;
  /** `pair()` of the feed. */
  readonly pair: string;
}

/** The domain in which observations of a feed are signed. */
export function feedDomain(chainId: bigint, feed: string): TypedDataDomain {
  return { name: "Certus Signed Feed", version: "1", chainId, verifyingContract: feed };
}

/** What observations call their pair and its unit; `base` and `quote` are bytes32. */
export function pairId(base: string, quote: string, priceExp: bigint): string {
  return keccak256(coder.encode(["bytes32", "bytes32", "uint8"], [base, quote, priceExp]));
}

/** What is signed: as `digest(time, price)` of the feed. */
export function observationDigest({ domain, pair }: FeedContext, { time, price }: Observation) {
  return TypedDataEncoder.hash(domain, OBSERVATION_TYPES, { pair, time, price });
}

/** Signs an observation with any ethers signer. */
export async function signObservation(
  signer: Pick<Signer, "getAddress" | "signTypedData">,
  { domain, pair }: FeedContext,
  { time, price }: Observation,
): Promise<SignedObservation> {
  const signature = await signer.signTypedData(domain, OBSERVATION_TYPES, { pair, time, price });
  const { r, yParityAndS: vs } = Signature.from(signature);
  return { signer: await signer.getAddress(), time, price, r, vs };
}

/** Whose signature it is; of an observation that came from elsewhere, to be compared with the signer it names. */
export function observerOf(
  context: FeedContext,
  observation: Observation & CompactSignature,
): string {
  const { r, vs } = observation;
  return recoverAddress(
    observationDigest(context, observation),
    Signature.from({ r, yParityAndS: vs }),
  );
}

/**
 * The payload for `latest` and `valueAt`.
 *
 * @param signers - `signers()` of the feed.
 * @param observations - One of each signer that is to count, in any order, all of one time; `newestSet` picks them.
 * @throws {@link StatementsError} if a signer is unknown or comes twice, or if the times differ.
 */
export function encodeObservations(
  signers: readonly string[],
  observations: readonly SignedObservation[],
): string {
  const { bitmap, statements } = ordered(signers, observations);
  return encodePayload({
    time: statements[0]?.time ?? 0n,
    bitmap,
    prices: statements.map(({ price }) => price),
    signatures: statements.map(({ r, vs }) => [r, vs] as const),
  });
}

/** What a payload holds. */
export interface ObservationPayload {
  /** Unix time of all observations, in seconds. */
  readonly time: bigint;
  /** The signers, bit i for `signers()[i]`. */
  readonly bitmap: bigint;
  /** A price for each bit, lowest first. */
  readonly prices: readonly bigint[];
  /** A signature (r, vs) for each bit, lowest first. */
  readonly signatures: readonly (readonly [r: string, vs: string])[];
}

/** A payload as the feed decodes it; `encodeObservations` makes sure that it can be of use. */
export function encodePayload({ time, bitmap, prices, signatures }: ObservationPayload): string {
  return coder.encode(
    ["uint40", "uint16", "uint64[]", "bytes32[2][]"],
    [time, bitmap, prices, signatures],
  );
}

/** Two observations that remove a signer. */
export type Equivocation = readonly [SignedObservation, SignedObservation];

/**
 * Finds a signer that signed two prices for one time, among observations whose signatures were checked.
 *
 * @returns Both observations; undefined if nobody contradicts itself.
 */
export function findEquivocation(
  observations: readonly SignedObservation[],
): Equivocation | undefined {
  const seen = new Map<string, SignedObservation>();
  for (const observation of observations) {
    const key = `${observation.signer.toLowerCase()} ${observation.time}`;
    const before = seen.get(key);
    if (before === undefined) seen.set(key, observation);
    else if (before.price !== observation.price) return [before, observation];
  }
  return undefined;
}

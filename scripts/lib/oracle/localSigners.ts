/**
 * Signers of a local chain: RedStone's and one's own, with keys that everybody knows. For tests, benchmarks, the demo and
 * local nodes; on any other chain their word is worth nothing.
 *
 * @module
 */
import { SigningKey, computeAddress, encodeBytes32String, id } from "ethers";

import { connectorPayload, encodeClaim, signPackage } from "./redstone.ts";
import { encodePayload, feedDomain, observationDigest, pairId } from "./signedFeed.ts";

/** What these sources price. */
export const LOCAL_PAIR = { base: "ETH", quote: "USD" } as const;

const REDSTONE_SIGNERS = 5;
const OWN_SIGNERS = 4;
const CENT = 10n ** 6n;

const keysOf = (name: string, count: number): SigningKey[] =>
  Array.from({ length: count }, (_, index) => new SigningKey(id(`certus local ${name} ${index}`)));

const redstoneKeys = keysOf("redstone", REDSTONE_SIGNERS);
const ownKeys = keysOf("signer", OWN_SIGNERS);

/** Addresses of the local signers, in the order of the sources' bits. */
export const LOCAL_SIGNERS = {
  redstone: redstoneKeys.map((key) => computeAddress(key)),
  own: ownKeys.map((key) => computeAddress(key)),
};

/** For whom own signers sign: a chain, and the address of the feed there. */
export interface OwnFeed {
  readonly chainId: bigint;
  readonly addresses: { readonly own: string };
}

/** RedStone packages of all signers, or of the first `prices.length` ones, each with its own price. */
export function redstonePayload(time: bigint, prices: readonly bigint[]): string {
  const packages = prices.map((value, index) =>
    signPackage(redstoneKeys[index]?.privateKey ?? "", {
      dataFeedId: LOCAL_PAIR.base,
      milliseconds: time * 1_000n,
      value,
    }),
  );
  return encodeClaim((1n << BigInt(prices.length)) - 1n, connectorPayload(packages));
}

/** Observations of the first `prices.length` own signers. */
export function ownPayload(
  { chainId, addresses }: OwnFeed,
  time: bigint,
  prices: readonly bigint[],
): string {
  const domain = feedDomain(chainId, addresses.own);
  const { base, quote } = LOCAL_PAIR;
  const pair = pairId(encodeBytes32String(base), encodeBytes32String(quote), 0n);
  const signatures = prices.map((price, index) => {
    const digest = observationDigest({ domain, pair }, { time, price });
    const signature = ownKeys[index]?.sign(digest);
    if (signature === undefined) throw new Error(`there is no own signer ${index}`);
    return [signature.r, signature.yParityAndS] as const;
  });
  return encodePayload({ time, bitmap: (1n << BigInt(prices.length)) - 1n, prices, signatures });
}

/** One price for every signer, a cent apart around it, so that the median is the price. */
export function around(price: bigint, signers: number): bigint[] {
  const middle = BigInt(signers - 1) / 2n;
  return Array.from({ length: signers }, (_, index) => price + (BigInt(index) - middle) * CENT);
}

/** The payload of all RedStone signers around one price. */
export function pulledRedstone(time: bigint, price: bigint): string {
  return redstonePayload(time, around(price, REDSTONE_SIGNERS));
}

/** The payload of all own signers around one price. */
export function pulledOwn(feed: OwnFeed, time: bigint, price: bigint): string {
  // They are an even number: two at the price keep their median there.
  return ownPayload(feed, time, [price, price, price - CENT, price + CENT]);
}

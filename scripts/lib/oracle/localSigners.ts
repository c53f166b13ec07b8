/**
 * What signers of a local chain say: RedStone's and one's own, with keys that everybody knows. For tests, benchmarks, the demo and
 * local nodes; on any other chain their word is worth nothing.
 *
 * @module
 */
import { encodeBytes32String } from "ethers";

import { LOCAL_COUNTS, LOCAL_PAIR, ownKeys, redstoneKeys } from "./localFeed.ts";
import { connectorPayload, encodeClaim, signPackage } from "./redstone.ts";
import { encodePayload, feedDomain, observationDigest, pairId } from "./signedFeed.ts";

export { LOCAL_COUNTS, LOCAL_PAIR, LOCAL_SIGNERS, localSigners } from "./localFeed.ts";
export type { SignerCounts } from "./localFeed.ts";

/** For whom own signers sign: a chain, and the address of the feed there. */
export interface OwnFeed {
  readonly chainId: bigint;
  readonly addresses: { readonly own: string };
  /** What is priced in USD, "ETH" if left out. */
  readonly base?: string;
}

/** RedStone packages of all signers, or of the first `prices.length` ones, each with its own price. */
export function redstonePayload(
  time: bigint,
  prices: readonly bigint[],
  base: string = LOCAL_PAIR.base,
): string {
  const packages = prices.map((value, index) =>
    signPackage(redstoneKeys[index]?.privateKey ?? "", {
      dataFeedId: base,
      milliseconds: time * 1_000n,
      value,
    }),
  );
  return encodeClaim((1n << BigInt(prices.length)) - 1n, connectorPayload(packages));
}

/** Observations of the first `prices.length` own signers. */
export function ownPayload(
  { chainId, addresses, base = LOCAL_PAIR.base }: OwnFeed,
  time: bigint,
  prices: readonly bigint[],
): string {
  const domain = feedDomain(chainId, addresses.own);
  const pair = pairId(encodeBytes32String(base), encodeBytes32String(LOCAL_PAIR.quote), 0n);
  const signatures = prices.map((price, index) => {
    const digest = observationDigest({ domain, pair }, { time, price });
    const signature = ownKeys[index]?.sign(digest);
    if (signature === undefined) throw new Error(`there is no own signer ${index}`);
    return [signature.r, signature.yParityAndS] as const;
  });
  return encodePayload({ time, bitmap: (1n << BigInt(prices.length)) - 1n, prices, signatures });
}

/** One price for every signer, up to some bps apart around it, whose median is the price. */
export function around(price: bigint, signers: number): bigint[] {
  const step = price / 50_000n;
  const last = BigInt(signers - 1);
  return Array.from({ length: signers }, (_, index) => {
    // Of an even number both in the middle are at the price.
    const place = 2n * BigInt(index) - last;
    return price + (place / 2n) * step;
  });
}

/** The payload of all RedStone signers around one price. */
export function pulledRedstone(time: bigint, price: bigint): string {
  return redstonePayload(time, around(price, LOCAL_COUNTS.redstone));
}

/** The payload of all own signers around one price. */
export function pulledOwn(feed: OwnFeed, time: bigint, price: bigint): string {
  return ownPayload(feed, time, around(price, LOCAL_COUNTS.own));
}

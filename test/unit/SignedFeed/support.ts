import { Wallet, encodeBytes32String, id } from "ethers";
import type { network } from "hardhat";

import {
  encodeObservations,
  feedDomain,
  pairId,
  signObservation,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import type {
  Equivocation,
  FeedContext,
  SignedObservation,
} from "../../../scripts/lib/oracle/signedFeed.ts";
import type { SignedFeed } from "../../../types/ethers-contracts/index.ts";

export type Connection = Awaited<ReturnType<typeof network.create>>;

export const MAX_PRICE = (1n << 63n) - 1n;
export const MAXIMAL = 1n << 21n;
export const BASE = encodeBytes32String("ETH");
export const QUOTE = encodeBytes32String("USD");
export const MAX_AGE = 120n;
export const MAX_AHEAD = 5n;
/** Where a test needs no particular time: before every block of the test chain. */
export const T = 1_700_000_000n;

/** Keys of 16 signers, the same in every run. */
export const WALLETS = Array.from({ length: 16 }, (_, i) => new Wallet(id(`signer ${i}`)));

/** 8-decimal dollars. */
export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e8));

export const bits = (...indices: number[]): bigint =>
  indices.reduce((bitmap, index) => bitmap | (1n << BigInt(index)), 0n);

export const countOf = (bitmap: bigint): bigint =>
  BigInt([...bitmap.toString(2)].filter((bit) => bit === "1").length);

/** The form that docs/oracles.md gives a set of signers. */
export const formOf = (bitmap: bigint, standing: bigint): bigint =>
  (bitmap === standing ? MAXIMAL : 0n) | (countOf(bitmap) << 16n) | (0xffffn - bitmap);

/** Median, the mean of the middle two floored. */
export function medianOf(prices: readonly bigint[]): bigint {
  const sorted = [...prices].sort((a, b) => (a < b ? -1 : 1));
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0n;
  return (low + high) / 2n;
}

/** A feed over the first n wallets. */
export interface Feed {
  feed: SignedFeed;
  context: FeedContext;
  wallets: Wallet[];
  signers: string[];
}

export function walletAt(index: number): Wallet {
  const wallet = WALLETS[index];
  if (wallet === undefined) throw new Error(`there is no wallet ${index}`);
  return wallet;
}

export async function deployFeed({ ethers }: Connection, count = 4, priceExp = 0n): Promise<Feed> {
  const wallets = WALLETS.slice(0, count);
  const signers = wallets.map(({ address }) => address);
  const feed = await ethers.deployContract("SignedFeed", [
    BASE,
    QUOTE,
    priceExp,
    MAX_AGE,
    MAX_AHEAD,
    signers,
  ]);
  const { chainId } = await ethers.provider.getNetwork();
  const domain = feedDomain(chainId, await feed.getAddress());
  return { feed, context: { domain, pair: pairId(BASE, QUOTE, priceExp) }, wallets, signers };
}

/** Signs one price for each index. */
export function signAll(
  { context }: Pick<Feed, "context">,
  prices: readonly (readonly [index: number, price: bigint])[],
  time = T,
): Promise<SignedObservation[]> {
  return Promise.all(
    prices.map(([index, price]) => signObservation(walletAt(index), context, { time, price })),
  );
}

/** The payload in which the signers 0, 1, … say these prices. */
export async function payloadOf(world: Feed, prices: readonly bigint[], time = T): Promise<string> {
  const indexed = prices.map((price, index) => [index, price] as const);
  return encodeObservations(world.signers, await signAll(world, indexed, time));
}

/** Two prices of one signer for one time. */
export async function equivocate(
  { context }: Pick<Feed, "context">,
  index: number,
  time = T,
  prices: readonly [bigint, bigint] = [usd(1), usd(2)],
): Promise<Equivocation> {
  const [a, b] = prices;
  return [
    await signObservation(walletAt(index), context, { time, price: a }),
    await signObservation(walletAt(index), context, { time, price: b }),
  ];
}

/** `proveEquivocation` with the two observations; signer and time are those of the first. */
export function prove(feed: SignedFeed, index: number, [a, b]: Equivocation) {
  return feed.proveEquivocation(index, a.time, a.price, [a.r, a.vs], b.price, [b.r, b.vs]);
}

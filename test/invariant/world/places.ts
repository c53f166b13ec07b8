import { profileOf } from "@certus/model";
import type { Address } from "@certus/model";
import { getCreateAddress } from "ethers";

import { address } from "../chain/chain.ts";
import { ACTORS } from "./actors.ts";

/** Contracts in the order of their deployment, which fixes their addresses whatever their code is. */
export const DEPLOYED = [
  "manager",
  "listing",
  "annex",
  "ledger",
  "oracle",
  "quote",
  "base",
  "proxyA",
  "proxyB",
  "lens",
] as const;

/** Name of a deployed contract. */
export type Place = (typeof DEPLOYED)[number];

/** Addresses of what is deployed. */
export const AT = Object.fromEntries(
  DEPLOYED.map((place, nonce) => [
    place,
    BigInt(getCreateAddress({ from: address(ACTORS.deployer.address), nonce })),
  ]),
) as Readonly<Record<Place, Address>>;

/** Foreign contracts that behave as no good one does. */
export const FOREIGN = {
  /** Answers 1 to every call: a token of which nothing ever arrives. */
  lossy: 0xf0000000000000000000000000000000000000a1n,
  /** Calls the ledger back, whatever it is asked. */
  calling: 0xf0000000000000000000000000000000000000a2n,
  /** An oracle whose price is 0. */
  zeroOracle: 0xf0000000000000000000000000000000000000b1n,
  /** An oracle whose price is above every bound. */
  topOracle: 0xf0000000000000000000000000000000000000b2n,
  /** Holds no code. */
  nobody: 0xf0000000000000000000000000000000000000ccn,
} as const;

/** The collateral tokens of good markets. */
export const TOKENS: readonly Address[] = [AT.quote, AT.base];

/** Where the code of a token stands that grants permits in front of it. */
export function codeOf(token: Address): Address {
  return 0xc0de_0000_0000_0000_0000_0000_0000_0000_0000_0000n + BigInt(TOKENS.indexOf(token));
}

/** A push feed at genesis. */
export interface FeedPlace {
  readonly proxy: Address;
  readonly decimals: bigint;
  readonly priceExp: bigint;
  /** An ordinary answer. */
  readonly answer: bigint;
  /** Profile word of the markets on it. */
  readonly profile: bigint;
}

/** The largest ceiling that profiles allow. */
export const MAX_CEILING = (1n << 112n) - 1n;

/** Two feeds: one in the unit of its prices, one that has to be scaled by 10^(8 + 6 − 18). */
export const FEEDS: readonly FeedPlace[] = [
  {
    proxy: AT.proxyA,
    decimals: 8n,
    priceExp: 0n,
    answer: 2_345_67891234n,
    profile: profileOf(0n, MAX_CEILING),
  },
  {
    proxy: AT.proxyB,
    decimals: 18n,
    priceExp: 6n,
    answer: 3_141592653589793n,
    profile: profileOf(6n, MAX_CEILING),
  },
];

/** Address of the aggregator of a feed's phase. */
export function aggregatorAt(proxy: Address, phase: bigint): Address {
  const index = BigInt(FEEDS.findIndex((feed) => feed.proxy === proxy));
  return 0xa6600000000000000000000000000000_00000000n + (index << 16n) + phase;
}

/** The feed behind a proxy. */
export function feedAt(proxy: Address): FeedPlace {
  const found = FEEDS.find((feed) => feed.proxy === proxy);
  if (found === undefined) throw new RangeError(`no feed at ${address(proxy)}`);
  return found;
}

import { Wallet, encodeBytes32String, id } from "ethers";
import type { network } from "hardhat";

import {
  connectorPayload,
  encodePackages,
  feedIdOf,
  signPackage,
} from "../../../scripts/lib/oracle/redstone.ts";
import type { RedStone } from "../../../types/ethers-contracts/index.ts";

export type Connection = Awaited<ReturnType<typeof network.create>>;

/** A package as the helpers make it. */
export type Signed = ReturnType<typeof signPackage>;

export const MAX_PRICE = (1n << 63n) - 1n;
export const MAXIMAL = 1n << 21n;
export const FEED = "ETH";
export const BASE = encodeBytes32String("ETH");
export const QUOTE = encodeBytes32String("USD");
export const MAX_AGE = 120n;
export const MAX_AHEAD = 5n;
/** Unix seconds, a multiple of the network's ten. */
export const T = 1_700_000_000n;
export const MS = T * 1_000n;

/** Keys of 16 signers, the same in every run. */
export const WALLETS = Array.from({ length: 16 }, (_, i) => new Wallet(id(`node ${i}`)));
export const ADDRESSES = WALLETS.map(({ address }) => address);

/** 8-decimal dollars. */
export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e8));

export const bits = (...indices: number[]): bigint =>
  indices.reduce((bitmap, index) => bitmap | (1n << BigInt(index)), 0n);

/** The form that docs/oracles.md gives a set of signers out of `count`. */
export function formOf(set: readonly number[], count: number): bigint {
  const rank = (BigInt(set.length) << 16n) | (0xffffn - bits(...set));
  return set.length === count ? MAXIMAL | rank : rank;
}

/** Median, the mean of the middle two floored. */
export function medianOf(values: readonly bigint[]): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : 1));
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0n;
  const high = sorted[Math.floor(sorted.length / 2)] ?? 0n;
  return (low + high) / 2n;
}

export function walletAt(index: number): Wallet {
  const wallet = WALLETS[index];
  if (wallet === undefined) throw new Error(`there is no wallet ${index}`);
  return wallet;
}

/** What a source is made with; what is not given is that of an ETH/USD feed of five signers. */
export interface Making {
  count?: number;
  threshold?: number;
  priceExp?: bigint;
  decimals?: bigint;
  signers?: string[];
}

/** A source over the first wallets. */
export interface Source {
  source: RedStone;
  signers: string[];
}

export const making = ({
  count = 5,
  threshold = 3,
  priceExp = 0n,
  decimals = 8n,
  signers = ADDRESSES.slice(0, count),
}: Making = {}) =>
  [
    feedIdOf(FEED),
    BASE,
    QUOTE,
    priceExp,
    MAX_AGE,
    MAX_AHEAD,
    signers,
    threshold,
    decimals,
  ] as const;

export async function deploySource({ ethers }: Connection, options: Making = {}): Promise<Source> {
  const args = making(options);
  const source = await ethers.deployContract("RedStone", [...args]);
  return { source, signers: args[6] };
}

/** The package in which a signer says a value. */
export const sign = (index: number, value: bigint, milliseconds = MS, dataFeedId = FEED): Signed =>
  signPackage(walletAt(index).privateKey, { dataFeedId, value, milliseconds });

/** The packages in which the signers 0, 1, … say these values. */
export const signAll = (values: readonly bigint[], milliseconds = MS): Signed[] =>
  values.map((value, index) => sign(index, value, milliseconds));

export const payloadOf = (
  { signers }: Pick<Source, "signers">,
  values: readonly bigint[],
  milliseconds = MS,
): string => encodePackages(signers, signAll(values, milliseconds));

/** Calldata of `medianOf` with the packages behind it. */
export const tailed = (source: RedStone, bitmap: bigint, packages: readonly Signed[]): string =>
  source.interface.encodeFunctionData("medianOf", [bitmap]) + connectorPayload(packages).slice(2);

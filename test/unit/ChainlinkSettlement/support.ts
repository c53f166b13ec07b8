import { AbiCoder, keccak256, toBeHex, zeroPadValue } from "ethers";
import type { network } from "hardhat";

import { encodeHints } from "../../../scripts/lib/roundHints.ts";
import type {
  ChainlinkSettlement,
  DataFeedsLegacyAggregatorProxy,
  HostileFeed,
  MockV3Aggregator,
  ScriptedAggregator,
} from "../../../types/ethers-contracts/index.ts";

export type Connection = Awaited<ReturnType<typeof network.create>>;

export const HOUR = 3_600n;
export const DAY = 86_400n;
export const MAX_AGE = 3_900n;
/** Farthest expiry of an opening. */
export const MAX_LEAD = 100n * DAY;
/** When a phase without a later round may end a walk. */
export const END_DELAY = 300n;
export const STALE_DELAY = DAY;
export const DEAD_FEED_DELAY = 3n * DAY;
export const MARK_DELAY = 30n * DAY;
export const ANSWER_BOUND = 1n << 96n;
export const MAX_PRICE = (1n << 63n) - 1n;
export const GAS_NEEDED = 172_380n;
export const CEILING = 10n ** 24n;
/** Plenty for every call of the oracle that does not walk over many rounds. */
export const GAS = { gasLimit: 1_000_000n };

/** `Step` of the contract. */
export const Step = { None: 0n, Round: 1n, StaleRound: 2n, MarkFeedDead: 3n, MarkOverdue: 4n };

/** `Mode` of HostileFeed. */
export const Mode = { Data: 1, Revert: 2, BurnGas: 3, ReturnBomb: 4, RevertBomb: 5 };

/** 8-decimal dollars. */
export const usd = (dollars: number): bigint => BigInt(Math.round(dollars * 1e8));

export const roundId = (phase: number | bigint, round: number | bigint): bigint =>
  (BigInt(phase) << 64n) | BigInt(round);

export const feedOf = (proxy: string): string => zeroPadValue(proxy, 32);

export const profileOf = (priceExp = 0n, ceiling = CEILING): string =>
  toBeHex((ceiling << 8n) | priceExp, 32);

export const fixingOf = (feed: string, profile: string, expiry: bigint): string =>
  keccak256(
    AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32", "uint40"], [feed, profile, expiry]),
  );

/** ABI words, back to back. */
export const words = (...values: bigint[]): string =>
  `0x${values.map((value) => toBeHex(BigInt.asUintN(256, value), 32).slice(2)).join("")}`;

/** The words of a complete round. */
export const roundWords = (id: bigint, answer: bigint, updatedAt: bigint): string =>
  words(id, answer, updatedAt, updatedAt, id);

/** Selectors of what the oracle reads. */
export const selector = {
  latestRoundData: "0xfeaf968c",
  getRoundData: "0x9a6fc8f5",
  decimals: "0x313ce567",
  phaseId: "0x58303b10",
  phaseAggregators: "0xc1597304",
  latestRound: "0x668a0f02",
};

/** A real phase proxy over one mock aggregator of phase 1, and an open fixing a week ahead. */
export interface SingleFeed {
  oracle: ChainlinkSettlement;
  aggregator: MockV3Aggregator;
  proxy: DataFeedsLegacyAggregatorProxy;
  proxyAddress: string;
  feed: string;
  profile: string;
  expiry: bigint;
  fixing: string;
  /** Time and answer of the round that is the mark: round 1 of phase 1. */
  mark: bigint;
  markTime: bigint;
}

/** Names the parties of a test over one chain. */
export class Bench {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Deploys oracle, proxy and aggregator; round 1 has just been published. The fixing is not open. */
  async deploy(): Promise<SingleFeed> {
    const { ethers } = this.#connection;
    const oracle = await ethers.deployContract("ChainlinkSettlement");
    const aggregator = await ethers.deployContract("MockV3Aggregator", [8, usd(2_000)]);
    const proxy = await ethers.deployContract("DataFeedsLegacyAggregatorProxy", [aggregator]);
    const proxyAddress = await proxy.getAddress();
    const feed = feedOf(proxyAddress);
    const profile = profileOf();
    const markTime = await aggregator.latestTimestamp();
    const expiry = markTime + 7n * DAY;
    const fixing = fixingOf(feed, profile, expiry);
    const mark = usd(2_000);
    return {
      oracle,
      aggregator,
      proxy,
      proxyAddress,
      feed,
      profile,
      expiry,
      fixing,
      mark,
      markTime,
    };
  }

  /** As `deploy`, and the fixing is open. */
  async deployOpen(): Promise<SingleFeed> {
    const world = await this.deploy();
    await world.oracle.open(world.feed, world.profile, world.expiry);
    return world;
  }

  /** The next block has this time. */
  async at(time: bigint): Promise<void> {
    await this.#connection.networkHelpers.time.setNextBlockTimestamp(time);
  }

  async now(): Promise<bigint> {
    return BigInt(await this.#connection.networkHelpers.time.latest());
  }

  /** Sends `fix` in a block of this time, with hints, or with raw proof bytes. */
  async fixAt(
    { oracle, feed, profile, expiry }: SingleFeed,
    time: bigint,
    proof: bigint[] | string,
  ) {
    await this.at(time);
    const bytes = typeof proof === "string" ? proof : encodeHints(proof);
    return oracle.fix(feed, profile, expiry, bytes, { gasLimit: 15_000_000n });
  }

  /** Writes a round of a mock aggregator. */
  async round(aggregator: MockV3Aggregator, id: bigint, answer: bigint, updatedAt: bigint) {
    await aggregator.updateRoundData(id, answer, updatedAt, updatedAt);
  }

  /** Makes an aggregator the next phase of the proxy. */
  async nextPhase({ proxy }: Pick<SingleFeed, "proxy">, aggregator: string): Promise<void> {
    await proxy.proposeAggregator(aggregator);
    await proxy.confirmAggregator(aggregator);
  }

  /** A mock aggregator without its first round being of use: rounds are written by the test from id 1 on. */
  async mockAggregator(decimals = 8): Promise<MockV3Aggregator> {
    return this.#connection.ethers.deployContract("MockV3Aggregator", [decimals, 0n]);
  }

  async scriptedAggregator(missingReverts: boolean): Promise<ScriptedAggregator> {
    return this.#connection.ethers.deployContract("ScriptedAggregator", [8, missingReverts]);
  }

  /** Puts a hostile feed at the proxy's address, keeping the fixing: the feed has turned. */
  async turnHostile({ proxyAddress }: SingleFeed): Promise<HostileFeed> {
    const { ethers, networkHelpers } = this.#connection;
    const model = await ethers.deployContract("HostileFeed");
    const code = await ethers.provider.getCode(model);
    await networkHelpers.setCode(proxyAddress, code);
    return ethers.getContractAt("HostileFeed", proxyAddress);
  }

  /** The stored word of a fixing, read from the chain's storage. */
  async word({ oracle, fixing }: SingleFeed): Promise<bigint> {
    const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [fixing, 0n]));
    const address = await oracle.getAddress();
    return BigInt(await this.#connection.networkHelpers.getStorageAt(address, BigInt(slot)));
  }
}

/** What the word should be. */
export const packWord = (fields: {
  price?: bigint;
  mark: bigint;
  markTime: bigint;
  decimals?: bigint;
  phase?: bigint;
  step?: bigint;
}): bigint =>
  (fields.price ?? 0n) |
  (fields.mark << 64n) |
  (fields.markTime << 128n) |
  ((fields.decimals ?? 8n) << 168n) |
  ((fields.phase ?? 1n) << 176n) |
  ((fields.step ?? 0n) << 192n);

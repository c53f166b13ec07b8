/**
 * A feed with three independent classes on a local chain: a Chainlink push feed behind its real phase proxy, RedStone
 * packages and own signers, the last two with keys of this chain alone. For tests, benchmarks, the demo and local nodes.
 *
 * @module
 */
import { AbiCoder, encodeBytes32String, toBeHex } from "ethers";
import type { Signer } from "ethers";
import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";

import {
  ChainlinkPush__factory,
  DataFeedsLegacyAggregatorProxy__factory,
  MockV3Aggregator__factory,
  OracleHub__factory,
  RedStone__factory,
  SettlementOracle__factory,
  SignedFeed__factory,
} from "../../../types/ethers-contracts/index.ts";
import type {
  ChainlinkPush,
  DataFeedsLegacyAggregatorProxy,
  MockV3Aggregator,
  OracleHub,
  RedStone,
  SettlementOracle,
  SignedFeed,
} from "../../../types/ethers-contracts/index.ts";
import { findHintsAt } from "../roundHints.ts";
import type { RoundReader } from "../roundHints.ts";
import { LOCAL_PAIR, LOCAL_SIGNERS, pulledOwn, pulledRedstone } from "./localSigners.ts";
import type { OwnFeed } from "./localSigners.ts";
import { feedIdOf } from "./redstone.ts";

export { around, ownPayload, redstonePayload } from "./localSigners.ts";

/** Index of each source in the feed. */
export const SOURCE = { push: 0, redstone: 1, own: 2 } as const;

/** Slots of a profile's kind, and the seconds between them. */
export const PROFILES = [
  { slots: 1, step: 0n },
  { slots: 7, step: 300n },
  { slots: 30, step: 60n },
] as const;

const { base: BASE, quote: QUOTE } = LOCAL_PAIR;

/** Terms of the feed and its sources. */
export const FEED = {
  name: encodeBytes32String(`${BASE}-${QUOTE}`),
  base: encodeBytes32String(BASE),
  quote: encodeBytes32String(QUOTE),
  priceExp: 0,
  quorum: 3,
  /** Bps. */
  dailyVol: 500,
  dataFeedId: feedIdOf(BASE),
  threshold: 4,
  valueDecimals: 8,
  /** Seconds: of the push feed's rounds, of what is pulled, and how far that may be ahead. */
  pushAge: 3_900,
  pullAge: 300,
  ahead: 5,
} as const;

/** What stands on the chain. */
export interface ThreeClasses {
  readonly hub: OracleHub;
  readonly oracle: SettlementOracle;
  /** Name of the feed, as a market's terms take it. */
  readonly feed: string;
  readonly aggregator: MockV3Aggregator;
  readonly proxy: DataFeedsLegacyAggregatorProxy;
  readonly push: ChainlinkPush;
  readonly redstone: RedStone;
  readonly own: SignedFeed;
  readonly chainId: bigint;
  readonly addresses: { readonly proxy: string; readonly own: string };
}

/** A proof as `submit` takes it. */
export interface ProofInput {
  readonly source: number;
  readonly slot: number;
  readonly fee: bigint;
  readonly payload: string;
}

/** The profile word of a kind. */
export function profileOf(kind: number, maxCeiling: bigint): string {
  return toBeHex((maxCeiling << 8n) | BigInt(kind), 32);
}

/** Proofs as `fix` and `fixPrice` take them. */
export function encodeProofs(proofs: readonly ProofInput[]): string {
  return AbiCoder.defaultAbiCoder().encode(
    ["tuple(uint8 source, uint8 slot, uint96 fee, bytes payload)[]"],
    [proofs],
  );
}

/** Deploys the sources, the hub with a feed of ETH in USD, and the settlement oracle. `deployer` governs the hub. */
export async function deployThreeClasses(
  ethers: HardhatEthers,
  deployer: Signer,
  authority: string,
): Promise<ThreeClasses> {
  const { base, quote, priceExp, pullAge, ahead } = FEED;
  const aggregator = await new MockV3Aggregator__factory(deployer).deploy(8, 0);
  const Proxy = new DataFeedsLegacyAggregatorProxy__factory(deployer);
  const proxy = await Proxy.deploy(await aggregator.getAddress());
  const push = await new ChainlinkPush__factory(deployer).deploy(
    await proxy.getAddress(),
    base,
    quote,
    priceExp,
    FEED.pushAge,
  );
  const redstone = await new RedStone__factory(deployer).deploy(
    FEED.dataFeedId,
    base,
    quote,
    priceExp,
    pullAge,
    ahead,
    LOCAL_SIGNERS.redstone,
    FEED.threshold,
    FEED.valueDecimals,
  );
  const own = await new SignedFeed__factory(deployer).deploy(
    base,
    quote,
    priceExp,
    pullAge,
    ahead,
    LOCAL_SIGNERS.own,
  );
  const hub = await new OracleHub__factory(deployer).deploy(authority, ethers.ZeroAddress);
  const { name: feed, quorum, dailyVol } = FEED;
  const sources = await Promise.all([push, redstone, own].map((source) => source.getAddress()));
  await (await hub.createFeed(feed, base, quote, priceExp, quorum, dailyVol, sources)).wait();
  const oracle = await new SettlementOracle__factory(deployer).deploy(await hub.getAddress());
  const { chainId } = await ethers.provider.getNetwork();
  const addresses = { proxy: await proxy.getAddress(), own: await own.getAddress() };
  return { hub, oracle, feed, aggregator, proxy, push, redstone, own, chainId, addresses };
}

/** Payloads of RedStone and the own signers for one time, all signers around one price. */
export function pulledPayloads(
  classes: OwnFeed,
  time: bigint,
  price: bigint,
): { readonly redstone: string; readonly own: string } {
  return { redstone: pulledRedstone(time, price), own: pulledOwn(classes, time, price) };
}

/** The maximal proofs of every class for every slot of a fixing, each at `priceAt(time)`. */
export async function proofsFor(
  classes: ThreeClasses,
  reader: RoundReader,
  { expiry, kind }: { readonly expiry: bigint; readonly kind: number },
  priceAt: (time: bigint) => bigint,
): Promise<ProofInput[]> {
  const profile = PROFILES[kind];
  if (profile === undefined) throw new Error(`there is no profile of kind ${kind}`);
  const proofs: ProofInput[] = [];
  for (let slot = 0; slot < profile.slots; slot++) {
    const time = expiry - BigInt(slot) * profile.step;
    const hints = await findHintsAt(reader, classes.addresses.proxy, time);
    if (hints) proofs.push({ source: SOURCE.push, slot, fee: 0n, payload: hints.proof });
    const { redstone, own } = pulledPayloads(classes, time, priceAt(time));
    proofs.push({ source: SOURCE.redstone, slot, fee: 0n, payload: redstone });
    proofs.push({ source: SOURCE.own, slot, fee: 0n, payload: own });
  }
  return proofs;
}

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
import { FEED, LOCAL_COUNTS, LOCAL_PAIR, feedNameOf, localSigners } from "./localFeed.ts";
import { around, ownPayload, redstonePayload } from "./localSigners.ts";
import type { OwnFeed, SignerCounts } from "./localSigners.ts";
import { feedIdOf } from "./redstone.ts";

export { FEED } from "./localFeed.ts";
export { around, ownPayload, redstonePayload } from "./localSigners.ts";

/** Index of each source in the feed. */
export const SOURCE = { push: 0, redstone: 1, own: 2 } as const;

/** Slots of a profile's kind, and the seconds between them. */
export const PROFILES = [
  { slots: 1, step: 0n },
  { slots: 7, step: 300n },
  { slots: 30, step: 60n },
] as const;

/** What differs between such feeds. */
export interface ThreeClassesSetup {
  /** What is priced in USD: "ETH" if left out. */
  readonly base?: string;
  /** How many signers RedStone has, 4 of which make a value, and how many there are of our own, 3f + 1. */
  readonly signers?: SignerCounts;
  /** Addresses of a push feed that is there already; a new one if left out. */
  readonly pushFeed?: { readonly aggregator: string; readonly proxy: string };
}

/** The three sources of a pair. */
export interface PairSources {
  /** Name of the pair's feed. */
  readonly feed: string;
  /** What is priced in USD. */
  readonly base: string;
  readonly signers: SignerCounts;
  readonly aggregator: MockV3Aggregator;
  readonly proxy: DataFeedsLegacyAggregatorProxy;
  readonly push: ChainlinkPush;
  readonly redstone: RedStone;
  readonly own: SignedFeed;
  readonly chainId: bigint;
  readonly addresses: { readonly proxy: string; readonly own: string };
}

/** What stands on the chain. */
export interface ThreeClasses extends PairSources {
  readonly hub: OracleHub;
  readonly oracle: SettlementOracle;
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

/** What each signer of the pulled classes says of one time, in their order; fewer prices are fewer signers. */
export interface Statements {
  readonly redstone: readonly bigint[];
  readonly own: readonly bigint[];
}

/** Payloads of the pulled classes for one time; a class without one says nothing. */
export interface PulledPayloads {
  readonly redstone?: string;
  readonly own?: string;
}

/** What payloads of the pulled classes are made for. */
export type Signed = Pick<ThreeClasses, "base" | "signers" | "chainId" | "addresses">;

/** Deploys the sources, the hub with a feed, and the settlement oracle. `deployer` governs the hub. */
export async function deployThreeClasses(
  ethers: HardhatEthers,
  deployer: Signer,
  authority: string,
  setup: ThreeClassesSetup = {},
): Promise<ThreeClasses> {
  const sources = await deploySources(ethers, deployer, setup);
  const hub = await new OracleHub__factory(deployer).deploy(authority, ethers.ZeroAddress);
  await createFeed(hub, sources);
  const oracle = await new SettlementOracle__factory(deployer).deploy(await hub.getAddress());
  return { ...sources, hub, oracle };
}

/** Creates the feed of three sources, all of which vote; whoever the hub is connected to must be allowed to. */
export async function createFeed(hub: OracleHub, sources: PairSources): Promise<void> {
  const { base, feed, push, redstone, own } = sources;
  const { quote, priceExp, quorum, dailyVol } = FEED;
  const addresses = await Promise.all([push, redstone, own].map((source) => source.getAddress()));
  const pair = [encodeBytes32String(base), quote] as const;
  await (await hub.createFeed(feed, ...pair, priceExp, quorum, dailyVol, addresses)).wait();
}

/** Deploys the three sources of a pair. */
export async function deploySources(
  ethers: HardhatEthers,
  deployer: Signer,
  { base = LOCAL_PAIR.base, signers = LOCAL_COUNTS, pushFeed }: ThreeClassesSetup = {},
): Promise<PairSources> {
  const { quote, priceExp, pullAge, ahead } = FEED;
  const pair = [encodeBytes32String(base), quote] as const;
  const { aggregator, proxy } = await pushFeedOf(deployer, pushFeed);
  const known = localSigners(signers);
  const push = await new ChainlinkPush__factory(deployer).deploy(
    await proxy.getAddress(),
    ...pair,
    priceExp,
    FEED.pushAge,
  );
  const redstone = await new RedStone__factory(deployer).deploy(
    feedIdOf(base),
    ...pair,
    priceExp,
    pullAge,
    ahead,
    known.redstone,
    FEED.threshold,
    FEED.valueDecimals,
  );
  const own = await new SignedFeed__factory(deployer).deploy(
    ...pair,
    priceExp,
    pullAge,
    ahead,
    known.own,
  );
  const feed = feedNameOf(base);
  const { chainId } = await ethers.provider.getNetwork();
  const addresses = { proxy: await proxy.getAddress(), own: await own.getAddress() };
  const sourcesByName = { aggregator, proxy, push, redstone, own };
  return { feed, base, signers, ...sourcesByName, chainId, addresses };
}

async function pushFeedOf(deployer: Signer, known: ThreeClassesSetup["pushFeed"]) {
  if (known !== undefined) {
    return {
      aggregator: MockV3Aggregator__factory.connect(known.aggregator, deployer),
      proxy: DataFeedsLegacyAggregatorProxy__factory.connect(known.proxy, deployer),
    };
  }
  const aggregator = await new MockV3Aggregator__factory(deployer).deploy(8, 0);
  const Proxy = new DataFeedsLegacyAggregatorProxy__factory(deployer);
  return { aggregator, proxy: await Proxy.deploy(await aggregator.getAddress()) };
}

/** Payloads of RedStone and the own signers for one time: all signers around one price, or each at its own. */
export function pulledPayloads(
  classes: OwnFeed & Partial<Pick<Signed, "signers">>,
  time: bigint,
  said: bigint | Statements,
): Required<PulledPayloads> {
  const { signers = LOCAL_COUNTS, base = LOCAL_PAIR.base } = classes;
  const { redstone, own } =
    typeof said === "bigint"
      ? { redstone: around(said, signers.redstone), own: around(said, signers.own) }
      : said;
  return {
    redstone: redstonePayload(time, redstone, base),
    own: ownPayload(classes, time, own),
  };
}

/**
 * The proofs of every class for every slot of a fixing, as far as the classes have values.
 *
 * @param saidAt - What the pulled classes say of a time: a price of all signers, or payloads.
 */
export async function proofsFor(
  classes: Signed,
  reader: RoundReader,
  { expiry, kind }: { readonly expiry: bigint; readonly kind: number },
  saidAt: (time: bigint) => bigint | PulledPayloads,
): Promise<ProofInput[]> {
  const profile = PROFILES[kind];
  if (profile === undefined) throw new Error(`there is no profile of kind ${kind}`);
  const proofs: ProofInput[] = [];
  for (let slot = 0; slot < profile.slots; slot++) {
    const time = expiry - BigInt(slot) * profile.step;
    const hints = await findHintsAt(reader, classes.addresses.proxy, time);
    const said = saidAt(time);
    const pulled = typeof said === "bigint" ? pulledPayloads(classes, time, said) : said;
    const payloads = [
      [SOURCE.push, hints?.proof],
      [SOURCE.redstone, pulled.redstone],
      [SOURCE.own, pulled.own],
    ] as const;
    for (const [source, payload] of payloads) {
      if (payload !== undefined) proofs.push({ source, slot, fee: 0n, payload });
    }
  }
  return proofs;
}

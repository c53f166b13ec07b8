/**
 * A feed with three independent classes on a local chain: a Chainlink push feed behind its real phase proxy, RedStone
 * packages and own signers, the last two with keys of this chain alone. For tests, benchmarks, the demo and local nodes.
 *
 * @module
 */
import { AbiCoder, SigningKey, encodeBytes32String, id, toBeHex } from "ethers";
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
import { connectorPayload, encodeClaim, feedIdOf, signPackage } from "./redstone.ts";
import { encodePayload, feedDomain, observationDigest, pairId } from "./signedFeed.ts";

/** Index of each source in the feed. */
export const SOURCE = { push: 0, redstone: 1, own: 2 } as const;

/** Slots of a profile's kind, and the seconds between them. */
export const PROFILES = [
  { slots: 1, step: 0n },
  { slots: 7, step: 300n },
  { slots: 30, step: 60n },
] as const;

const REDSTONE_SIGNERS = 5;
const REDSTONE_THRESHOLD = 4;
const OWN_SIGNERS = 4;
const PUSH_AGE = 3_900;
const PULL_AGE = 300;
const AHEAD = 5;
const QUORUM = 3;
const DAILY_VOL = 500;

/** Keys of a local chain: everybody knows them. */
const keysOf = (name: string, count: number): SigningKey[] =>
  Array.from({ length: count }, (_, index) => new SigningKey(id(`certus local ${name} ${index}`)));

const redstoneKeys = keysOf("redstone", REDSTONE_SIGNERS);
const ownKeys = keysOf("signer", OWN_SIGNERS);

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
  const [base, quote] = [encodeBytes32String("ETH"), encodeBytes32String("USD")];
  const aggregator = await new MockV3Aggregator__factory(deployer).deploy(8, 0);
  const Proxy = new DataFeedsLegacyAggregatorProxy__factory(deployer);
  const proxy = await Proxy.deploy(await aggregator.getAddress());
  const addressOf = (key: SigningKey): string => ethers.computeAddress(key);
  const push = await new ChainlinkPush__factory(deployer).deploy(
    await proxy.getAddress(),
    base,
    quote,
    0,
    PUSH_AGE,
  );
  const redstone = await new RedStone__factory(deployer).deploy(
    feedIdOf("ETH"),
    base,
    quote,
    0,
    PULL_AGE,
    AHEAD,
    redstoneKeys.map(addressOf),
    REDSTONE_THRESHOLD,
    8,
  );
  const own = await new SignedFeed__factory(deployer).deploy(
    base,
    quote,
    0,
    PULL_AGE,
    AHEAD,
    ownKeys.map(addressOf),
  );
  const hub = await new OracleHub__factory(deployer).deploy(authority, ethers.ZeroAddress);
  const feed = encodeBytes32String("ETH-USD");
  const sources = await Promise.all([push, redstone, own].map((source) => source.getAddress()));
  await (await hub.createFeed(feed, base, quote, 0, QUORUM, DAILY_VOL, sources)).wait();
  const oracle = await new SettlementOracle__factory(deployer).deploy(await hub.getAddress());
  const { chainId } = await ethers.provider.getNetwork();
  const addresses = { proxy: await proxy.getAddress(), own: await own.getAddress() };
  return { hub, oracle, feed, aggregator, proxy, push, redstone, own, chainId, addresses };
}

/** RedStone packages of all signers, or of the first `signers.length` ones, each with its own price. */
export function redstonePayload(time: bigint, prices: readonly bigint[]): string {
  const packages = prices.map((value, index) =>
    signPackage(redstoneKeys[index]?.privateKey ?? "", {
      dataFeedId: "ETH",
      milliseconds: time * 1_000n,
      value,
    }),
  );
  return encodeClaim((1n << BigInt(prices.length)) - 1n, connectorPayload(packages));
}

/** Observations of the first `prices.length` own signers. */
export function ownPayload(
  { chainId, addresses }: Pick<ThreeClasses, "chainId" | "addresses">,
  time: bigint,
  prices: readonly bigint[],
): string {
  const domain = feedDomain(chainId, addresses.own);
  const pair = pairId(encodeBytes32String("ETH"), encodeBytes32String("USD"), 0n);
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
  return Array.from(
    { length: signers },
    (_, index) => price + (BigInt(index) - middle) * 10n ** 6n,
  );
}

/** Payloads of RedStone and the own signers for one time, all signers around one price. */
export function pulledPayloads(
  classes: Pick<ThreeClasses, "chainId" | "addresses">,
  time: bigint,
  price: bigint,
): { readonly redstone: string; readonly own: string } {
  // Own signers are an even number: two at the price keep their median there.
  const own = [price, price, price - 10n ** 6n, price + 10n ** 6n];
  return {
    redstone: redstonePayload(time, around(price, REDSTONE_SIGNERS)),
    own: ownPayload(classes, time, own),
  };
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

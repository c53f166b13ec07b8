import type { Address, SourceTerms } from "@certus/model";
import { getCreateAddress } from "ethers";

import { address } from "../chain/chain.ts";
import { ACTORS } from "../world/actors.ts";
import { signatories, textWord } from "./keys.ts";

/** Who deploys and governs. */
export const DEPLOYER = ACTORS.deployer.address;
/** Who calls everything that anyone may call. */
export const ANYONE = ACTORS.sam.address;

/** Contracts in the order of their deployment, which fixes their addresses. */
export const DEPLOYED = [
  "manager",
  "proxy",
  "push",
  "redstone",
  "own",
  "pyth",
  "stream",
  "spare",
  "guard",
  "newcomer",
  "nodes",
  "hub",
  "oracle",
] as const;

/** Name of a deployed contract. */
export type Place = (typeof DEPLOYED)[number];

/** Addresses of what is deployed. */
export const AT = Object.fromEntries(
  DEPLOYED.map((place, nonce) => [
    place,
    BigInt(getCreateAddress({ from: address(DEPLOYER), nonce })),
  ]),
) as Readonly<Record<Place, Address>>;

/** Makes several calls in one transaction. */
export const RELAY: Address = 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_5e91n;
/** The sequencer's uptime feed. */
export const UPTIME: Address = 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_0b0en;

/** Phases that the push feed can come to. */
export const PHASES = 4;

/** The aggregator of a phase of the push feed. */
export function aggregatorAt(phase: bigint): Address {
  return 0xfeed_0000_0000_0000_0000_0000_0000_0000_0000_0000n + phase;
}

/** The pair of all feeds here. */
export const PAIR = { base: textWord("ETH"), quote: textWord("USD"), priceExp: 0n };

/** RedStone's name of the pair. */
export const DATA_FEED = textWord("ETH");
/** RedStone's signers, and how many make a value. */
export const REDSTONE = { signers: signatories("redstone", 5), threshold: 4n };
/** Own signers, and how many make a value. */
export const OWN = { signers: signatories("own", 4), threshold: 3n };

/** Signers of a source of its own, as many as there can be. */
export const NODES = { signers: signatories("node", 16), threshold: 11n };

const terms = (classes: bigint, push: boolean, maxAge: bigint, maxAhead: bigint): SourceTerms => ({
  classes,
  push,
  maxAge,
  maxAhead,
  ...PAIR,
});

/** What each source says that it is. Those from `pyth` on say what they are told. */
export const TERMS = {
  push: terms(1n, true, 3_900n, 0n),
  redstone: terms(2n, false, 300n, 5n),
  own: terms(4n, false, 300n, 5n),
  pyth: terms(8n, false, 600n, 10n),
  /** Pulled, and of the push feed's class. */
  stream: terms(1n, false, 120n, 5n),
  /** Pushed, and of a class of its own. */
  spare: terms(16n, true, 90_000n, 60n),
  guard: terms(1n << 15n, true, 3_600n, 0n),
  newcomer: terms(2n, false, 400n, 0n),
} satisfies Partial<Record<Place, SourceTerms>>;

/** Name of a source. */
export type SourcePlace = keyof typeof TERMS;

/** Sources that say what they are told. */
export const SCRIPTED = ["pyth", "stream", "spare", "guard", "newcomer"] as const;

/** A feed of the hub. */
export interface FeedPlan {
  readonly name: bigint;
  readonly quorum: bigint;
  readonly dailyVol: bigint;
  /** Its sources, by index. */
  readonly sources: readonly SourcePlace[];
}

/** The feed of three classes. */
export const THREE: FeedPlan = {
  name: textWord("ETH-USD"),
  quorum: 3n,
  dailyVol: 500n,
  sources: ["push", "redstone", "own"],
};

const ALL_SOURCES = ["push", "redstone", "own", "pyth", "stream", "spare", "guard"] as const;

/** A feed of five votes, all of which it needs; one of them has a pushed and a pulled source. */
export const WIDE: FeedPlan = {
  name: textWord("ETH-USD-WIDE"),
  quorum: 5n,
  dailyVol: 900n,
  sources: ALL_SOURCES,
};

/** The same of which it needs three. */
export const LOOSE: FeedPlan = {
  name: textWord("ETH-USD-LOOSE"),
  quorum: 3n,
  dailyVol: 0n,
  sources: ALL_SOURCES,
};

/** All feeds. */
export const FEEDS: readonly FeedPlan[] = [THREE, WIDE, LOOSE];

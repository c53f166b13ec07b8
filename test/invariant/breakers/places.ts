import type { Address, SourceTerms } from "@certus/model";
import { getCreateAddress } from "ethers";

import { address } from "../chain/chain.ts";
import { textWord } from "../prices/keys.ts";
import { ACTORS } from "../world/actors.ts";

/** Who deploys, and does nothing else: its nonces fix the addresses. */
export const DEPLOYER = ACTORS.deployer.address;
/** Who holds the roles, as deploy/roles.ts names its holders. */
export const HOLDERS = {
  safe: ACTORS.admin.address,
  steward: ACTORS.oscar.address,
  guardian: ACTORS.guard.address,
} as const;
/** Who calls what anyone may call. */
export const ANYONE = ACTORS.sam.address;

/** A feed of the hub: what it prices, and what its sources say that they are. */
export interface FeedPlace {
  readonly name: bigint;
  readonly base: bigint;
  readonly priceExp: bigint;
  readonly sources: readonly SourcePlace[];
}

/** A source that says what it is told. */
export interface SourcePlace {
  readonly place: string;
  readonly terms: SourceTerms;
}

const QUOTE = textWord("USD");

/** Sources of a feed, each of a class of its own; how long each is good for, seconds. */
function feedOf(name: string, priceExp: bigint, maxAges: readonly bigint[]): FeedPlace {
  const base = textWord(name);
  const sources = maxAges.map((maxAge, at) => ({
    place: `${name}${at}`,
    terms: {
      classes: 1n << BigInt(at),
      push: false,
      priceExp,
      maxAge,
      maxAhead: 5n,
      base,
      quote: QUOTE,
    },
  }));
  return { name: textWord(`${name}-USD`), base, priceExp, sources };
}

/** Feeds of the hub: of an underlying; of one that the hub learns of late; of collateral; in a unit that collateral never has. */
export const FEEDS = {
  ether: feedOf("ETH", 0n, [300n, 240n, 300n, 120n, 600n]),
  late: feedOf("LATE", 0n, [300n, 300n, 120n]),
  coin: feedOf("COIN", 0n, [300n, 240n, 600n]),
  odd: feedOf("ODD", 6n, [300n, 300n, 300n]),
} as const;

/** Name of a feed. */
export type FeedKey = keyof typeof FEEDS;

/** A feed that nobody has ever created. */
export const NO_FEED = textWord("NONE");

/** Looks after the underlying's feed and never votes. */
export const WARDEN: SourcePlace = {
  place: "warden",
  terms: {
    classes: 1n << 15n,
    push: false,
    priceExp: 0n,
    maxAge: 900n,
    maxAhead: 0n,
    base: FEEDS.ether.base,
    quote: QUOTE,
  },
};

const SOURCES = [...Object.values(FEEDS).flatMap(({ sources }) => sources), WARDEN];

/** Every source that says what it is told. */
export const ALL_SOURCES: readonly SourcePlace[] = SOURCES;

/** Contracts in the order of their deployment, which fixes their addresses; the first four stand where every campaign has them. */
export const DEPLOYED = [
  "manager",
  "listing",
  "annex",
  "ledger",
  "quote",
  "base",
  ...SOURCES.map(({ place }) => place),
] as const;

/** Contracts that each run deploys anew. */
export const PER_RUN = ["hub", "breaker"] as const;

const NONCES = new Map([...DEPLOYED, ...PER_RUN].map((place, nonce) => [place, nonce]));

/** Address of what is deployed. */
export function addressOf(place: string): Address {
  const nonce = NONCES.get(place);
  if (nonce === undefined) throw new RangeError(`nothing is called ${place}`);
  return BigInt(getCreateAddress({ from: address(DEPLOYER), nonce }));
}

/** Addresses of what is called. */
export const AT = {
  manager: addressOf("manager"),
  listing: addressOf("listing"),
  annex: addressOf("annex"),
  ledger: addressOf("ledger"),
  quote: addressOf("quote"),
  base: addressOf("base"),
  hub: addressOf("hub"),
  breaker: addressOf("breaker"),
  /** Makes several calls in one transaction. */
  relay: 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_5e91n,
  /** The sequencer's uptime feed. */
  uptime: 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_0b0en,
  /** A settlement oracle that always says the same. */
  oracle: 0xfa11_0000_0000_0000_0000_0000_0000_0000_0000_05efn,
} as const;

/** Addresses of the sources, by their names. */
export const SOURCE_AT: ReadonlyMap<string, Address> = new Map(
  SOURCES.map((source) => [source.place, addressOf(source.place)]),
);

/** Collateral of the markets. */
export const TOKENS = [AT.quote, AT.base] as const;

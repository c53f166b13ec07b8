/** When a transaction counts as done: by what the chain itself calls its height, or by so many blocks from its own on. */
export type FinalityRule =
  | { readonly kind: "tag"; readonly tag: "safe" | "finalized" }
  | { readonly kind: "confirmations"; readonly confirmations: number };

/** A Chainlink feed of ETH in USD that a chain has. */
export interface KnownFeed {
  /** The phase proxy. */
  readonly proxy: string;
  /** Seconds up to which a round counts: the feed's heartbeat and some slack. */
  readonly maxAge: number;
  /** Where the address is from. */
  readonly source: string;
}

/** RedStone's signers of a data service. */
export interface KnownSigners {
  readonly signers: readonly string[];
  /** Fewest that make a value. */
  readonly threshold: number;
  /** Where the addresses are from. */
  readonly source: string;
}

/** What a deployment has to know of a chain. */
export interface ChainParameters {
  /** The network of hardhat.config.ts. */
  readonly name: string;
  readonly chainId: number;
  /** A chain of one's own that may be thrown away: everything it lacks is deployed, keys may be known to everybody. */
  readonly local: boolean;
  /** Milliseconds between two blocks; 0 where that says nothing. */
  readonly blockTimeMs: number;
  /** What every task waits for. */
  readonly finality: FinalityRule;
  /** Blocks, the own one counted, after which deployment sends what depends on a transaction. */
  readonly confirmations: number;
  /** Nothing where a feed is deployed that anyone may write. */
  readonly feed: KnownFeed | undefined;
  /** Uptime feed of the chain's sequencer; zero for none. */
  readonly uptimeFeed: string;
  /** Nothing where signers are used whose keys everybody knows. */
  readonly redStone: KnownSigners | undefined;
}

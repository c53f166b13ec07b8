/**
 * Keys of a local chain's signers, RedStone's and one's own, which everybody knows, and the pair that they price.
 *
 * @module
 */
import { SigningKey, computeAddress, encodeBytes32String, id } from "ethers";

/** What these sources price, unless a feed says otherwise. */
export const LOCAL_PAIR = { base: "ETH", quote: "USD" } as const;

/** How many signers of each class there are, unless a feed says otherwise. */
export const LOCAL_COUNTS = { redstone: 5, own: 4 } as const;
/** The most that a source of either class takes. */
const MOST_SIGNERS = 16;

const keysOf = (name: string, count: number): SigningKey[] =>
  Array.from({ length: count }, (_, index) => new SigningKey(id(`certus local ${name} ${index}`)));

/** Keys of the local chain's RedStone. */
export const redstoneKeys = keysOf("redstone", MOST_SIGNERS);
/** Keys of the local chain's own signers. */
export const ownKeys = keysOf("signer", MOST_SIGNERS);

/** How many signers of each class a feed has. */
export interface SignerCounts {
  readonly redstone: number;
  readonly own: number;
}

/** Addresses of so many local signers, in the order of the sources' bits. */
export function localSigners({ redstone, own }: SignerCounts = LOCAL_COUNTS) {
  const addressesOf = (keys: readonly SigningKey[], count: number): string[] =>
    keys.slice(0, count).map((key) => computeAddress(key));
  return { redstone: addressesOf(redstoneKeys, redstone), own: addressesOf(ownKeys, own) };
}

/** Addresses of the local signers of a usual feed. */
export const LOCAL_SIGNERS = localSigners();

/** Name of a feed in USD. */
export const feedNameOf = (base: string): string =>
  encodeBytes32String(`${base}-${LOCAL_PAIR.quote}`);

/** Terms of a usual feed and its sources. */
export const FEED = {
  name: feedNameOf(LOCAL_PAIR.base),
  base: encodeBytes32String(LOCAL_PAIR.base),
  quote: encodeBytes32String(LOCAL_PAIR.quote),
  priceExp: 0,
  quorum: 3,
  /** Bps. */
  dailyVol: 500,
  /** RedStone's name of it. */
  dataFeedId: encodeBytes32String(LOCAL_PAIR.base),
  threshold: 4,
  valueDecimals: 8,
  /** Seconds: of the push feed's rounds, of what is pulled, and how far that may be ahead. */
  pushAge: 3_900,
  pullAge: 300,
  ahead: 5,
} as const;

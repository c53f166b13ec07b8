import { toBeHex, ZeroAddress, ZeroHash } from "ethers";

/** Terms of a market as the ledger's `list` takes them. */
export type MarketTerms = ReturnType<typeof marketTerms<string>>;

/** What the terms of a market hang on; addresses and words may be what stands for them until they are known. */
export interface TermsInput<Reference = string> {
  /** As the oracle names it: a proxy's address left-padded to 32 bytes, or the name of a feed in the hub. */
  readonly feed: Reference;
  readonly oracle: Reference;
  /** The profile, that of one sample if left out. */
  readonly profile?: string;
  readonly token: Reference;
  /** 8 decimals. */
  readonly strikeTick: bigint;
  /** Distance of expiries, seconds. */
  readonly period: bigint;
}

/** One lot is 0.01 ETH in both markets; a unit of the demo's orders is 100 lots, so 1 ETH. */
export const LOTS_PER_ETH = 100n;

/** Friday 1970-01-02 08:00 UTC: every Friday 08:00 lies on a grid of weeks from here, every 08:00 on one of days. */
export const GRID_ANCHOR = 115_200n;

const DAY = 86_400n;
const HOUR = 3_600n;
/** Largest pool of a book at which open interest still rises: 10^10 USDC, or 10^6 WETH. */
const CEILING = { linear: 10n ** 16n, inverse: 10n ** 24n };

/**
 * Linear: one lot × one price unit (1e-8 USDC an ETH) = 0.01 · 1e-8 USDC = 1e-10 USDC = 1/10,000 base units.
 * Inverse: one lot = 0.01 WETH = 10^16 base units.
 */
const LOT = {
  linear: { num: 1n, den: 10_000n },
  inverse: { num: 10n ** 16n, den: 1n },
};

/** The profile of a kind; of the single feed there is kind 0 alone. No market on it may hold more than the inverse ceiling. */
export function profileOf(kind: number): string {
  return toBeHex((CEILING.inverse << 8n) | BigInt(kind), 32);
}

/** The terms of the demo's markets, quoted for 10^0 ETH. On one feed and one profile their books share fixings. */
export function marketTerms<Reference = string>(
  name: "linear" | "inverse",
  input: TermsInput<Reference>,
) {
  const { num, den } = LOT[name];
  return {
    feed: input.feed,
    token: input.token,
    style: name === "linear" ? 0n : 1n,
    num,
    den,
    strikeTick: input.strikeTick,
    priceExp: 0n,
    oracle: input.oracle,
    profile: input.profile ?? profileOf(0),
    guard: ZeroAddress,
    gridAnchor: GRID_ANCHOR,
    gridPeriod: input.period,
    horizon: input.period + DAY,
    lastTrade: HOUR,
    // A tenth of the cap: per lot 1 % of what a strike tick is worth, or 0.01 % of the underlying.
    feePerLot: name === "linear" ? (input.strikeTick * num) / (100n * den) : num / (10_000n * den),
    ceiling: CEILING[name],
    marginMode: 0n,
    salt: ZeroHash,
  };
}

/** A power of ten that is at most a hundredth of the lowest price to come. */
export function strikeTickFor(lowest: bigint): bigint {
  return 10n ** BigInt(Math.max(0, lowest.toString().length - 3));
}

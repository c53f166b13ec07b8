/** Bytes as a hex string. Everything else that has a number is a bigint. */
export type Hex = `0x${string}`;

/** An address as a number below 2^160. */
export type Address = bigint;

/** Owner 160 bits ‖ sub-account 96 bits. */
export type AccountId = bigint;

/** Prefix of a market's id at the top of a word, low 104 bits zero. */
export type MarketId = bigint;

/** Market ‖ expiry 40 at bits 64..103, low 64 bits zero. */
export type BookId = bigint;

/** Book ‖ right at bit 63 ‖ strike 63. */
export type SeriesId = bigint;

/** Id of an ERC-6909 token: the series of a single leg of +1, else a hash of the legs with the highest bit set. */
export type PackageId = bigint;

/** Immutable terms of a market, in the order in which they are encoded for its id. */
export interface Terms {
  /** bytes32: what the oracle calls the underlying. */
  readonly feed: bigint;
  /** Collateral token. */
  readonly token: Address;
  /** 0 linear, 1 inverse. */
  readonly style: bigint;
  /** Lot scale, numerator. */
  readonly num: bigint;
  /** Lot scale, denominator. */
  readonly den: bigint;
  /** Strikes are multiples of it; 8 decimals. */
  readonly strikeTick: bigint;
  /** A price is quote per 10^priceExp underlying. */
  readonly priceExp: bigint;
  /** Settlement oracle. */
  readonly oracle: Address;
  /** bytes32: how the oracle forms the price. */
  readonly profile: bigint;
  /** Who may set the guard level. */
  readonly guard: Address;
  /** First expiry, unix seconds. */
  readonly gridAnchor: bigint;
  /** Distance of expiries, seconds. */
  readonly gridPeriod: bigint;
  /** How far ahead a book may open, seconds. */
  readonly horizon: bigint;
  /** Fills that raise open interest end this many seconds before expiry. */
  readonly lastTrade: bigint;
  /** Fee of the taker per lot opened, base units. */
  readonly feePerLot: bigint;
  /** Most a book's pool may hold for open interest to rise, base units. */
  readonly ceiling: bigint;
  /** 0: full coverage. */
  readonly marginMode: bigint;
  /** Tells apart markets of equal terms. */
  readonly salt: bigint;
}

/** How a market turns price units × lots into base units of its token. */
export interface Scale {
  readonly inverse: boolean;
  readonly num: bigint;
  readonly den: bigint;
}

/** A series of a known book with a signed quantity in lots. */
export interface Leg {
  readonly strike: bigint;
  readonly isCall: boolean;
  readonly quantity: bigint;
}

/** One book's share of an order, per unit, as the maker receives it. */
export interface Part {
  readonly book: BookId;
  /** Packed legs (uint128), strictly ascending by key. */
  readonly legs: readonly bigint[];
  /** What the maker receives per unit, price units; negative: pays. */
  readonly premium: bigint;
  /** Most the maker's free cash may add per unit, base units. */
  readonly maxDraw: bigint;
}

/** A signed order. Treated as an immutable value: its hash is remembered by object, so hashing freezes it. */
export interface Order {
  /** The maker's account. */
  readonly account: AccountId;
  readonly nonce: bigint;
  readonly epoch: bigint;
  readonly units: bigint;
  readonly minFill: bigint;
  readonly signedAt: bigint;
  readonly deadline: bigint;
  /** Owner who may take it, or 0 for anyone. */
  readonly taker: Address;
  readonly parts: readonly Part[];
}

/** What the taker allows for one part. */
export interface Limit {
  /** Most the taker pays, premium and fee, base units; may be negative. */
  readonly maxPay: bigint;
  /** Most that may be drawn from the taker's free cash, for the whole fill. */
  readonly maxDraw: bigint;
}

/**
 * What a signature would prove. The model does no curve mathematics: evidence is valid iff `digest` is the order's own
 * digest and `by` or `wallet` is the named signer (and the wallet accepts).
 */
export type Signature =
  | { readonly kind: "ecdsa"; readonly by: Address; readonly digest: bigint }
  | {
      readonly kind: "erc1271";
      readonly wallet: Address;
      readonly digest: bigint;
      readonly accepts: boolean;
    }
  | { readonly kind: "garbage" };

/** An order with its signature. */
export interface Fill {
  readonly order: Order;
  /** Who signed it. */
  readonly signer: Address;
  readonly signature: Signature;
}

/** The call's surroundings. */
export interface Env {
  /** Time of the block, unix seconds. */
  readonly now: bigint;
  /** msg.sender. */
  readonly sender: Address;
  /** True while the ledger waits for foreign code: the call is a re-entry and is refused. */
  readonly external?: boolean;
}

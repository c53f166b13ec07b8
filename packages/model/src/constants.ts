/** Largest quantity of a leg, either sign, and largest price or strike: 2^63 − 1. */
export const MAX_INT64 = (1n << 63n) - 1n;
/** Largest collateral of a position, pool of a book, draw limit and ceiling: 2^112 − 1. */
export const MAX_UINT112 = (1n << 112n) - 1n;
/** Most fees a book holds before they are pushed: 2^80 − 1. */
export const MAX_FEES = (1n << 80n) - 1n;
/** Largest word of the machine: 2^256 − 1. */
export const MAX_UINT256 = (1n << 256n) - 1n;
/** One whole price unit: prices and strikes carry 8 decimals. */
export const PRICE_ONE = 100_000_000n;

/** Most parts of an order. */
export const MAX_PARTS = 4n;
/** Most legs of a part and of a position. */
export const MAX_LEGS = 32n;
/** Most orders of one call. */
export const MAX_FILLS = 16n;

/** Scope of an operator who may fill, sign and cancel. */
export const SCOPE_TRADE = 1n;
/** Scope of an operator who may do all that ends with the same owner. */
export const SCOPE_MANAGE = 2n;
/** All known scopes. */
export const SCOPES_ALL = 3n;

/** Collateral and payoffs in the quote asset. */
export const STYLE_LINEAR = 0n;
/** Collateral and payoffs in the underlying, calls only. */
export const STYLE_INVERSE = 1n;

/** Guard level: everything goes. */
export const LEVEL_NORMAL = 0n;
/** Guard level: open interest may not rise. */
export const LEVEL_RESTRICTED = 1n;
/** Guard level: no fills. */
export const LEVEL_HALTED = 2n;

/** Least time in seconds between opening a book and its expiry, and least horizon of a market. */
export const MIN_HORIZON = 7_200n;
/** Longest horizon of a market in seconds: 100 days. */
export const MAX_HORIZON = 8_640_000n;
/** Longest last-trade time before expiry in seconds. */
export const MAX_LAST_TRADE = 86_400n;
/** Longest time in seconds that a guard level lasts at a time: six hours. */
export const MAX_LEVEL_TIME = 21_600n;
/** A third halt is refused before the older of the last two began this many seconds ago: seven days. */
export const HALT_WINDOW = 604_800n;

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The immutable terms of a market; its id is the keccak256 of their ABI encoding.
struct Terms {
  /// Name of the price feed, as the settlement oracle reads it.
  bytes32 feed;
  /// Collateral: an ERC-20 with exact transfers and fixed balances.
  address token;
  /// 0 linear (collateral in the quote asset), 1 inverse (collateral in the underlying, calls only).
  uint8 style;
  /// Lot scale, numerator. Linear: one lot × one price unit (1e-8) = num/den base units of collateral.
  /// Inverse: one lot = num/den base units of the underlying.
  uint64 num;
  /// Lot scale, denominator; gcd(num, den) = 1.
  uint64 den;
  /// Strikes are multiples of it; 8 decimals.
  uint64 strikeTick;
  /// Prices are quote per 10^priceExp underlying.
  uint8 priceExp;
  /// Settlement oracle.
  address oracle;
  /// How the settlement price is formed, as the oracle reads it.
  bytes32 profile;
  /// Circuit breaker that may tighten the market; 0 for none.
  address guard;
  /// First possible expiry, unix seconds.
  uint40 gridAnchor;
  /// Distance of expiries, seconds.
  uint40 gridPeriod;
  /// A book opens at most this many seconds before its expiry.
  uint40 horizon;
  /// Open interest stops rising this many seconds before expiry.
  uint24 lastTrade;
  /// Fee per lot that the taker opens, base units of collateral.
  uint64 feePerLot;
  /// Largest pool of one book at which open interest may still rise, base units of collateral.
  uint112 ceiling;
  /// 0: full coverage. Others are reserved.
  uint8 marginMode;
  /// Tells equal terms apart.
  bytes32 salt;
}

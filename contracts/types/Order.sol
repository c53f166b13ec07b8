// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One book's share of an order. Quantities and premium are what the maker receives.
struct Part {
  /// The book the legs belong to.
  uint256 book;
  /// Legs per unit, sorted by key: strike 63 ‖ right 1 (1 call) ‖ int64 lots.
  uint128[] legs;
  /// Premium the maker receives per unit, price units (8 decimals); negative: the maker pays.
  int64 premium;
  /// Most that may be drawn per unit from the maker's free cash, base units of this book's token.
  uint112 maxDraw;
}

/// @notice A maker's signed order of one to four parts that fill in one proportion or not at all.
struct Order {
  /// The maker's account.
  uint256 account;
  /// Binds to the first order filled under it.
  uint256 nonce;
  /// Must equal the account's epoch.
  uint32 epoch;
  /// Size of the order in units.
  uint64 units;
  /// Smallest fill in units, unless less remains.
  uint64 minFill;
  /// When it was signed, unix seconds; an operator's order counts only from its grant on.
  uint40 signedAt;
  /// Last second at which it fills, unix seconds.
  uint40 deadline;
  /// Owner of the only account that may take it; 0 for anyone.
  address taker;
  /// One to four parts, strictly ascending by book.
  Part[] parts;
}

/// @notice An order with its signature.
struct Fill {
  /// The order.
  Order order;
  /// Who signed it: the maker's owner or a trade operator.
  address signer;
  /// ECDSA, or what the signer's ERC-1271 wallet takes.
  bytes signature;
}

/// @notice What the taker allows in one part of a fill.
struct TakerLimit {
  /// Most it pays, fee included, base units; negative: the least it receives.
  int128 maxPay;
  /// Most that may be drawn from its free cash, base units.
  uint112 maxDraw;
}

/// @notice What one part of a fill moved, as the ledger event tells it.
struct FilledPart {
  /// The book.
  uint256 book;
  /// Premium from taker to maker, base units; negative: from maker to taker.
  int256 premium;
  /// Taker's fee, base units.
  uint256 fee;
  /// Drawn from free cash, base units: the maker's in the high 128 bits, the taker's in the low.
  uint256 draws;
  /// Legs per unit, as signed.
  uint128[] legs;
}

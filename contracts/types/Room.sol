// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice One account's new position in one part, before it is written.
struct Move {
  uint256 account;
  /// Where the position is stored, and its header there.
  bytes32 slot;
  uint256 header;
  /// The position's legs as they are, and as they will be.
  uint256[] before;
  uint256[] legs;
  /// Lots that a fee is due on.
  uint256 growth;
  uint256 requirement;
  uint256 collateral;
  /// What comes out of free cash, and in which token.
  uint256 draw;
  address token;
}

/// @notice One part of a fill: its market and book, read once, and both sides.
struct Room {
  uint256 book;
  uint256 scale;
  uint256 guard;
  uint256 word;
  /// Legs per unit, as the order has them, and their part of its hash.
  uint256[] legs;
  uint256 legsHash;
  /// What the order gives the maker and lets be drawn from it, per unit.
  int256 unitPremium;
  uint256 unitDraw;
  /// Open interest may not rise: by the guard, after the last-trade time, or in a retired market.
  bool restricted;
  /// What the maker receives, base units.
  int256 premium;
  uint256 fee;
  Move maker;
  Move taker;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title MarketWords
/// @notice The two words that every fill reads. Low bits first:
///         scale = num 64, den 64, feePerLot 64, strikeTick 63, inverse 1;
///         guard = ceiling 112, until 40, older halt 40, newer halt 40, level 2, lastTrade 17, retired 1, listed 1.
library MarketWords {
  /// Levels of a guard.
  uint256 internal constant NORMAL = 0;
  uint256 internal constant RESTRICTED = 1;
  uint256 internal constant HALTED = 2;

  uint256 private constant LEVEL_SHIFT = 232;
  uint256 private constant LAST_TRADE_SHIFT = 234;
  uint256 private constant RETIRED = 1 << 251;
  uint256 private constant UNTIL = uint256(type(uint40).max) << 112;
  uint256 private constant LISTED = 1 << 252;
  /// Level, halts, until and ceiling: what a guard may write.
  uint256 private constant GUARDED = (1 << LAST_TRADE_SHIFT) - 1;

  /* SCALE */

  function packScale(
    uint64 num_,
    uint64 den_,
    uint64 feePerLot_,
    uint64 strikeTick_,
    bool inverse
  ) internal pure returns (uint256) {
    return
      uint256(num_) |
      (uint256(den_) << 64) |
      (uint256(feePerLot_) << 128) |
      (uint256(strikeTick_) << 192) |
      (inverse ? 1 << 255 : 0);
  }

  function num(uint256 scale) internal pure returns (uint256) {
    return uint64(scale);
  }

  function den(uint256 scale) internal pure returns (uint256) {
    return uint64(scale >> 64);
  }

  function feePerLot(uint256 scale) internal pure returns (uint256) {
    return uint64(scale >> 128);
  }

  function strikeTick(uint256 scale) internal pure returns (uint256) {
    return uint64(scale >> 192) & (type(uint64).max >> 1);
  }

  function isInverse(uint256 scale) internal pure returns (bool) {
    return scale >> 255 == 1;
  }

  /* GUARD */

  function newGuard(uint112 ceiling_, uint24 lastTrade_) internal pure returns (uint256) {
    return uint256(ceiling_) | (uint256(lastTrade_) << LAST_TRADE_SHIFT) | LISTED;
  }

  function isListed(uint256 guard) internal pure returns (bool) {
    return guard & LISTED != 0;
  }

  function isRetired(uint256 guard) internal pure returns (bool) {
    return guard & RETIRED != 0;
  }

  function retire(uint256 guard) internal pure returns (uint256) {
    return guard | RETIRED;
  }

  /// @dev False if there is neither a level, over or not, nor a retirement: most fills need not look further.
  function isTightened(uint256 guard) internal pure returns (bool) {
    return guard & (UNTIL | RETIRED) != 0;
  }

  function ceiling(uint256 guard) internal pure returns (uint256) {
    return uint112(guard);
  }

  function until(uint256 guard) internal pure returns (uint40) {
    return uint40(guard >> 112);
  }

  function olderHalt(uint256 guard) internal pure returns (uint40) {
    return uint40(guard >> 152);
  }

  function newerHalt(uint256 guard) internal pure returns (uint40) {
    return uint40(guard >> 192);
  }

  /// @dev The level as it reads now: an expired one is Normal.
  function level(uint256 guard) internal view returns (uint256) {
    return until(guard) > block.timestamp ? (guard >> LEVEL_SHIFT) & 3 : NORMAL;
  }

  /// @dev The level as it was last set.
  function levelSet(uint256 guard) internal pure returns (uint8) {
    return uint8((guard >> LEVEL_SHIFT) & 3);
  }

  function lastTrade(uint256 guard) internal pure returns (uint256) {
    return (guard >> LAST_TRADE_SHIFT) & 0x1ffff;
  }

  /// @dev Writes what a guard may write; the rest of the word stays.
  function withGuard(
    uint256 guard,
    uint8 level_,
    uint40 until_,
    uint112 ceiling_,
    uint40 older,
    uint40 newer
  ) internal pure returns (uint256) {
    return
      (guard & ~GUARDED) |
      uint256(ceiling_) |
      (uint256(until_) << 112) |
      (uint256(older) << 152) |
      (uint256(newer) << 192) |
      (uint256(level_) << LEVEL_SHIFT);
  }
}

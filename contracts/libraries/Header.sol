// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Header
/// @notice The first word of a position, low bits first: collateral 112, flags 8 (bit 0 settled), count 8, leg 0 128.
library Header {
  uint256 internal constant MAX_COLLATERAL = type(uint112).max;

  uint256 private constant SETTLED = 1 << 112;
  uint256 private constant COUNT_SHIFT = 120;
  uint256 private constant LEG_SHIFT = 128;

  function collateral(uint256 header) internal pure returns (uint256) {
    return uint112(header);
  }

  function isSettled(uint256 header) internal pure returns (bool) {
    return header & SETTLED != 0;
  }

  function count(uint256 header) internal pure returns (uint256) {
    return uint8(header >> COUNT_SHIFT);
  }

  function firstLeg(uint256 header) internal pure returns (uint256) {
    return header >> LEG_SHIFT;
  }

  /// @dev collateral_ ≤ MAX_COLLATERAL, count_ ≤ 32, firstLeg_ < 2^128 and 0 without legs.
  function pack(uint256 collateral_, uint256 count_, uint256 firstLeg_) internal pure returns (uint256) {
    return collateral_ | (count_ << COUNT_SHIFT) | (firstLeg_ << LEG_SHIFT);
  }

  /// @dev The same legs with another collateral ≤ MAX_COLLATERAL.
  function withCollateral(uint256 header, uint256 collateral_) internal pure returns (uint256) {
    return (header & ~MAX_COLLATERAL) | collateral_;
  }

  /// @dev A settled position: nothing but its payout ≤ MAX_COLLATERAL.
  function settled(uint256 payout) internal pure returns (uint256) {
    return payout | SETTLED;
  }
}

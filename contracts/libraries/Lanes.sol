// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Forms} from "./Forms.sol";

/// @title Lanes
/// @notice The value of a vote in a slot: form and price in 85 bits, three to a word, such that of two values the better
///         one is the greater integer: greater form first, then lower price. Zero is empty.
library Lanes {
  uint256 internal constant BITS = 85;
  uint256 internal constant MASK = (1 << BITS) - 1;
  uint256 internal constant PER_WORD = 3;

  uint256 private constant PRICE_BITS = 63;
  uint256 private constant MAX_PRICE = (1 << PRICE_BITS) - 1;

  /// @dev 1 ≤ price ≤ 2^63 − 1; the form has a rank, so no value is zero.
  function pack(uint256 price_, uint256 form_) internal pure returns (uint256) {
    return (form_ << PRICE_BITS) | (MAX_PRICE - price_);
  }

  function price(uint256 lane) internal pure returns (uint256) {
    return MAX_PRICE - (lane & MAX_PRICE);
  }

  function form(uint256 lane) internal pure returns (uint24) {
    return uint24(lane >> PRICE_BITS);
  }

  function isMaximal(uint256 lane) internal pure returns (bool) {
    return lane >> PRICE_BITS >= Forms.MAXIMAL;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title BookWord
/// @notice A book in one word, low bits first: pool 112, fees 80, settlement price 63, open 1.
library BookWord {
  uint256 internal constant OPEN = 1 << 255;
  uint256 internal constant MAX_POOL = type(uint112).max;
  uint256 internal constant MAX_FEES = type(uint80).max;
  uint256 internal constant MAX_PRICE = type(uint64).max >> 1;

  uint256 private constant FEES_SHIFT = 112;
  uint256 private constant PRICE_SHIFT = 192;

  function isOpen(uint256 word) internal pure returns (bool) {
    return word >> 255 == 1;
  }

  function pool(uint256 word) internal pure returns (uint256) {
    return uint112(word);
  }

  function fees(uint256 word) internal pure returns (uint256) {
    return uint80(word >> FEES_SHIFT);
  }

  /// @dev 0 before it is fixed.
  function price(uint256 word) internal pure returns (uint256) {
    return (word >> PRICE_SHIFT) & MAX_PRICE;
  }

  /// @dev value ≤ MAX_POOL.
  function withPool(uint256 word, uint256 value) internal pure returns (uint256) {
    return (word & ~MAX_POOL) | value;
  }

  /// @dev value ≤ MAX_FEES.
  function withFees(uint256 word, uint256 value) internal pure returns (uint256) {
    return (word & ~(MAX_FEES << FEES_SHIFT)) | (value << FEES_SHIFT);
  }

  /// @dev value ≤ MAX_PRICE; the price is not set yet.
  function withPrice(uint256 word, uint256 value) internal pure returns (uint256) {
    return word | (value << PRICE_SHIFT);
  }
}

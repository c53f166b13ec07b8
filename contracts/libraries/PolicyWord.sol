// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Policy} from "../interfaces/ICircuitBreaker.sol";

/// @title PolicyWord
/// @notice A market's thresholds in 112 bits, 16 each, in the order of `Policy`, low bits first.
library PolicyWord {
  uint256 internal constant FIELDS = 7;
  /// @dev Fields that are tighter the higher they are: both about the peg.
  uint256 private constant HIGHER_IS_TIGHTER = (1 << 3) | (1 << 4);

  function pack(Policy memory policy) internal pure returns (uint112) {
    return
      uint112(policy.apart) |
      (uint112(policy.farApart) << 16) |
      (uint112(policy.move) << 32) |
      (uint112(policy.depegBelow) << 48) |
      (uint112(policy.pegAbove) << 64) |
      (uint112(policy.ceiling) << 80) |
      (uint112(policy.floor) << 96);
  }

  function unpack(uint112 word) internal pure returns (Policy memory) {
    return
      Policy({
        apart: uint16(word),
        farApart: uint16(word >> 16),
        move: uint16(word >> 32),
        depegBelow: uint16(word >> 48),
        pegAbove: uint16(word >> 64),
        ceiling: uint16(word >> 80),
        floor: uint16(word >> 96)
      });
  }

  function field(uint112 word, uint256 index) internal pure returns (uint256) {
    return uint16(word >> (16 * index));
  }

  function apart(uint112 word) internal pure returns (uint256) {
    return field(word, 0);
  }

  function farApart(uint112 word) internal pure returns (uint256) {
    return field(word, 1);
  }

  function move(uint112 word) internal pure returns (uint256) {
    return field(word, 2);
  }

  function depegBelow(uint112 word) internal pure returns (uint256) {
    return field(word, 3);
  }

  function pegAbove(uint112 word) internal pure returns (uint256) {
    return field(word, 4);
  }

  function ceiling(uint112 word) internal pure returns (uint256) {
    return field(word, 5);
  }

  function floor(uint112 word) internal pure returns (uint256) {
    return field(word, 6);
  }

  /// @dev Whether `value` in place of `current` lets more happen.
  function loosens(uint256 index, uint256 value, uint256 current) internal pure returns (bool) {
    return (HIGHER_IS_TIGHTER >> index) & 1 == 1 ? value < current : value > current;
  }
}

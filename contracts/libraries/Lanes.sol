// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Forms} from "./Forms.sol";
import {Words} from "./Words.sol";

/// @dev Words of lanes of a fixing: 8 votes × 30 slots, three lanes a word.
uint256 constant LANE_WORDS = 80;

/// @title Lanes
/// @notice The value of a vote in a slot: form and price in 85 bits, three to a word, such that of two values the better
///         one is the greater integer: greater form first, then lower price. Zero is empty.
library Lanes {
  uint256 internal constant BITS = 85;
  uint256 internal constant MASK = (1 << BITS) - 1;
  uint256 internal constant PER_WORD = 3;

  uint256 private constant MAX_VOTES = 8;
  /// @dev A word shifted lane by lane with this bit set has become 1 after its third lane.
  uint256 private constant END = 1 << 255;

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

  /* READING MANY */

  /// @dev No cursors yet. A cursor walks over a vote's lanes, slot by slot, and reads each word once; it is two words:
  ///      what is left of the word it is in, and the storage slot of the next.
  function cursors() internal pure returns (uint256[] memory list) {
    list = Words.make(2 * MAX_VOTES);
    Words.shrink(list, 0);
  }

  /// @dev Adds a cursor on lane `index`; at most 8.
  function follow(uint256[] memory list, uint256[LANE_WORDS] storage words, uint256 index) internal view {
    uint256 size = list.length;
    uint256 next = index / PER_WORD;
    uint256 rest = (words[next] | END) >> (BITS * (index % PER_WORD));
    uint256 slot;
    assembly ("memory-safe") {
      slot := add(words.slot, add(next, 1))
    }
    Words.shrink(list, size + 2);
    Words.put(list, size, rest);
    Words.put(list, size + 1, slot);
  }

  /// @dev Takes the next lane of every cursor: `count` prices of filled ones, and `all` and-ed with each lane. In
  ///      assembly, because thirty slots of three votes make it run ninety times within the gas of a finalising.
  function take(
    uint256[] memory list,
    uint256[] memory prices,
    uint256 before
  ) internal view returns (uint256 count, uint256 all) {
    all = before;
    (uint256 laneMask, uint256 priceMask) = (MASK, MAX_PRICE);
    assembly ("memory-safe") {
      let begin := add(prices, 0x20)
      let out := begin
      let cursor := add(list, 0x20)
      for {
        let end := add(cursor, shl(5, mload(list)))
      } lt(cursor, end) {
        cursor := add(cursor, 0x40)
      } {
        let rest := mload(cursor)
        if eq(rest, 1) {
          let next := add(cursor, 0x20)
          let slot := mload(next)
          mstore(next, add(slot, 1))
          rest := or(sload(slot), END)
        }
        mstore(cursor, shr(BITS, rest))
        let lane := and(rest, laneMask)
        all := and(all, lane)
        if lane {
          mstore(out, sub(priceMask, and(lane, priceMask)))
          out := add(out, 0x20)
        }
      }
      count := shr(5, sub(out, begin))
    }
  }
}

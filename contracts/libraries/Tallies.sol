// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Samples} from "./Samples.sol";
import {Words} from "./Words.sol";

/// @notice What the slots of a fixing say, summed by what kind of slot they are.
/// @param slots Slots of the profile; 0 before it is begun.
/// @param mark The fixing's mark.
/// @param markAge Seconds from the mark to the expiry.
/// @param maximal Whether every lane is maximal.
/// @param apart Slots whose classes are apart by more than 3 %.
/// @param lowest Lowest value of the slots that count, 2^256 − 1 without one.
/// @param highest Highest value of the slots that count, 0 without one.
/// @param kinds Of each kind: count in the high 128 bits, sum of the values in the low ones.
struct Tally {
  uint256 slots;
  uint256 mark;
  uint256 markAge;
  bool maximal;
  uint256 apart;
  uint256 lowest;
  uint256 highest;
  uint256[4] kinds;
}

/// @title Tallies
/// @notice What a slot says, from the values of its classes, and the mean of a group of slots.
/// @dev A group is a set of kinds, a bit each. At most 30 values below 2^63: no sum overflows.
library Tallies {
  using Samples for uint256[];
  using Words for uint256[];

  /// @dev Kinds: one class; two that agree, or are held together by a young mark; three or more; two apart and an old mark.
  uint256 internal constant SINGLE = 0;
  uint256 internal constant PAIR = 1;
  uint256 internal constant STRONG = 2;
  uint256 internal constant CLAMPED = 3;

  uint256 private constant KINDS = 4;
  uint256 private constant ONE = 1 << 128;
  uint256 private constant PAIR_PERCENT = 1;
  uint256 private constant APART_PERCENT = 3;
  uint256 private constant YOUNG_MARK = 24 hours;

  function begin(Tally memory tally, uint256 slots, uint256 mark, uint256 markAge) internal pure {
    (tally.slots, tally.mark, tally.markAge) = (slots, mark, markAge);
    tally.lowest = type(uint256).max;
  }

  /// @dev Adds a slot with `count` ≥ 1 values, in any order.
  function weigh(Tally memory tally, uint256[] memory prices, uint256 count) internal pure {
    unchecked {
      (uint256 lower, uint256 value, uint256 upper) = _ends(prices, count);
      uint256 kind = count > 2 ? STRONG : count - 1;
      // Values that are not even apart by 1 % need no further look.
      if (Samples.apart(lower, upper, PAIR_PERCENT)) {
        if (Samples.apart(lower, upper, APART_PERCENT)) ++tally.apart;
        // Of two, the median of both and the mark; with an old mark it counts only if nothing else does.
        if (count == 2) {
          value = Math.max(lower, Math.min(upper, tally.mark));
          if (tally.markAge >= YOUNG_MARK) {
            tally.kinds[CLAMPED] += ONE + value;
            return;
          }
        }
      }
      tally.kinds[kind] += ONE + value;
      if (value < tally.lowest) tally.lowest = value;
      if (value > tally.highest) tally.highest = value;
    }
  }

  /// @dev Lowest, median and highest. Three values, the usual case, are put in order without a list.
  function _ends(
    uint256[] memory prices,
    uint256 count
  ) private pure returns (uint256 lower, uint256 middle, uint256 upper) {
    if (count == 3) {
      (lower, middle, upper) = (prices.get(0), prices.get(1), prices.get(2));
      if (lower > middle) (lower, middle) = (middle, lower);
      if (middle > upper) (middle, upper) = (upper, middle);
      if (lower > middle) (lower, middle) = (middle, lower);
      return (lower, middle, upper);
    }
    prices.sort(count);
    return (prices.get(0), prices.median(count), prices.get(count - 1));
  }

  /// @dev Slots of the group.
  function size(Tally memory tally, uint256 group) internal pure returns (uint256) {
    return _sum(tally, group) >> 128;
  }

  /// @dev Mean of the group's values, floored; the group has a slot.
  function mean(Tally memory tally, uint256 group) internal pure returns (uint256) {
    uint256 sum = _sum(tally, group);
    return uint128(sum) / (sum >> 128);
  }

  function _sum(Tally memory tally, uint256 group) private pure returns (uint256 sum) {
    unchecked {
      for (uint256 kind = 0; kind < KINDS; ++kind) {
        if ((group >> kind) & 1 == 1) sum += tally.kinds[kind];
      }
    }
  }
}

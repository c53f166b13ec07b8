// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Words} from "./Words.sol";

/// @title Samples
/// @notice Order, middle and distance of a few prices.
/// @dev Prices and lists of them only: below 2^64, so that nothing here overflows, and never an index beyond the count.
library Samples {
  using Words for uint256[];

  /// @dev Sorts the first `count` in place, ascending. For a handful of values insertion is the cheapest way.
  function sort(uint256[] memory list, uint256 count) internal pure {
    unchecked {
      for (uint256 i = 1; i < count; ++i) {
        uint256 value = list.get(i);
        uint256 j = i;
        for (; j != 0 && list.get(j - 1) > value; --j) list.put(j, list.get(j - 1));
        list.put(j, value);
      }
    }
  }

  /// @dev Median of the first `count` ≥ 1, which are sorted; of an even number the floored mean of the middle two.
  function median(uint256[] memory list, uint256 count) internal pure returns (uint256) {
    unchecked {
      uint256 upper = list.get(count / 2);
      return count % 2 == 1 ? upper : (list.get(count / 2 - 1) + upper) / 2;
    }
  }

  /// @dev Where the `size` of the first `count` sorted ones begin that are nearest together; the lowest such place.
  function closest(uint256[] memory list, uint256 count, uint256 size) internal pure returns (uint256 best) {
    unchecked {
      uint256 least = type(uint256).max;
      for (uint256 i = 0; i + size <= count; ++i) {
        uint256 width = list.get(i + size - 1) - list.get(i);
        if (width < least) (best, least) = (i, width);
      }
    }
  }

  /// @dev Whether two prices are apart by more than `percent` of the lower one.
  function apart(uint256 lower, uint256 upper, uint256 percent) internal pure returns (bool) {
    unchecked {
      return (upper - lower) * 100 > lower * percent;
    }
  }

  /// @dev Whether a price is off the middle by more than `percent` of the middle.
  function off(uint256 value, uint256 middle, uint256 percent) internal pure returns (bool) {
    unchecked {
      return (value > middle ? value - middle : middle - value) * 100 > middle * percent;
    }
  }
}

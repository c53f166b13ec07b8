// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Samples
/// @notice Order, middle and distance of a few prices.
library Samples {
  /// @dev Sorts the first `count` in place, ascending. For a handful of values insertion is the cheapest way.
  function sort(uint256[] memory list, uint256 count) internal pure {
    for (uint256 i = 1; i < count; ++i) {
      uint256 value = list[i];
      uint256 j = i;
      for (; j != 0 && list[j - 1] > value; --j) list[j] = list[j - 1];
      list[j] = value;
    }
  }

  /// @dev Median of the first `count` ≥ 1, which are sorted; of an even number the floored mean of the middle two.
  function median(uint256[] memory list, uint256 count) internal pure returns (uint256) {
    uint256 half = count / 2;
    return count % 2 == 1 ? list[half] : Math.average(list[half - 1], list[half]);
  }

  /// @dev Whether two prices are apart by more than `percent` of the lower one.
  function apart(uint256 lower, uint256 upper, uint256 percent) internal pure returns (bool) {
    return (upper - lower) * 100 > lower * percent;
  }

  /// @dev Whether a price is off the middle by more than `percent` of the middle.
  function off(uint256 value, uint256 middle, uint256 percent) internal pure returns (bool) {
    return (value > middle ? value - middle : middle - value) * 100 > middle * percent;
  }
}

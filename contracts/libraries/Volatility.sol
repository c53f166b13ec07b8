// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Volatility
/// @notice Moving average of squared moves, for observations that come when they come; and stress, the way from calm to
///         the worst, in bps.
library Volatility {
  uint256 internal constant WHOLE = 10_000;

  /// @dev Time constant of the average.
  uint256 private constant MEMORY = 6 hours;
  uint256 private constant PPM = 1_000_000;
  /// @dev A move counts as this much at most, ppm; with it the variance stays below 2^64.
  uint256 private constant LARGEST_MOVE = 1_000_000;

  /// @dev Variance of a day, ppm². A move over `elapsed` seconds weighs as much as it took of the memory:
  ///      (old · memory + move² · day) / (memory + elapsed).
  function next(uint256 variance, uint256 before, uint256 price, uint256 elapsed) internal pure returns (uint256) {
    uint256 distance = price > before ? price - before : before - price;
    uint256 move = Math.min((distance * PPM) / before, LARGEST_MOVE);
    return (variance * MEMORY + move * move * 1 days) / (MEMORY + elapsed);
  }

  /// @dev A variance that nobody looked at for a while fades as if nothing had moved.
  function aged(uint256 variance, uint256 elapsed) internal pure returns (uint256) {
    return (variance * MEMORY) / (MEMORY + elapsed);
  }

  /// @dev Variance of a day of a daily volatility in bps.
  function ofDailyVol(uint256 dailyVol) internal pure returns (uint256) {
    return (dailyVol * 100) ** 2;
  }

  /// @dev Where `value` is between `calm` (0) and `worst` (10,000), floored.
  function stress(uint256 value, uint256 calm, uint256 worst) internal pure returns (uint256) {
    if (value <= calm) return 0;
    return value >= worst ? WHOLE : ((value - calm) * WHOLE) / (worst - calm);
  }

  /// @dev Stress of a variance against the volatility that is expected: none up to it, all of it at four times as much, and
  ///      none where nothing is expected.
  function ofVariance(uint256 variance_, uint256 dailyVol) internal pure returns (uint256) {
    return dailyVol == 0 ? 0 : stress(Math.sqrt(variance_), dailyVol * 100, dailyVol * 400);
  }
}

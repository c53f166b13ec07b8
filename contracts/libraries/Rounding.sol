// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Rounding
/// @notice Signed division with its direction in the name.
library Rounding {
  /// @dev ⌊value / divisor⌋ toward −∞; divisor > 0, |value| < 2^255.
  function divDown(int256 value, uint256 divisor) internal pure returns (int256) {
    // Unchecked: callers keep |value| and divisor below 2^255, divisor is positive.
    unchecked {
      int256 d = int256(divisor);
      int256 q = value / d;
      return value < 0 && q * d != value ? q - 1 : q;
    }
  }

  /// @dev ⌈value / divisor⌉ toward +∞; divisor > 0, |value| < 2^255.
  function divUp(int256 value, uint256 divisor) internal pure returns (int256) {
    // Unchecked: as above.
    unchecked {
      int256 d = int256(divisor);
      int256 q = value / d;
      return value > 0 && q * d != value ? q + 1 : q;
    }
  }
}

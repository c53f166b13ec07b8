// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Words
/// @notice Lists of words in memory without bounds checks and zeroing. A four-leg fill walks a dozen such lists; checked
///         access made it about 15,000 gas dearer (see `docs/benchmarks.md`).
/// @dev Callers keep every index below the length the list was made with.
library Words {
  /// @dev A list of `size` words of arbitrary content: the caller writes each before anything reads it.
  function make(uint256 size) internal pure returns (uint256[] memory list) {
    assembly ("memory-safe") {
      list := mload(0x40)
      mstore(list, size)
      mstore(0x40, add(list, shl(5, add(size, 1))))
    }
  }

  /// @dev Word `index`.
  function get(uint256[] memory list, uint256 index) internal pure returns (uint256 word) {
    assembly ("memory-safe") {
      word := mload(add(add(list, 0x20), shl(5, index)))
    }
  }

  /// @dev Writes word `index`.
  function put(uint256[] memory list, uint256 index, uint256 word) internal pure {
    assembly ("memory-safe") {
      mstore(add(add(list, 0x20), shl(5, index)), word)
    }
  }

  /// @dev Makes the list shorter; size ≤ its length.
  function shrink(uint256[] memory list, uint256 size) internal pure {
    assembly ("memory-safe") {
      mstore(list, size)
    }
  }
}

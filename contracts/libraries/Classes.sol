// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Classes
/// @notice Independence classes of sources: who runs them and how their data travels, a bit each.
library Classes {
  /// @dev Chainlink's oracles: push feeds and Data Streams.
  uint16 internal constant CHAINLINK = 1 << 0;
  uint16 internal constant REDSTONE = 1 << 1;
  /// @dev Signers of this protocol's own markets.
  uint16 internal constant OWN_SIGNERS = 1 << 2;
  uint16 internal constant PYTH = 1 << 3;
  /// @dev Compared with the others, never counted among them.
  uint16 internal constant GUARD = 1 << 15;
}

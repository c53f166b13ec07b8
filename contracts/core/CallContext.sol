// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICertusErrors} from "../interfaces/ICertusErrors.sol";
import {ICertusEvents} from "../interfaces/ICertusEvents.sol";

/// @title CallContext
/// @notice The transient context: Idle, Batch or External. While foreign code runs it is External, and every mutating
///         entry and every state view reverts, so foreign code meets no half-written ledger.
abstract contract CallContext is ICertusErrors, ICertusEvents {
  uint256 internal constant IDLE = 0;
  uint256 internal constant BATCH = 1;
  uint256 internal constant EXTERNAL = 2;

  uint256 internal transient _context;

  /// @dev First on every mutating entry.
  modifier entry() {
    _requireInside();
    _;
  }

  /// @dev On every state view that others may rely on.
  modifier settledView() {
    _requireInside();
    _;
  }

  /// @dev Around every call to foreign code.
  modifier foreign() {
    uint256 before = _context;
    _context = EXTERNAL;
    _;
    _context = before;
  }

  function _requireInside() private view {
    if (_context == EXTERNAL) revert InExternalCall();
  }
}

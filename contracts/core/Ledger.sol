// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Nonces} from "./Nonces.sol";
import {Positions} from "./Positions.sol";

/// @title Ledger
/// @notice The state and the rules on it. Both halves of the clearinghouse inherit it first, so they read the same words; what
///         the annex alone keeps, the balances of packages and the list of markets, stands behind it (a test compares the
///         layouts).
abstract contract Ledger is Nonces, Positions {
  /// Receiver of fees.
  address internal _treasury;

  function _setTreasury(address newTreasury) internal {
    if (newTreasury == address(0) || newTreasury == address(this)) revert ReceiverInvalid(newTreasury);
    emit TreasurySet(_treasury, newTreasury);
    _treasury = newTreasury;
  }
}

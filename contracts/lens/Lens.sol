// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Accounts} from "./Accounts.sol";
import {Curves} from "./Curves.sol";
import {LedgerReads} from "./LedgerReads.sol";
import {Previews} from "./Previews.sol";

/// @title Lens
/// @notice The ledger as people ask about it. Holds nothing, writes nothing; anyone may deploy another.
contract Lens is Accounts, Curves, Previews {
  /// @param ledger_ The clearinghouse.
  constructor(IClearinghouse ledger_) LedgerReads(ledger_) {}
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Fills} from "./modules/Fills.sol";
import {Settlement} from "./modules/Settlement.sol";

/// @title Clearinghouse
/// @notice All collateral and all positions of Certus: calls and puts held against locked collateral, strategies of many
///         legs traded as one step, settled at expiry by a price that nobody chose. Immutable; no owner of user funds.
/// @dev The front door. Each rule lives in one file of `modules/` and `libraries/`; `interfaces/IClearinghouse.sol`
///      documents every function, `docs/protocol.md` gives the order of checks.
contract Clearinghouse is Fills, Settlement {
  /// @param authority OpenZeppelin AccessManager that says who lists and retires markets and names the treasury.
  /// @param initialTreasury Receiver of fees.
  constructor(address authority, address initialTreasury) AccessManaged(authority) EIP712("Certus", "1") {
    _setTreasury(initialTreasury);
  }
}

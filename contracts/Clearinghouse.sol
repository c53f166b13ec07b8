// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Batches} from "./modules/Batches.sol";
import {Collateral} from "./modules/Collateral.sol";
import {Fees} from "./modules/Fees.sol";
import {Fills} from "./modules/Fills.sol";
import {Grants} from "./modules/Grants.sol";
import {Settlement} from "./modules/Settlement.sol";
import {Transfers} from "./modules/Transfers.sol";

/// @title Clearinghouse
/// @notice All collateral and all positions of Certus: calls and puts held against locked collateral, strategies of many
///         legs traded as one step, settled at expiry by a price that nobody chose. Immutable; no owner of user funds.
/// @dev The front door. Talk to it through `interfaces/IClearinghouse.sol`, which documents every function. What is called
///      often stands here; the rest stands in the `Annex`, whose code runs in this contract's place and whose address is
///      fixed at construction: the code of both never changes. Each rule lives in one file of `core/`, `modules/` and
///      `libraries/`; `docs/protocol.md` gives the order of checks.
contract Clearinghouse is Fills, Collateral, Transfers, Grants, Settlement, Fees, Batches {
  address private immutable _ANNEX;

  /// @param authority OpenZeppelin AccessManager that says who lists and retires markets and names the treasury.
  /// @param initialTreasury Receiver of fees.
  /// @param annex_ The other half of the code.
  constructor(
    address authority,
    address initialTreasury,
    address annex_
  ) AccessManaged(authority) EIP712("Certus", "1") {
    if (annex_.code.length == 0) revert NoCode(annex_);
    _ANNEX = annex_;
    _setTreasury(initialTreasury);
  }

  /// @notice Where the half of the code stands that is called less often; fixed at construction.
  /// @return The annex, whose code runs in this contract's place.
  function annex() external view returns (address) {
    return _ANNEX;
  }

  /// @dev What is not here is in the annex. OpenZeppelin's Proxy would do the same with assembly that is not memory-safe,
  ///      which takes the optimiser from the whole contract: a fill of one put became 1,850 gas dearer.
  fallback(bytes calldata call) external returns (bytes memory) {
    return Address.functionDelegateCall(_ANNEX, call);
  }
}

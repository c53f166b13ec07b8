// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {Observing} from "./Observing.sol";
import {Policies} from "./Policies.sol";
import {Tripping} from "./Tripping.sol";
import {Watching} from "./Watching.sol";

/// @title CircuitBreaker
/// @notice The guard of markets; docs/breakers.md has the table of triggers and every rule.
/// @dev Anyone trips with evidence, the guardian for hours without, stewards only tighten. It can stop new risk for a
///      while and nothing else.
contract CircuitBreaker is Tripping, Policies {
  /// @param ledger The ledger whose markets name this as their guard.
  /// @param hub The hub whose prices are evidence.
  /// @param authority Access manager: guardian, stewards, the risk and the source role.
  /// @param blockTime Distance of blocks as it should be, milliseconds; 0 where it says nothing.
  constructor(
    IClearinghouse ledger,
    IOracleHub hub,
    address authority,
    uint32 blockTime
  ) AccessManaged(authority) Watching(ledger, hub) Observing(blockTime) {}
}

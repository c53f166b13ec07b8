// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Spots} from "./hub/Spots.sol";
import {Stores} from "./hub/Stores.sol";

/// @title OracleHub
/// @notice The spot of every feed, from several independent sources; docs/oracles.md has every rule.
/// @dev Governance makes feeds and adds sources, a steward disables them; nobody writes, selects or drops a price.
contract OracleHub is Stores, Spots {
  /// @param authority Access manager: who may make feeds, add and disable sources.
  /// @param uptimeFeed Chainlink's sequencer uptime feed, or 0 where there is no sequencer.
  constructor(address authority, address uptimeFeed) AccessManaged(authority) Spots(uptimeFeed) {}
}

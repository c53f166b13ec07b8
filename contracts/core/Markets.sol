// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MarketWords} from "../libraries/MarketWords.sol";
import {Market} from "../types/Market.sol";
import {Authority} from "./Authority.sol";

/// @title Markets
/// @notice The listed markets.
abstract contract Markets is Authority {
  /// See `MarketWords` for the words that a fill reads.
  mapping(uint256 id => Market market) internal _markets;

  function _listedGuard(uint256 market) internal view returns (uint256 guard) {
    guard = _markets[market].guard;
    if (!MarketWords.isListed(guard)) revert MarketUnknown(market);
  }
}

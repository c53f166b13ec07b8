// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ids} from "../libraries/Ids.sol";
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

  function _marketWords(uint256 market) internal view override returns (uint256 scale, uint256 guard) {
    Market storage found = _markets[market];
    return (found.scale, found.guard);
  }

  function _tokenOf(uint256 book) internal view override returns (address) {
    return _markets[Ids.marketOf(book)].terms.token;
  }
}

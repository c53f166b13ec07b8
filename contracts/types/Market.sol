// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "./Terms.sol";

/// @notice A listed market: the two words that every fill reads (see `MarketWords`), and its terms.
struct Market {
  uint256 scale;
  uint256 guard;
  Terms terms;
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICertusErrors} from "../interfaces/ICertusErrors.sol";
import {Legs} from "./Legs.sol";
import {MarketWords} from "./MarketWords.sol";
import {Words} from "./Words.sol";

/// @title PartCheck
/// @notice What the legs of a part must look like in the book they belong to.
library PartCheck {
  /// @dev Sorted, nonzero, on the tick, of rights the book lists; in a linear book the calls net to zero, because no account
  ///      can be net short calls there and quantities add up to zero over accounts.
  ///      Returns the legs in memory.
  function read(
    uint128[] calldata legs,
    uint256 part,
    uint256 book,
    uint256 scale
  ) internal pure returns (uint256[] memory list) {
    uint256 count = legs.length;
    if (count == 0 || count > Legs.MAX) revert ICertusErrors.LegsBound(part, count, Legs.MAX);
    bool inverse = MarketWords.isInverse(scale);
    uint256 tick = MarketWords.strikeTick(scale);
    list = Words.make(count);
    uint256 previous;
    int256 calls;
    // Unchecked: 32 quantities below 2^63; tick ≥ 1.
    unchecked {
      for (uint256 i; i < count; ++i) {
        uint256 leg = legs[i];
        Words.put(list, i, leg);
        uint256 key = Legs.key(leg);
        if (i != 0 && key <= previous) revert ICertusErrors.LegsUnsorted(part, i);
        previous = key;
        int256 quantity = Legs.quantity(leg);
        if (quantity == 0 || quantity == type(int64).min) {
          revert ICertusErrors.LegQuantity(part, i, int64(quantity));
        }
        uint256 strike = Legs.strike(leg);
        if (strike == 0 || strike % tick != 0) revert ICertusErrors.StrikeOffTick(uint64(strike), uint64(tick));
        if (Legs.isCall(leg)) calls += quantity;
        else if (inverse) revert ICertusErrors.PutsNotListed(book);
      }
    }
    if (!inverse && calls != 0) revert ICertusErrors.CallsMustNet(book, calls);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ids} from "../../libraries/Ids.sol";
import {MarketWords} from "../../libraries/MarketWords.sol";
import {Market} from "../../types/Market.sol";

/// @title GuardMeter
/// @notice Tells what a fill pays for its guard, alone: the market's guard word, cold, and every gate that reads it. For
///         benchmarks.
contract GuardMeter {
  /// @notice The market is halted.
  error Halted();
  /// @notice The pool is above the ceiling.
  error Above();

  mapping(uint256 id => Market market) private _markets;

  /// @notice Keeps a guard word as a listed market has it.
  function setGuard(uint256 market, uint112 ceiling, uint24 lastTrade) external {
    _markets[market].guard = MarketWords.newGuard(ceiling, lastTrade);
  }

  /// @notice Gas of the gates of a fill that raises open interest: levels, retirement and the ceiling, as a fill asks for
  ///         them. Where the market lies is known: a fill reads its scale anyway.
  function gates(uint256 book, uint256 pool) external view returns (uint256 gasUsed, bool restricted) {
    Market storage market = _markets[Ids.marketOf(book)];
    uint256 before = gasleft();
    uint256 guard = market.guard;
    if (MarketWords.isTightened(guard)) {
      uint256 level = MarketWords.level(guard);
      if (level == MarketWords.HALTED) revert Halted();
      restricted = level != MarketWords.NORMAL || MarketWords.isRetired(guard);
    }
    if (pool > MarketWords.ceiling(guard)) revert Above();
    gasUsed = before - gasleft();
  }
}

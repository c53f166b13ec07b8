// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Listing} from "../libraries/Listing.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Market} from "../types/Market.sol";
import {Terms} from "../types/Terms.sol";
import {Authority} from "./Authority.sol";

/// @title Markets
/// @notice Listing, retiring, and the guard word with the ledger's own limits on it.
abstract contract Markets is Authority {
  /// A guard sets a level for at most six hours at a time.
  uint256 private constant MAX_LEVEL_TIME = 6 hours;
  /// At most two halts begin in any seven days.
  uint256 private constant HALT_WINDOW = 7 days;

  /// A book opens at least this long before its expiry.
  uint40 internal constant MIN_LIFE = 2 hours;

  mapping(uint256 id => Market market) internal _markets;

  /* LISTING */

  /// @inheritdoc IClearinghouse
  function list(Terms calldata terms) external entry restricted returns (bytes32 marketId, uint256 market) {
    return _list(terms);
  }

  /// @inheritdoc IClearinghouse
  function retire(uint256 market) external entry restricted {
    uint256 guard = _listedGuard(market);
    if (MarketWords.isRetired(guard)) revert MarketIsRetired(market);
    _markets[market].guard = MarketWords.retire(guard);
    emit MarketRetired(market);
  }

  /* GUARD */

  /// @inheritdoc IClearinghouse
  function setGuard(uint256 market, uint8 level, uint40 until, uint112 ceiling) external entry {
    uint256 guard = _listedGuard(market);
    Terms storage terms = _markets[market].terms;
    if (msg.sender != terms.guard) revert NotGuard(market, msg.sender);
    if (level > MarketWords.HALTED) revert LevelUnknown(level, uint8(MarketWords.HALTED));
    uint256 latest = block.timestamp + MAX_LEVEL_TIME;
    if (until > latest) revert UntilBound(until, latest);
    if (ceiling > terms.ceiling) revert CeilingBound(ceiling, terms.ceiling);
    uint40 older = MarketWords.olderHalt(guard);
    uint40 newer = MarketWords.newerHalt(guard);
    if (level == MarketWords.HALTED) {
      // An extension is a halt like any other, so any seven days hold at most two times six hours.
      if (older != 0 && older + HALT_WINDOW > block.timestamp) revert HaltBudget(block.timestamp, older + HALT_WINDOW);
      (older, newer) = (newer, uint40(block.timestamp));
    }
    _markets[market].guard = MarketWords.withGuard(guard, level, until, ceiling, older, newer);
    emit GuardSet(market, level, until, ceiling, uint40(block.timestamp));
  }

  /* VIEWS */

  /// @inheritdoc IClearinghouse
  function termsOf(uint256 market) external view settledView returns (Terms memory) {
    return _markets[market].terms;
  }

  /// @inheritdoc IClearinghouse
  function guardOf(
    uint256 market
  )
    external
    view
    settledView
    returns (bool listed, bool retired, uint8 level, uint40 until, uint112 ceiling, uint40 older, uint40 newer)
  {
    uint256 guard = _markets[market].guard;
    listed = MarketWords.isListed(guard);
    retired = MarketWords.isRetired(guard);
    level = MarketWords.levelSet(guard);
    until = MarketWords.until(guard);
    ceiling = uint112(MarketWords.ceiling(guard));
    older = MarketWords.olderHalt(guard);
    newer = MarketWords.newerHalt(guard);
  }

  /* INTERNAL */

  function _listedGuard(uint256 market) internal view returns (uint256 guard) {
    guard = _markets[market].guard;
    if (!MarketWords.isListed(guard)) revert MarketUnknown(market);
  }

  /// @dev The oracle is asked to describe itself meanwhile.
  function _list(Terms calldata terms) private foreign returns (bytes32, uint256) {
    return Listing.list(_markets, terms);
  }
}

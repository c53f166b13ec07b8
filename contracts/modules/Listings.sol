// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ledger} from "../core/Ledger.sol";
import {IAnnex} from "../interfaces/IAnnex.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";
import {Listing} from "../libraries/Listing.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Terms} from "../types/Terms.sol";

/// @title Listings
/// @notice Listing and retiring markets, opening books, the guard word with the ledger's own limits on it, and the list of
///         markets.
abstract contract Listings is IAnnex, Ledger {
  /// A guard sets a level for at most six hours at a time.
  uint256 private constant MAX_LEVEL_TIME = 6 hours;
  /// At most two halts begin in any seven days.
  uint256 private constant HALT_WINDOW = 7 days;
  /// A book opens at least this long before its expiry.
  uint40 private constant MIN_LIFE = 2 hours;

  /// Every market, in the order of listing; none is ever removed.
  uint256[] private _listed;

  /// @inheritdoc IAnnex
  function list(Terms calldata terms) external entry restricted returns (bytes32 marketId, uint256 market) {
    return _list(terms);
  }

  /// @inheritdoc IAnnex
  function retire(uint256 market) external entry restricted {
    uint256 guard = _listedGuard(market);
    if (MarketWords.isRetired(guard)) revert MarketIsRetired(market);
    _markets[market].guard = MarketWords.retire(guard);
    emit MarketRetired(market);
  }

  /// @inheritdoc IAnnex
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

  /// @inheritdoc IAnnex
  function openBook(uint256 market, uint40 expiry) external entry returns (uint256 book) {
    uint256 guard = _listedGuard(market);
    if (MarketWords.isRetired(guard)) revert MarketIsRetired(market);
    Terms storage terms = _markets[market].terms;
    (uint40 anchor, uint40 period) = (terms.gridAnchor, terms.gridPeriod);
    if (expiry < anchor || (expiry - anchor) % period != 0) revert OffGrid(expiry, anchor, period);
    if (expiry < block.timestamp + MIN_LIFE) revert TooSoon(expiry, block.timestamp + MIN_LIFE);
    uint256 latest = block.timestamp + terms.horizon;
    if (expiry > latest) revert BeyondHorizon(expiry, latest);
    book = Ids.book(market, expiry);
    if (_books[book] != 0) revert BookAlreadyOpen(book);
    _books[book] = BookWord.OPEN;
    (bytes32 fixing, uint64 mark) = _openFixing(terms.oracle, terms.feed, terms.profile, expiry);
    emit BookOpened(book, market, expiry, fixing, mark);
  }

  /// @inheritdoc IAnnex
  function marketCount() external view settledView returns (uint256) {
    return _listed.length;
  }

  /// @inheritdoc IAnnex
  function marketAt(uint256 index) external view settledView returns (uint256) {
    return index < _listed.length ? _listed[index] : 0;
  }

  /// @inheritdoc IAnnex
  function termsOf(uint256 market) external view settledView returns (Terms memory) {
    return _markets[market].terms;
  }

  /// @inheritdoc IAnnex
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

  /// @dev The oracle is asked to describe itself meanwhile.
  function _list(Terms calldata terms) private foreign returns (bytes32, uint256) {
    return Listing.list(_markets, _listed, terms);
  }

  function _openFixing(
    address oracle,
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) private foreign returns (bytes32, uint64) {
    return ISettlementOracle(oracle).open(feed, profile, expiry);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ILens} from "../interfaces/ILens.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Terms} from "../types/Terms.sol";
import {BookView, MarketView, Phase} from "../types/Views.sol";
import {LedgerReads} from "./LedgerReads.sol";

/// @title Calendars
/// @notice Markets and their books as they stand now.
abstract contract Calendars is ILens, LedgerReads {
  uint256 private constant MAX_TIME = type(uint40).max;

  /// @inheritdoc ILens
  function ledger() external view returns (address) {
    return address(_LEDGER);
  }

  /// @inheritdoc ILens
  function markets(uint256 from, uint256 count) external view returns (MarketView[] memory views, uint256 total) {
    total = _LEDGER.marketCount();
    if (from >= total) return (views, total);
    views = new MarketView[](Math.min(total - from, count));
    for (uint256 i; i < views.length; ++i) views[i] = _marketView(_LEDGER.marketAt(from + i));
  }

  /// @inheritdoc ILens
  function marketsOf(uint256[] calldata keys) external view returns (MarketView[] memory views) {
    views = new MarketView[](keys.length);
    for (uint256 i; i < keys.length; ++i) views[i] = _marketView(keys[i]);
  }

  /// @inheritdoc ILens
  function booksOf(uint256[] calldata books) external view returns (BookView[] memory views) {
    views = new BookView[](books.length);
    for (uint256 i; i < books.length; ++i) views[i] = _bookView(books[i]);
  }

  /// @inheritdoc ILens
  function calendar(
    uint256 market,
    uint40 from,
    uint256 count
  ) external view returns (BookView[] memory views, uint40 next) {
    (, uint256 guard) = _marketWords(market);
    if (!MarketWords.isListed(guard)) revert MarketUnknown(market);
    Terms memory terms = _LEDGER.termsOf(market);
    // A grid may be as wide as time itself: its last expiry is the last one that 40 bits hold.
    (uint256 time, uint256 period) = (terms.gridAnchor, terms.gridPeriod);
    if (from > time) time += Math.ceilDiv(from - time, period) * period;
    uint256 left = time > MAX_TIME ? 0 : (MAX_TIME - time) / period + 1;
    views = new BookView[](count < left ? count : left);
    for (uint256 i; i < views.length; ++i) {
      views[i] = _bookView(Ids.book(market, uint40(time)));
      time += period;
    }
    if (time <= MAX_TIME) next = uint40(time);
  }

  function _marketView(uint256 market) private view returns (MarketView memory found) {
    found.market = market;
    (, uint256 guard) = _marketWords(market);
    found.listed = MarketWords.isListed(guard);
    if (!found.listed) return found;
    found.retired = MarketWords.isRetired(guard);
    found.level = uint8(MarketWords.level(guard));
    if (found.level != MarketWords.NORMAL) found.until = MarketWords.until(guard);
    found.ceiling = uint112(MarketWords.ceiling(guard));
    found.terms = _LEDGER.termsOf(market);
  }

  function _bookView(uint256 book) internal view returns (BookView memory found) {
    uint256 word = _bookWord(book);
    (found.book, found.expiry) = (book, Ids.expiryOf(book));
    (found.pool, found.fees) = (uint112(BookWord.pool(word)), uint80(BookWord.fees(word)));
    found.settlementPrice = uint64(BookWord.price(word));
    found.phase = _phaseOf(book, word);
  }

  function _phaseOf(uint256 book, uint256 word) internal view returns (Phase) {
    if (!BookWord.isOpen(word)) return Phase.Unopened;
    if (BookWord.price(word) != 0) return Phase.Fixed;
    uint256 expiry = Ids.expiryOf(book);
    if (block.timestamp >= expiry) return Phase.Expired;
    (, uint256 guard) = _marketWords(Ids.marketOf(book));
    uint256 level = MarketWords.level(guard);
    if (level == MarketWords.HALTED) return Phase.Halted;
    bool closing =
      level == MarketWords.RESTRICTED ||
        MarketWords.isRetired(guard) ||
        block.timestamp + MarketWords.lastTrade(guard) >= expiry;
    return closing ? Phase.Closing : Phase.Trading;
  }
}

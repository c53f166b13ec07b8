// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Terms} from "../types/Terms.sol";
import {Markets} from "./Markets.sol";

/// @title Books
/// @notice Opening a book and fixing its one settlement price.
abstract contract Books is Markets {
  /// See `BookWord`.
  mapping(uint256 book => uint256 word) internal _books;

  /// @inheritdoc IClearinghouse
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

  /// @inheritdoc IClearinghouse
  function fixPrice(uint256 book, bytes calldata proof) external entry returns (uint64 settlementPrice) {
    uint256 word = _openWord(book);
    if (BookWord.price(word) != 0) revert AlreadyFixed(book, uint64(BookWord.price(word)));
    uint40 expiry = Ids.expiryOf(book);
    if (block.timestamp < expiry) revert NotExpired(book, expiry, block.timestamp);
    Terms storage terms = _markets[Ids.marketOf(book)].terms;
    settlementPrice = _fix(terms.oracle, terms.feed, terms.profile, expiry, proof);
    if (settlementPrice == 0) revert PriceZero(book);
    if (settlementPrice > BookWord.MAX_PRICE) settlementPrice = uint64(BookWord.MAX_PRICE);
    _books[book] = BookWord.withPrice(word, settlementPrice);
    emit PriceFixed(book, settlementPrice);
  }

  /// @inheritdoc IClearinghouse
  function bookOf(
    uint256 book
  ) external view settledView returns (bool open, uint112 pool, uint80 fees, uint64 settlementPrice) {
    uint256 word = _books[book];
    open = BookWord.isOpen(word);
    pool = uint112(BookWord.pool(word));
    fees = uint80(BookWord.fees(word));
    settlementPrice = uint64(BookWord.price(word));
  }

  function _openWord(uint256 book) internal view returns (uint256 word) {
    word = _books[book];
    if (!BookWord.isOpen(word)) revert BookNotOpen(book);
  }

  /// @dev An open book in the first of its two lives.
  function _liveWord(uint256 book) internal view returns (uint256 word) {
    word = _openWord(book);
    uint40 expiry = Ids.expiryOf(book);
    if (block.timestamp >= expiry) revert BookExpired(book, expiry, block.timestamp);
  }

  function _tokenOf(uint256 book) internal view returns (address) {
    return _markets[Ids.marketOf(book)].terms.token;
  }

  function _openFixing(
    address oracle,
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) private foreign returns (bytes32, uint64) {
    return ISettlementOracle(oracle).open(feed, profile, expiry);
  }

  function _fix(
    address oracle,
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) private foreign returns (uint64) {
    return ISettlementOracle(oracle).fix(feed, profile, expiry, proof);
  }
}

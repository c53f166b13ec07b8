// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ledger} from "../core/Ledger.sol";
import {ICore} from "../interfaces/ICore.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Words} from "../libraries/Words.sol";
import {Terms} from "../types/Terms.sol";

/// @title Settlement
/// @notice After expiry: the book gets its one price, positions become payouts, payouts are pulled.
abstract contract Settlement is ICore, Ledger {
  using Words for uint256[];

  /// @inheritdoc ICore
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

  /// @inheritdoc ICore
  function settle(uint256 book, uint256[] calldata accounts) external entry returns (uint256 count) {
    uint256 settlementPrice = BookWord.price(_openWord(book));
    if (settlementPrice == 0) revert NotFixed(book);
    uint256 scale = _markets[Ids.marketOf(book)].scale;
    uint256[] memory settled = new uint256[](accounts.length);
    uint256[] memory payouts = new uint256[](accounts.length);
    for (uint256 i; i < accounts.length; ++i) {
      uint256 account = accounts[i];
      Position storage position = _positions[account][book];
      uint256 header = position.header;
      if (header == 0 || Header.isSettled(header)) continue;
      uint256[] memory legs = _loadLegs(position, header);
      // collateral < 2^112, |value| < 2^196.
      int256 payout = int256(Header.collateral(header)) + Payoff.valueDown(legs, settlementPrice, scale);
      if (payout < 0 || payout > int256(Header.MAX_COLLATERAL)) {
        emit SettleSkipped(book, account, payout);
        continue;
      }
      uint256 legsBefore = legs.length;
      // Shrinks the list to none: storing it clears every slot.
      assembly ("memory-safe") {
        mstore(legs, 0)
      }
      _storeLegs(position, legs, legsBefore);
      _touch(position, account, book, Header.settled(uint256(payout)), 0, false);
      (settled[count], payouts[count]) = (account, uint256(payout));
      ++count;
    }
    if (count == 0) return count;
    // Shrinks both lists to what was settled; count ≤ their length.
    assembly ("memory-safe") {
      mstore(settled, count)
      mstore(payouts, count)
    }
    emit Settled(book, settled, payouts);
  }

  /// @inheritdoc ICore
  function claim(
    uint256 account,
    uint256[] calldata books,
    bool toWallet
  ) external entry returns (uint256[] memory amounts) {
    _requireScope(account, MANAGE);
    amounts = Words.make(books.length);
    for (uint256 i; i < books.length; ++i) {
      uint256 book = books[i];
      uint256 word = _openWord(book);
      Position storage position = _positions[account][book];
      uint256 header = position.header;
      uint256 amount = Header.collateral(header);
      amounts.put(i, amount);
      if (header == 0) continue;
      if (!Header.isSettled(header)) revert NotSettled(account, book);
      _touch(position, account, book, 0, 0, false);
      if (amount != 0) {
        _books[book] = BookWord.withPool(word, _poolLess(book, word, amount));
        if (toWallet) _push(_tokenOf(book), Ids.ownerOf(account), amount);
        else _cash[account][_tokenOf(book)] += amount;
      }
      emit Claimed(account, book, amount, toWallet);
    }
  }

  /// @inheritdoc ICore
  function bookOf(
    uint256 book
  ) external view settledView returns (bool open, uint112 pool, uint80 fees, uint64 settlementPrice) {
    uint256 word = _books[book];
    open = BookWord.isOpen(word);
    pool = uint112(BookWord.pool(word));
    fees = uint80(BookWord.fees(word));
    settlementPrice = uint64(BookWord.price(word));
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

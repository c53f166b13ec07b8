// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Words} from "../libraries/Words.sol";
import {Positions} from "./Positions.sol";

/// @title Settlement
/// @notice After expiry: positions become payouts, payouts are pulled, fees go to the treasury.
abstract contract Settlement is Positions {
  using Words for uint256[];

  address private _treasury;

  /// @inheritdoc IClearinghouse
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
      _touch(position, account, book, Header.settled(uint256(payout)), 0);
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

  /// @inheritdoc IClearinghouse
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
      _touch(position, account, book, 0, 0);
      if (amount != 0) {
        _books[book] = BookWord.withPool(word, _poolLess(book, word, amount));
        if (toWallet) _push(_tokenOf(book), Ids.ownerOf(account), amount);
        else _cash[account][_tokenOf(book)] += amount;
      }
      emit Claimed(account, book, amount, toWallet);
    }
  }

  /// @inheritdoc IClearinghouse
  function pushFees(uint256 book) external entry returns (uint256 amount) {
    uint256 word = _openWord(book);
    amount = BookWord.fees(word);
    if (amount == 0) return amount;
    _books[book] = BookWord.withFees(word, 0);
    address to = _treasury;
    _push(_tokenOf(book), to, amount);
    emit FeesPushed(book, to, amount);
  }

  /// @inheritdoc IClearinghouse
  function setTreasury(address newTreasury) external entry restricted {
    _setTreasury(newTreasury);
  }

  /// @inheritdoc IClearinghouse
  function treasury() external view settledView returns (address) {
    return _treasury;
  }

  function _setTreasury(address newTreasury) internal {
    if (newTreasury == address(0) || newTreasury == address(this)) revert ReceiverInvalid(newTreasury);
    emit TreasurySet(_treasury, newTreasury);
    _treasury = newTreasury;
  }
}

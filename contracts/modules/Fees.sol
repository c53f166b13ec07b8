// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ledger} from "../core/Ledger.sol";
import {ICore} from "../interfaces/ICore.sol";
import {BookWord} from "../libraries/BookWord.sol";

/// @title Fees
/// @notice Fees of a book go to the treasury, by anyone's call.
abstract contract Fees is ICore, Ledger {
  /// @inheritdoc ICore
  function pushFees(uint256 book) external entry returns (uint256 amount) {
    uint256 word = _openWord(book);
    amount = BookWord.fees(word);
    if (amount == 0) return amount;
    _books[book] = BookWord.withFees(word, 0);
    address to = _treasury;
    _push(_tokenOf(book), to, amount);
    emit FeesPushed(book, to, amount);
  }

  /// @inheritdoc ICore
  function setTreasury(address newTreasury) external entry restricted {
    _setTreasury(newTreasury);
  }

  /// @inheritdoc ICore
  function treasury() external view settledView returns (address) {
    return _treasury;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";
import {Markets} from "./Markets.sol";

/// @title Books
/// @notice The open books, their pools and prices.
abstract contract Books is Markets {
  /// See `BookWord`.
  mapping(uint256 book => uint256 word) internal _books;

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
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Markets} from "./Markets.sol";

/// @title Books
/// @notice The open books, their pools and prices.
abstract contract Books is Markets {
  /// See `BookWord`.
  mapping(uint256 book => uint256 word) internal _books;

  function _bookWord(uint256 book) internal view override returns (uint256) {
    return _books[book];
  }
}

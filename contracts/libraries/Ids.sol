// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Ids
/// @notice Self-describing identifiers: market 152 ‖ expiry 40 ‖ right 1 ‖ strike 63. Nothing is stored to resolve them.
library Ids {
  /// Highest bit clear (set marks a package), low 104 bits left for expiry, right and strike.
  uint256 private constant MARKET_MASK = ((1 << 151) - 1) << 104;

  /// @dev The key of a market in every call: its id's prefix, at the top of the word.
  function marketFromId(bytes32 marketId) internal pure returns (uint256) {
    return uint256(marketId) & MARKET_MASK;
  }

  /// @dev The book of a market at an expiry.
  function book(uint256 market, uint40 expiry) internal pure returns (uint256) {
    return market | (uint256(expiry) << 64);
  }

  /// @dev The market of a book.
  function marketOf(uint256 bookId) internal pure returns (uint256) {
    return (bookId >> 104) << 104;
  }

  /// @dev The expiry of a book.
  function expiryOf(uint256 bookId) internal pure returns (uint40) {
    return uint40(bookId >> 64);
  }

  /// @dev The series of a leg key (strike ‖ right) in a book.
  function series(uint256 bookId, uint256 key) internal pure returns (uint256) {
    return bookId | ((key & 1) << 63) | (key >> 1);
  }

  /// @dev The owner of an account.
  function ownerOf(uint256 account) internal pure returns (address) {
    return address(uint160(account >> 96));
  }
}

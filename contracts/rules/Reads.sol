// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICertusErrors} from "../interfaces/ICertusErrors.sol";
import {ICertusEvents} from "../interfaces/ICertusEvents.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";

/// @title Reads
/// @notice What the rules read of the state. The ledger answers from its storage; the lens, which tells what a fill would do,
///         from the ledger's views: one set of rules for both.
abstract contract Reads is ICertusErrors, ICertusEvents {
  uint8 internal constant TRADE = 1;
  uint8 internal constant MANAGE = 2;

  /// Words of an operator: scopes 8, until 40, since 40, low bits first.
  uint256 internal constant UNTIL_SHIFT = 8;
  uint256 internal constant SINCE_SHIFT = 48;

  /// States of a nonce.
  uint256 internal constant UNUSED = 0;
  uint256 internal constant PARTIAL = 1;
  uint256 internal constant CANCELLED = 2;
  uint256 internal constant FILLED = 3;

  /// A partial order keeps the top 192 bits of its hash above 64 bits of filled units.
  uint256 internal constant UNITS_MASK = type(uint64).max;

  /* THE STATE */

  function _operatorWord(uint256 account, address operator) internal view virtual returns (uint256);

  function _epochOf(uint256 account) internal view virtual returns (uint32);

  function _nonceState(uint256 account, uint256 nonce) internal view virtual returns (uint256);

  function _partialWord(uint256 account, uint256 nonce) internal view virtual returns (uint256);

  /// @dev See `BookWord`.
  function _bookWord(uint256 book) internal view virtual returns (uint256);

  /// @dev See `MarketWords`.
  function _marketWords(uint256 market) internal view virtual returns (uint256 scale, uint256 guard);

  function _tokenOf(uint256 book) internal view virtual returns (address);

  function _cashOf(uint256 account, address token) internal view virtual returns (uint256);

  /// @dev Where a position stands, its header (see `Header`) and all of its legs.
  function _positionWords(
    uint256 account,
    uint256 book
  ) internal view virtual returns (bytes32 slot, uint256 header, uint256[] memory legs);

  /// @dev EIP-712 digest of an order's struct hash under the ledger's domain.
  function _digest(bytes32 hash) internal view virtual returns (bytes32);

  /// @dev A batch is running, so that what is short now may be brought later.
  function _inBatch() internal view virtual returns (bool);

  /* WHO MAY ACT */

  /// @dev The owner of an account, or an operator with the scope until the grant ends.
  function _hasScope(uint256 account, address caller, uint8 scope) internal view returns (bool) {
    if (caller == Ids.ownerOf(account)) return true;
    uint256 word = _operatorWord(account, caller);
    return word & scope != 0 && block.timestamp < uint40(word >> UNTIL_SHIFT);
  }

  /* THE LIFE OF A BOOK */

  function _openWord(uint256 book) internal view returns (uint256 word) {
    word = _bookWord(book);
    if (!BookWord.isOpen(word)) revert BookNotOpen(book);
  }

  /// @dev An open book in the first of its two lives.
  function _liveWord(uint256 book) internal view returns (uint256 word) {
    word = _openWord(book);
    uint40 expiry = Ids.expiryOf(book);
    if (block.timestamp >= expiry) revert BookExpired(book, expiry, block.timestamp);
  }
}

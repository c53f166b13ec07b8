// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Queue} from "../libraries/Queue.sol";
import {Words} from "../libraries/Words.sol";
import {Books} from "./Books.sol";
import {Tokens} from "./Tokens.sol";

/// @title Positions
/// @notice Free cash and positions: what an account holds, and the only place where either is written.
abstract contract Positions is Books, Tokens {
  using Words for uint256[];

  struct Position {
    /// See `Header`.
    uint256 header;
    /// Leg 2j+1 in the low half of slot j, leg 2j+2 in the high half.
    uint256[16] legs;
  }

  mapping(uint256 account => mapping(uint256 book => Position)) internal _positions;
  mapping(uint256 account => mapping(address token => uint256)) internal _cash;

  /// @dev Every change of collateral or legs passes here: a position is written only when it is covered, or, for an account
  ///      that the caller acts for, queued in a batch to be covered at its end.
  function _touch(
    Position storage position,
    uint256 account,
    uint256 book,
    uint256 header,
    uint256 requirement,
    bool deferrable
  ) internal {
    uint256 collateral = Header.collateral(header);
    if (collateral < requirement) _queueOrRevert(account, book, collateral, requirement, deferrable);
    position.header = header;
  }

  /// @dev Apart from `_touch`, so that what every write passes through stays small enough to be inlined.
  function _queueOrRevert(
    uint256 account,
    uint256 book,
    uint256 collateral,
    uint256 requirement,
    bool deferrable
  ) private {
    if (!deferrable || _context != BATCH) revert Undercovered(account, book, collateral, requirement);
    Queue.add(account, book);
  }

  /// @dev Collateral can leave a book and come back within a batch: where open interest rose, the pool is looked at again when
  ///      the batch ends. Account 0 has no owner and so no position; its entry stands for the book.
  function _queueCeiling(uint256 book) internal {
    Queue.add(0, book);
  }

  /// @dev Adds to a position and to its pool; more collateral needs no check, requirement 0 says so.
  function _addCollateral(uint256 account, uint256 book, uint256 word, uint256 amount) internal {
    uint256 pool = BookWord.pool(word);
    if (amount > BookWord.MAX_POOL - pool) {
      revert PoolBound(book, amount > type(uint256).max - pool ? type(uint256).max : pool + amount, BookWord.MAX_POOL);
    }
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    // Collateral ≤ pool, so it fits where the pool does.
    _touch(position, account, book, Header.withCollateral(header, Header.collateral(header) + amount), 0, false);
    _books[book] = BookWord.withPool(word, pool + amount);
  }

  function _takeCash(uint256 account, address token, uint256 amount) internal {
    uint256 cash = _cash[account][token];
    if (amount > cash) revert CashShort(account, token, amount, cash);
    // Unchecked: amount ≤ cash.
    unchecked {
      _cash[account][token] = cash - amount;
    }
  }

  /// @dev The pool after paying: never more than it holds.
  function _poolLess(uint256 book, uint256 word, uint256 amount) internal pure returns (uint256) {
    uint256 pool = BookWord.pool(word);
    if (amount > pool) revert PoolShort(book, amount, pool);
    return pool - amount;
  }

  function _loadLegs(Position storage position, uint256 header) internal view returns (uint256[] memory legs) {
    uint256 count = Header.count(header);
    legs = Words.make(count);
    if (count == 0) return legs;
    legs.put(0, Header.firstLeg(header));
    uint256[16] storage slots = position.legs;
    // Unchecked: count ≤ 32.
    unchecked {
      for (uint256 i = 1; i < count; i += 2) {
        uint256 pair = slots[i >> 1];
        legs.put(i, uint128(pair));
        if (i + 1 < count) legs.put(i + 1, pair >> 128);
      }
    }
  }

  /// @dev Writes all legs but the first, which rides in the header, and clears the slots no longer used.
  function _storeLegs(Position storage position, uint256[] memory legs, uint256 countBefore) internal {
    uint256 count = legs.length;
    uint256 last = (count > countBefore ? count : countBefore) >> 1;
    uint256[16] storage slots = position.legs;
    // Unchecked: counts ≤ 32.
    unchecked {
      for (uint256 j; j < last; ++j) {
        uint256 low = 2 * j + 1;
        uint256 pair = low < count ? legs.get(low) : 0;
        if (low + 1 < count) pair |= legs.get(low + 1) << 128;
        slots[j] = pair;
      }
    }
  }

  function _positionWords(
    uint256 account,
    uint256 book
  ) internal view override returns (bytes32 slot, uint256 header, uint256[] memory legs) {
    Position storage position = _positions[account][book];
    header = position.header;
    legs = _loadLegs(position, header);
    assembly ("memory-safe") {
      slot := position.slot
    }
  }

  function _cashOf(uint256 account, address token) internal view override returns (uint256) {
    return _cash[account][token];
  }

  /// @dev The position at a place that `_positionWords` gave.
  function _positionAt(bytes32 slot) internal pure returns (Position storage position) {
    assembly ("memory-safe") {
      position.slot := slot
    }
  }
}

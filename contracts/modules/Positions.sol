// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Payoff} from "../libraries/Payoff.sol";
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

  /* IN AND OUT */

  /// @inheritdoc IClearinghouse
  function deposit(uint256 account, address token, uint256 amount) external entry {
    _checkDeposit(account, amount);
    if (token.code.length == 0) revert NoCode(token);
    // Credited once it is here; meanwhile the context is External and nobody can meet the difference.
    _pull(token, amount);
    _cash[account][token] += amount;
    emit Deposited(account, token, 0, msg.sender, amount);
  }

  /// @inheritdoc IClearinghouse
  function depositToBook(uint256 account, uint256 book, uint256 amount) external entry {
    _checkDeposit(account, amount);
    _addCollateral(account, book, _liveWord(book), amount);
    address token = _tokenOf(book);
    _pull(token, amount);
    emit Deposited(account, token, book, msg.sender, amount);
  }

  /// @inheritdoc IClearinghouse
  function withdraw(uint256 account, address token, uint256 amount, address to) external entry {
    _requireOwner(account);
    if (amount == 0) revert ZeroAmount();
    if (to == address(0) || to == address(this)) revert ReceiverInvalid(to);
    _takeCash(account, token, amount);
    _push(token, to, amount);
    emit Withdrawn(account, token, to, amount);
  }

  /// @inheritdoc IClearinghouse
  function allocate(uint256 account, uint256 book, uint256 amount) external entry {
    _requireScope(account, MANAGE);
    if (amount == 0) revert ZeroAmount();
    uint256 word = _liveWord(book);
    _takeCash(account, _tokenOf(book), amount);
    _addCollateral(account, book, word, amount);
    emit Allocated(account, book, int256(amount));
  }

  /// @inheritdoc IClearinghouse
  function free(uint256 account, uint256 book, uint256 amount) external entry {
    _requireScope(account, MANAGE);
    if (amount == 0) revert ZeroAmount();
    uint256 word = _openWord(book);
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    if (Header.isSettled(header)) revert AlreadySettled(account, book);
    uint256 count = Header.count(header);
    if (count != 0 && block.timestamp >= Ids.expiryOf(book)) revert LegsOpen(account, book, count);
    uint256 collateral = Header.collateral(header);
    if (amount > collateral) revert CollateralShort(account, book, amount, collateral);
    uint256 requirement = Payoff.requirement(_loadLegs(position, header), _markets[Ids.marketOf(book)].scale);
    _touch(position, account, book, Header.withCollateral(header, collateral - amount), requirement);
    _books[book] = BookWord.withPool(word, _poolLess(book, word, amount));
    _cash[account][_tokenOf(book)] += amount;
    // amount ≤ collateral < 2^112.
    emit Allocated(account, book, -int256(amount));
  }

  /* VIEWS */

  /// @inheritdoc IClearinghouse
  function cashOf(uint256 account, address token) external view settledView returns (uint256) {
    return _cash[account][token];
  }

  /// @inheritdoc IClearinghouse
  function positionOf(
    uint256 account,
    uint256 book
  ) external view settledView returns (uint112 collateral, bool settled, uint256[] memory legs) {
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    collateral = uint112(Header.collateral(header));
    settled = Header.isSettled(header);
    legs = _loadLegs(position, header);
  }

  /* INTERNAL */

  /// @dev Every change of collateral or legs passes here: a position is written only when it is covered.
  function _touch(
    Position storage position,
    uint256 account,
    uint256 book,
    uint256 header,
    uint256 requirement
  ) internal {
    uint256 collateral = Header.collateral(header);
    if (collateral < requirement) revert Undercovered(account, book, collateral, requirement);
    position.header = header;
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
    _touch(position, account, book, Header.withCollateral(header, Header.collateral(header) + amount), 0);
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

  /// @dev A position's place as a value, which a struct in memory can hold.
  function _slotOf(Position storage position) internal pure returns (bytes32 slot) {
    assembly ("memory-safe") {
      slot := position.slot
    }
  }

  /// @dev The position at a place that `_slotOf` gave.
  function _positionAt(bytes32 slot) internal pure returns (Position storage position) {
    assembly ("memory-safe") {
      position.slot := slot
    }
  }

  function _checkDeposit(uint256 account, uint256 amount) private pure {
    if (amount == 0) revert ZeroAmount();
    if (Ids.ownerOf(account) == address(0)) revert OwnerZero(account);
  }
}

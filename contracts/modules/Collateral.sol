// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ledger} from "../core/Ledger.sol";
import {ICore} from "../interfaces/ICore.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Payoff} from "../libraries/Payoff.sol";

/// @title Collateral
/// @notice Tokens in and out, and between free cash and positions.
abstract contract Collateral is ICore, Ledger {
  /// @inheritdoc ICore
  function deposit(uint256 account, address token, uint256 amount) external entry {
    _checkDeposit(account, amount);
    if (token.code.length == 0) revert NoCode(token);
    // Credited once it is here; meanwhile the context is External and nobody can meet the difference.
    _pull(token, amount);
    _cash[account][token] += amount;
    emit Deposited(account, token, 0, msg.sender, amount);
  }

  /// @inheritdoc ICore
  function depositToBook(uint256 account, uint256 book, uint256 amount) external entry {
    _checkDeposit(account, amount);
    _addCollateral(account, book, _liveWord(book), amount);
    address token = _tokenOf(book);
    _pull(token, amount);
    emit Deposited(account, token, book, msg.sender, amount);
  }

  /// @inheritdoc ICore
  function withdraw(uint256 account, address token, uint256 amount, address to) external entry {
    _requireOwner(account);
    if (amount == 0) revert ZeroAmount();
    if (to == address(0) || to == address(this)) revert ReceiverInvalid(to);
    _takeCash(account, token, amount);
    _push(token, to, amount);
    emit Withdrawn(account, token, to, amount);
  }

  /// @inheritdoc ICore
  function allocate(uint256 account, uint256 book, uint256 amount) external entry {
    _requireScope(account, MANAGE);
    if (amount == 0) revert ZeroAmount();
    uint256 word = _liveWord(book);
    _takeCash(account, _tokenOf(book), amount);
    _addCollateral(account, book, word, amount);
    emit Allocated(account, book, int256(amount));
  }

  /// @inheritdoc ICore
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
    _touch(position, account, book, Header.withCollateral(header, collateral - amount), requirement, false);
    _books[book] = BookWord.withPool(word, _poolLess(book, word, amount));
    _cash[account][_tokenOf(book)] += amount;
    // amount ≤ collateral < 2^112.
    emit Allocated(account, book, -int256(amount));
  }

  /// @inheritdoc ICore
  function cashOf(uint256 account, address token) external view settledView returns (uint256) {
    return _cash[account][token];
  }

  /// @inheritdoc ICore
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

  function _checkDeposit(uint256 account, uint256 amount) private pure {
    if (amount == 0) revert ZeroAmount();
    if (Ids.ownerOf(account) == address(0)) revert OwnerZero(account);
  }
}

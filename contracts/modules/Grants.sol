// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

import {Ledger} from "../core/Ledger.sol";
import {ICore} from "../interfaces/ICore.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {Words} from "../libraries/Words.sol";
import {Order, Part} from "../types/Order.sol";

/// @title Grants
/// @notice What an owner grants and takes back: operators, permits, orders.
abstract contract Grants is ICore, Ledger {
  uint8 private constant ALL_SCOPES = TRADE | MANAGE;

  /// @inheritdoc ICore
  function setAccountOperator(uint256 account, address operator, uint8 scopes, uint40 until) external entry {
    _requireOwner(account);
    if (operator == address(0)) revert OperatorInvalid(operator);
    if (scopes > ALL_SCOPES) revert ScopesUnknown(scopes, ALL_SCOPES);
    if (scopes == 0) {
      delete _operators[account][operator];
      emit AccountOperatorSet(account, operator, 0, 0, 0);
      return;
    }
    if (until <= block.timestamp) revert OperatorEnded(until, block.timestamp);
    uint40 since = uint40(block.timestamp);
    _operators[account][operator] = scopes | (uint256(until) << UNTIL_SHIFT) | (uint256(since) << SINCE_SHIFT);
    emit AccountOperatorSet(account, operator, scopes, until, since);
  }

  /// @inheritdoc ICore
  function operatorOf(
    uint256 account,
    address operator
  ) external view settledView returns (uint8 scopes, uint40 until, uint40 since) {
    uint256 word = _operators[account][operator];
    return (uint8(word), uint40(word >> UNTIL_SHIFT), uint40(word >> SINCE_SHIFT));
  }

  /// @inheritdoc ICore
  function selfPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external entry {
    if (token.code.length == 0) revert NoCode(token);
    _tryPermit(token, amount, deadline, v, r, s);
  }

  /// @inheritdoc ICore
  function cancel(uint256 account, uint256[] calldata nonces) external entry {
    _requireScope(account, TRADE);
    for (uint256 i; i < nonces.length; ++i) {
      uint256 state = _nonceState(account, nonces[i]);
      if (state == FILLED) continue;
      if (state == PARTIAL) delete _partials[account][nonces[i]];
      _setNonceState(account, nonces[i], CANCELLED);
    }
    emit OrdersCancelled(account, nonces);
  }

  /// @inheritdoc ICore
  function raiseEpoch(uint256 account) external entry returns (uint32 epoch) {
    _requireScope(account, TRADE);
    epoch = _epochs[account] + 1;
    _epochs[account] = epoch;
    emit EpochRaised(account, epoch);
  }

  /// @inheritdoc ICore
  function nonceOf(
    uint256 account,
    uint256 nonce
  ) external view settledView returns (uint8 state, uint64 filled, bytes32 boundHash) {
    state = uint8(_nonceState(account, nonce));
    uint256 word = _partials[account][nonce];
    filled = uint64(word);
    boundHash = bytes32(word & ~UNITS_MASK);
  }

  /// @inheritdoc ICore
  function epochOf(uint256 account) external view settledView returns (uint32) {
    return _epochs[account];
  }

  /// @inheritdoc ICore
  function orderHash(Order calldata order) external pure returns (bytes32) {
    uint256[] memory hashes = Words.make(order.parts.length);
    for (uint256 i; i < order.parts.length; ++i) {
      Part calldata part = order.parts[i];
      uint256[] memory legs = Words.make(part.legs.length);
      for (uint256 j; j < part.legs.length; ++j) Words.put(legs, j, part.legs[j]);
      Words.put(hashes, i, OrderHash.hashPart(part, OrderHash.hashLegs(legs)));
    }
    return OrderHash.hash(order, hashes);
  }

  /// @dev The owner is msg.sender and nobody else, so a permit moves no other's tokens. What the token answers does not matter:
  ///      without an allowance the deposit fails.
  function _tryPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) private foreign {
    try IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s) {
      return;
    } catch {
      return;
    }
  }
}

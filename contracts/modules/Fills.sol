// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Writes} from "../core/Writes.sol";
import {ICore} from "../interfaces/ICore.sol";
import {Rooms} from "../rules/Rooms.sol";
import {Order, TakerLimit} from "../types/Order.sol";
import {Room} from "../types/Room.sol";

/// @title Fills
/// @notice The only transition, with `Takes`, that opens a position: a maker's signed order against a taking account, all
///         parts at once. Both sides are computed in memory; nothing is written before everything holds.
abstract contract Fills is ICore, Rooms, Writes {
  /// @inheritdoc ICore
  function fill(
    uint256 account,
    Order calldata order,
    address signer,
    bytes calldata signature,
    uint64 units,
    TakerLimit[] calldata limits
  ) external entry returns (int256[] memory paid) {
    _requireScope(account, TRADE);
    (Room[] memory rooms, bytes32 hash) = _openRooms(order, limits.length, units);
    (bytes memory refusal, uint64 filledBefore) = _admit(order, hash, account, units);
    _orRevert(refusal);
    if (!_isSigned(order, hash, signer, signature)) revert BadSignature(order.account, signer);
    _orRevert(_moveMaker(order.account, rooms, units, filledBefore));
    paid = _moveTaker(account, rooms, units, limits);
    uint64 remaining = _progressTo(order, hash, filledBefore, units);
    _commit(order, account, hash, units, remaining, rooms, true);
    if (_inBatch()) {
      for (uint256 i; i < rooms.length; ++i) {
        if (_risingKey(rooms[i], units) != 0) _queueCeiling(rooms[i].book);
      }
    }
  }
}

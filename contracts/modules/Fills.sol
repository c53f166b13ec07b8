// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Rooms} from "../core/Rooms.sol";
import {ICore} from "../interfaces/ICore.sol";
import {Ids} from "../libraries/Ids.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Order, TakerLimit} from "../types/Order.sol";

/// @title Fills
/// @notice The only transition, with `Takes`, that opens a position: a maker's signed order against a taking account, all
///         parts at once. Both sides are computed in memory; nothing is written before everything holds.
abstract contract Fills is ICore, Rooms {
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
  }

  /// @dev The taker's new positions within its limits, and what the parts do to their books. Returns what it pays.
  function _moveTaker(
    uint256 account,
    Room[] memory rooms,
    uint256 units,
    TakerLimit[] calldata limits
  ) private view returns (int256[] memory paid) {
    paid = new int256[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) {
      Room memory room = rooms[i];
      Move memory taker = room.taker;
      _load(taker, account, room.book);
      _orRevert(_net(taker, room.book, room.legs, -int256(units)));
      if (room.restricted) {
        uint256 key = _risingKey(room, units);
        if (key != 0) revert RiskRestricted(room.book, Ids.series(room.book, key));
      }
      uint256 fee;
      int256 pay;
      // Unchecked: growth < 2^69, feePerLot < 2^64, |premium| < 2^192.
      unchecked {
        fee = taker.growth * MarketWords.feePerLot(room.scale);
        pay = room.premium + int256(fee);
      }
      (room.fee, paid[i]) = (fee, pay);
      uint256 owed = _payTaker(rooms, i, pay, limits[i]);
      // Draws < 2^198; owed < 2^112.
      uint256 reach = _bookAfter(room, room.maker.draw + taker.draw, fee) + owed;
      uint256 ceiling = MarketWords.ceiling(room.guard);
      if (reach > ceiling && _risingKey(room, units) != 0) revert CeilingReached(room.book, reach, ceiling);
    }
  }
}

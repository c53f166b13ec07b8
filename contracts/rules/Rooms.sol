// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Words} from "../libraries/Words.sol";
import {Order, Part, TakerLimit} from "../types/Order.sol";
import {Move, Room} from "../types/Room.sol";
import {Sides} from "./Sides.sol";

/// @title Rooms
/// @notice The gates of a fill's books, and its taker.
abstract contract Rooms is Sides {
  using Words for uint256[];

  uint256 private constant MAX_PARTS = 4;

  /// @dev Shape of the parts and gates of their books; what fails here fails for every order of these parts. Also the
  ///      order's hash.
  function _openRooms(
    Order calldata order,
    uint256 limits,
    uint256 units
  ) internal view returns (Room[] memory rooms, bytes32 hash) {
    Part[] calldata parts = order.parts;
    uint256 count = parts.length;
    if (count == 0 || count > MAX_PARTS) revert PartsBound(count, MAX_PARTS);
    if (limits != count) revert LimitsLength(limits, count);
    if (units == 0) revert UnitsZero();
    rooms = new Room[](count);
    uint256[] memory hashes = Words.make(count);
    uint256 previous;
    for (uint256 i; i < count; ++i) {
      Part calldata part = parts[i];
      uint256 book = part.book;
      if (i != 0 && book <= previous) revert PartsUnsorted(i, book);
      previous = book;
      Room memory room = rooms[i];
      room.book = book;
      room.word = _liveWord(book);
      (uint256 scale, uint256 guard) = _marketWords(Ids.marketOf(book));
      room.restricted = block.timestamp + MarketWords.lastTrade(guard) >= Ids.expiryOf(book);
      if (MarketWords.isTightened(guard)) {
        uint256 level = MarketWords.level(guard);
        if (level == MarketWords.HALTED) revert MarketHalted(book, MarketWords.until(guard));
        if (level != MarketWords.NORMAL || MarketWords.isRetired(guard)) room.restricted = true;
      }
      (room.scale, room.guard) = (scale, guard);
      room.legs = PartCheck.read(part.legs, i, book, scale);
      (room.unitPremium, room.unitDraw) = (part.premium, part.maxDraw);
      room.legsHash = OrderHash.hashLegs(room.legs);
      hashes.put(i, OrderHash.hashPart(part, room.legsHash));
    }
    hash = OrderHash.hash(order, hashes);
  }

  /// @dev Takes another order of the same parts into the rooms; returns its hash.
  function _quote(Order calldata order, Room[] memory rooms, uint256 index) internal pure returns (bytes32) {
    Part[] calldata parts = order.parts;
    if (parts.length != rooms.length) revert PartsDiffer(index);
    uint256[] memory hashes = Words.make(rooms.length);
    for (uint256 i; i < rooms.length; ++i) {
      Part calldata part = parts[i];
      Room memory room = rooms[i];
      uint128[] calldata legs = part.legs;
      if (part.book != room.book || legs.length != room.legs.length) revert PartsDiffer(index);
      for (uint256 j; j < legs.length; ++j) {
        if (legs[j] != room.legs.get(j)) revert PartsDiffer(index);
      }
      (room.unitPremium, room.unitDraw) = (part.premium, part.maxDraw);
      hashes.put(i, OrderHash.hashPart(part, room.legsHash));
    }
    return OrderHash.hash(order, hashes);
  }

  /// @dev The taker's new positions within its limits, and what the parts do to their books. Returns what it pays.
  function _moveTaker(
    uint256 account,
    Room[] memory rooms,
    uint256 units,
    TakerLimit[] calldata limits
  ) internal view returns (int256[] memory paid) {
    paid = new int256[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) {
      Room memory room = rooms[i];
      Move memory taker = room.taker;
      _load(taker, account, room.book);
      _orRevert(_net(taker, room.book, room.legs, -int256(units), Legs.MAX));
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
      _payTaker(rooms, i, pay, limits[i]);
      // Draws < 2^198.
      uint256 pool = _bookAfter(room, room.maker.draw + taker.draw, fee);
      uint256 ceiling = MarketWords.ceiling(room.guard);
      if (pool > ceiling && _risingKey(room, units) != 0) revert CeilingReached(room.book, pool, ceiling);
    }
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Words} from "../libraries/Words.sol";
import {Market} from "../types/Market.sol";
import {Order, Part} from "../types/Order.sol";
import {Sides} from "./Sides.sol";

/// @title Rooms
/// @notice How a fill begins and ends: the gates of its books, and what it writes and reports.
abstract contract Rooms is Sides {
  using Words for uint256[];

  uint256 private constant MAX_PARTS = 4;
  /// Words of `OrderFilled` before the parts' offsets, and of a part before its legs.
  uint256 private constant LOG_HEAD = 6;
  uint256 private constant LOG_PART = 6;

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
      Market storage market = _markets[Ids.marketOf(book)];
      (uint256 scale, uint256 guard) = (market.scale, market.guard);
      uint256 level = MarketWords.level(guard);
      if (level == MarketWords.HALTED) revert MarketHalted(book, MarketWords.until(guard));
      room.restricted =
        level == MarketWords.RESTRICTED ||
        MarketWords.isRetired(guard) ||
        block.timestamp + MarketWords.lastTrade(guard) >= Ids.expiryOf(book);
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

  /* WRITING */

  /// @dev Writes the maker, with `all` also the taker and every book, and emits `OrderFilled`, its data put together word by
  ///      word: the compiler's encoder of nested lists costs about 900 gas more. Tests decode every log with the event's own
  ///      ABI.
  function _commit(
    Order calldata order,
    uint256 account,
    bytes32 hash,
    uint256 units,
    uint256 remaining,
    Room[] memory rooms,
    bool all
  ) internal {
    // Unchecked: at most 4 parts of 32 legs.
    unchecked {
      uint256 count = rooms.length;
      uint256[] memory data = Words.make(LOG_HEAD + count * (LOG_PART + 1 + Legs.MAX));
      data.put(0, uint256(hash));
      data.put(1, order.nonce);
      data.put(2, units);
      data.put(3, remaining);
      data.put(4, 0xa0);
      data.put(5, count);
      uint256 cursor = LOG_HEAD + count;
      for (uint256 i; i < count; ++i) {
        Room memory room = rooms[i];
        _write(room.maker, room.book, false);
        uint256 draws = room.maker.draw << 128;
        if (all) {
          _write(room.taker, room.book, true);
          _books[room.book] = room.word;
          // Draws end in collateral, fees or the other side, each below 2^112 by now, so either is below 2^114.
          draws |= room.taker.draw;
        }
        // Offsets count from the word behind the number of parts.
        data.put(LOG_HEAD + i, (cursor - LOG_HEAD) << 5);
        data.put(cursor, room.book);
        data.put(cursor + 1, uint256(room.premium));
        data.put(cursor + 2, room.fee);
        data.put(cursor + 3, draws);
        data.put(cursor + 4, 0xa0);
        data.put(cursor + 5, room.legs.length);
        cursor += LOG_PART;
        for (uint256 j; j < room.legs.length; ++j) data.put(cursor++, room.legs.get(j));
      }
      bytes32 topic = OrderFilled.selector;
      uint256 maker = order.account;
      assembly ("memory-safe") {
        log3(add(data, 0x20), shl(5, cursor), topic, maker, account)
      }
    }
  }
}

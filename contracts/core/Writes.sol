// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Header} from "../libraries/Header.sol";
import {Legs} from "../libraries/Legs.sol";
import {Words} from "../libraries/Words.sol";
import {Order} from "../types/Order.sol";
import {Move, Room} from "../types/Room.sol";
import {Ledger} from "./Ledger.sol";

/// @title Writes
/// @notice What the rules have worked out in memory is written here, and told.
abstract contract Writes is Ledger {
  using Words for uint256[];

  /// Words of `OrderFilled` before the parts' offsets, and of a part before its legs.
  uint256 private constant LOG_HEAD = 6;
  uint256 private constant LOG_PART = 6;

  /// @dev Writes a position. A deferrable one may stay uncovered within a batch.
  function _write(Move memory move, uint256 book, bool deferrable) internal {
    if (move.draw != 0) _cash[move.account][move.token] -= move.draw;
    uint256[] memory legs = move.legs;
    Position storage position = _positionAt(move.slot);
    _storeLegs(position, legs, Header.count(move.header));
    uint256 first = legs.length == 0 ? 0 : legs.get(0);
    uint256 header = Header.pack(move.collateral, legs.length, first);
    _touch(position, move.account, book, header, move.requirement, deferrable);
  }

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

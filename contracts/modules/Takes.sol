// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Writes} from "../core/Writes.sol";
import {IAnnex} from "../interfaces/IAnnex.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Rooms} from "../rules/Rooms.sol";
import {Fill, Order, TakerLimit} from "../types/Order.sol";
import {Move, Room} from "../types/Room.sol";

/// @title Takes
/// @notice Orders of one shape from many makers in one call. What is wrong with a maker skips its order and nothing else.
abstract contract Takes is IAnnex, Rooms, Writes {
  uint256 private constant MAX_FILLS = 16;

  /// @notice What one part of the call comes to, over all orders filled.
  struct Tally {
    /// What the taker pays, fees included, and the fees.
    int256 pay;
    uint256 fees;
    /// What makers drew from their free cash.
    uint256 draws;
    /// Open interest of some series rose.
    bool rises;
  }

  /// @inheritdoc IAnnex
  function fillMany(
    uint256 account,
    Fill[] calldata fills,
    uint64 minUnits,
    uint64 maxUnits,
    TakerLimit[] calldata limits
  ) external entry returns (uint64 units, int256[] memory paid) {
    _requireScope(account, TRADE);
    if (fills.length == 0 || fills.length > MAX_FILLS) revert FillsBound(fills.length, MAX_FILLS);
    if (minUnits == 0 || minUnits > maxUnits) revert UnitsRange(minUnits, maxUnits);
    (Room[] memory rooms, ) = _openRooms(fills[0].order, limits.length, maxUnits);
    Tally[] memory tallies = new Tally[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) _load(rooms[i].taker, account, rooms[i].book);
    for (uint256 i; i < fills.length && units < maxUnits; ++i) {
      units += _take(account, fills[i], i, maxUnits - units, rooms, tallies, limits);
    }
    if (units < minUnits) revert UnitsShort(units, minUnits);
    paid = new int256[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) paid[i] = _close(rooms, tallies[i], i, limits[i]);
    for (uint256 i; i < rooms.length; ++i) {
      Move memory taker = rooms[i].taker;
      _write(taker, rooms[i].book, true);
      _books[rooms[i].book] = rooms[i].word;
      // draw < 2^198.
      if (taker.draw != 0) emit Allocated(account, rooms[i].book, int256(taker.draw));
    }
    if (_inBatch()) {
      for (uint256 i; i < rooms.length; ++i) {
        if (tallies[i].rises) _queueCeiling(rooms[i].book);
      }
    }
  }

  /// @dev Fills one order, or skips it and says why. Returns the units filled.
  function _take(
    uint256 account,
    Fill calldata next,
    uint256 index,
    uint64 most,
    Room[] memory rooms,
    Tally[] memory tallies,
    TakerLimit[] calldata limits
  ) private returns (uint64 units) {
    Order calldata order = next.order;
    bytes32 hash = _quote(order, rooms, index);
    bytes memory refusal;
    uint64 filledBefore;
    (refusal, filledBefore, units) = _admitUpTo(order, hash, account, most);
    if (refusal.length == 0 && !_isSigned(order, hash, next.signer, next.signature)) {
      refusal = abi.encodeWithSelector(BadSignature.selector, order.account, next.signer);
    }
    if (refusal.length == 0) refusal = _moveMaker(order.account, rooms, units, filledBefore);
    uint256 rising;
    if (refusal.length == 0) (refusal, rising) = _join(rooms, tallies, units, limits);
    if (refusal.length != 0) {
      emit FillSkipped(order.account, account, hash, refusal);
      return 0;
    }
    for (uint256 i; i < rooms.length; ++i) _add(tallies[i], rooms[i], (rising >> i) & 1 == 1);
    uint64 remaining = _progressTo(order, hash, filledBefore, units);
    _commit(order, account, hash, units, remaining, rooms, false);
  }

  /// @dev The taker's legs after one more order, whether the gates of the books let it in, and, as bits, in which parts open
  ///      interest rises. Everything that could stop the call later and that a maker can bring about stops its order here.
  function _join(
    Room[] memory rooms,
    Tally[] memory tallies,
    uint256 units,
    TakerLimit[] calldata limits
  ) private pure returns (bytes memory refusal, uint256 rising) {
    for (uint256 i; i < rooms.length; ++i) {
      (Room memory room, Tally memory tally) = (rooms[i], tallies[i]);
      Move memory taker = room.taker;
      // Only what the call ends with has to fit: between two orders there may be twice as many legs.
      _orRevert(_net(taker, room.book, room.legs, -int256(units), 2 * Legs.MAX));
      uint256 key = _risingKey(room, units);
      if (room.restricted && key != 0) {
        return (abi.encodeWithSelector(RiskRestricted.selector, room.book, Ids.series(room.book, key)), 0);
      }
      // growth < 2^69, feePerLot < 2^64.
      room.fee = taker.growth * MarketWords.feePerLot(room.scale);
      if (key != 0) rising |= 1 << i;
      else if (!tally.rises) continue;
      uint256 ceiling = MarketWords.ceiling(room.guard);
      uint256 reach = _reach(room, tally, limits[i].maxDraw, ceiling);
      if (reach > ceiling) return (abi.encodeWithSelector(CeilingReached.selector, room.book, reach, ceiling), 0);
    }
  }

  /// @dev The pool after one more order: with the draws of makers and, as far as its limit goes, what the taker lacks.
  function _reach(
    Room memory room,
    Tally memory tally,
    uint256 maxDraw,
    uint256 ceiling
  ) private pure returns (uint256 reach) {
    // Draws < 2^113, at most 16 orders.
    reach = BookWord.pool(room.word) + tally.draws + room.maker.draw;
    uint256 charged = tally.fees + room.fee;
    // What the taker lacks matters only where its limit could lead above the ceiling.
    if (reach + maxDraw > ceiling + charged) {
      int256 pay = tally.pay + room.premium + int256(room.fee);
      int256 lack = int256(Payoff.requirement(room.taker.legs, room.scale)) + pay;
      lack -= int256(Header.collateral(room.taker.header));
      if (lack > 0) reach += uint256(lack) < maxDraw ? uint256(lack) : maxDraw;
    }
    reach = reach > charged ? reach - charged : 0;
  }

  /// @dev Counts an order in; its taker is what the next order meets.
  function _add(Tally memory tally, Room memory room, bool rises) private pure {
    tally.pay += room.premium + int256(room.fee);
    tally.fees += room.fee;
    tally.draws += room.maker.draw;
    if (rises) tally.rises = true;
    room.taker.before = room.taker.legs;
  }

  /// @dev Part `i` of the taker and its book, over all orders. Its ceiling was looked at order by order.
  function _close(
    Room[] memory rooms,
    Tally memory tally,
    uint256 i,
    TakerLimit calldata limit
  ) private view returns (int256 pay) {
    Room memory room = rooms[i];
    Move memory taker = room.taker;
    // A skipped order may have left its own legs behind.
    taker.legs = taker.before;
    if (taker.legs.length > Legs.MAX) revert TooManyLegs(taker.account, room.book, taker.legs.length, Legs.MAX);
    pay = tally.pay;
    _payTaker(rooms, i, pay, limit);
    _bookAfter(room, tally.draws + taker.draw, tally.fees);
  }
}

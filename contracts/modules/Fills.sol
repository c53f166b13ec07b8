// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {OrderHash} from "../libraries/OrderHash.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Words} from "../libraries/Words.sol";
import {Market} from "../types/Market.sol";
import {Order, Part, TakerLimit} from "../types/Order.sol";
import {Orders} from "./Orders.sol";
import {Positions} from "./Positions.sol";

/// @title Fills
/// @notice The only transition that opens a position: a maker's signed order against a taking account, all parts at once.
///         Both sides are computed in memory; nothing is written before everything holds.
abstract contract Fills is Orders, Positions {
  using Words for uint256[];

  uint256 private constant MAX_PARTS = 4;
  /// Words of `OrderFilled` before the parts' offsets, and of a part before its legs.
  uint256 private constant LOG_HEAD = 6;
  uint256 private constant LOG_PART = 6;

  /// @notice One account's new position in one part, before it is written.
  struct Move {
    uint256 account;
    /// Where the position is stored, and its header there.
    bytes32 slot;
    uint256 header;
    /// The position's legs as they are, and as they will be.
    uint256[] before;
    uint256[] legs;
    /// Lots that a fee is due on.
    uint256 growth;
    uint256 requirement;
    uint256 collateral;
    /// What comes out of free cash, and in which token.
    uint256 draw;
    address token;
  }

  /// @notice One part of a fill: its market and book, read once, and both sides.
  struct Room {
    uint256 book;
    uint256 scale;
    uint256 guard;
    uint256 word;
    /// Legs per unit, as the order has them.
    uint256[] legs;
    /// What the order gives the maker and lets be drawn from it, per unit.
    int256 unitPremium;
    uint256 unitDraw;
    /// Open interest may not rise: by the guard, after the last-trade time, or in a retired market.
    bool restricted;
    /// What the maker receives, base units.
    int256 premium;
    uint256 fee;
    Move maker;
    Move taker;
  }

  /// @inheritdoc IClearinghouse
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
    _commit(order, account, hash, units, remaining, rooms);
  }

  /* CHECKS OF THE CALL */

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
      hashes.put(i, OrderHash.hashPart(part, OrderHash.hashLegs(room.legs)));
    }
    hash = OrderHash.hash(order, hashes);
  }

  /* BOTH SIDES, IN MEMORY */

  /// @dev The maker's new positions, or the encoded error that says why there are none.
  function _moveMaker(
    uint256 account,
    Room[] memory rooms,
    uint256 units,
    uint256 filledBefore
  ) internal view returns (bytes memory refusal) {
    for (uint256 i; i < rooms.length; ++i) {
      Room memory room = rooms[i];
      refusal = _net(room.maker, account, room, int256(units));
      if (refusal.length != 0) return refusal;
      int256 premium = _premium(room, units, filledBefore);
      room.premium = premium;
      // Unchecked: unitDraw < 2^112, units < 2^64.
      unchecked {
        refusal = _fund(room.maker, room.book, premium, room.unitDraw * units);
      }
      if (refusal.length == 0 && room.maker.draw != 0) {
        uint256 earlier;
        for (uint256 j; j < i; ++j) {
          if (rooms[j].maker.token == room.maker.token) earlier += rooms[j].maker.draw;
        }
        refusal = _requireCash(room.maker, room.book, earlier);
      }
      if (refusal.length != 0) return refusal;
    }
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
      _orRevert(_net(taker, account, room, -int256(units)));
      if (room.restricted) {
        uint256 key = _risingKey(room, units);
        if (key != 0) revert RiskRestricted(room.book, Ids.series(room.book, key));
      }
      TakerLimit calldata limit = limits[i];
      int256 pay;
      // Unchecked: growth < 2^69, feePerLot < 2^64, |premium| < 2^192.
      unchecked {
        room.fee = taker.growth * MarketWords.feePerLot(room.scale);
        pay = room.premium + int256(room.fee);
      }
      int256 bound = limit.maxPay;
      if (pay > bound) revert PayAboveLimit(i, pay, bound);
      paid[i] = pay;
      _orRevert(_fund(taker, room.book, -pay, limit.maxDraw));
      if (taker.draw != 0) {
        uint256 earlier;
        for (uint256 j; j < i; ++j) {
          if (rooms[j].taker.token == taker.token) earlier += rooms[j].taker.draw;
        }
        _orRevert(_requireCash(taker, room.book, earlier));
      }
      _account(room, units);
    }
  }

  /// @dev P(filledBefore + units) − P(filledBefore), so that splitting a fill neither gains nor loses.
  function _premium(Room memory room, uint256 units, uint256 filledBefore) private pure returns (int256 premium) {
    // Unchecked: both terms are below 2^192.
    unchecked {
      premium = Payoff.premiumUp(filledBefore + units, room.unitPremium, room.scale);
      if (filledBefore != 0) premium -= Payoff.premiumUp(filledBefore, room.unitPremium, room.scale);
    }
  }

  /// @dev Nets units × legs into a position: new legs, their requirement, what grows.
  function _net(
    Move memory move,
    uint256 account,
    Room memory room,
    int256 units
  ) private view returns (bytes memory refusal) {
    uint256 book = room.book;
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    uint256[] memory before = _loadLegs(position, header);
    (uint256[] memory legs, uint256 growth, uint256 overflowKey, int256 overflow) = Legs.add(before, room.legs, units);
    if (overflowKey != 0) {
      return abi.encodeWithSelector(QuantityBound.selector, account, Ids.series(book, overflowKey), overflow);
    }
    if (legs.length > Legs.MAX) {
      return abi.encodeWithSelector(TooManyLegs.selector, account, book, legs.length, Legs.MAX);
    }
    (move.account, move.slot, move.header, move.before) = (account, _slotOf(position), header, before);
    (move.legs, move.growth) = (legs, growth);
    move.requirement = Payoff.requirement(legs, room.scale);
  }

  /// @dev Collateral after `change`; a shortfall is to be drawn from free cash, at most `maxDraw`.
  function _fund(
    Move memory move,
    uint256 book,
    int256 change,
    uint256 maxDraw
  ) private view returns (bytes memory refusal) {
    int256 collateral;
    // Unchecked: |change| < 2^193; below, requirement < 2^196, or 2^256 − 1 when nothing covers.
    unchecked {
      collateral = int256(Header.collateral(move.header)) + change;
    }
    if (collateral > int256(Header.MAX_COLLATERAL)) return _collateralBound(move.account, book, collateral);
    uint256 requirement = move.requirement;
    if (collateral >= 0 && uint256(collateral) >= requirement) {
      move.collateral = uint256(collateral);
      return refusal;
    }
    uint256 needed = requirement == type(uint256).max ? requirement : uint256(int256(requirement) - collateral);
    if (needed > maxDraw) {
      return abi.encodeWithSelector(DrawTooSmall.selector, move.account, book, needed, maxDraw);
    }
    (move.draw, move.token, move.collateral) = (needed, _tokenOf(book), requirement);
  }

  /// @dev A draw fits what the free cash has left after the draws of earlier parts.
  function _requireCash(Move memory move, uint256 book, uint256 earlier) private view returns (bytes memory refusal) {
    uint256 cash = _cash[move.account][move.token] - earlier;
    if (move.draw > cash) {
      // draw < 2^197 > cash here.
      int256 reach = int256(move.collateral) - int256(move.draw) + int256(cash);
      return
        abi.encodeWithSelector(
          Undercovered.selector,
          move.account,
          book,
          reach < 0 ? int256(0) : reach,
          move.requirement
        );
    }
    if (move.collateral > Header.MAX_COLLATERAL) {
      return _collateralBound(move.account, book, int256(move.collateral));
    }
  }

  function _collateralBound(uint256 account, uint256 book, int256 value) private pure returns (bytes memory) {
    return abi.encodeWithSelector(CollateralBound.selector, account, book, value, Header.MAX_COLLATERAL);
  }

  /// @dev The book's word after the part: draws come in, the fee moves from pool to fees.
  function _account(Room memory room, uint256 units) private pure {
    uint256 word = room.word;
    uint256 fees;
    uint256 pool;
    // Unchecked: fee < 2^133, draws < 2^197; the taker's collateral, part of the pool, has paid the fee.
    unchecked {
      fees = BookWord.fees(word) + room.fee;
      pool = BookWord.pool(word) + room.maker.draw + room.taker.draw - room.fee;
    }
    if (fees > BookWord.MAX_FEES) revert FeesBound(room.book, fees, BookWord.MAX_FEES);
    if (pool > BookWord.MAX_POOL) revert PoolBound(room.book, pool, BookWord.MAX_POOL);
    uint256 ceiling = MarketWords.ceiling(room.guard);
    if (pool > ceiling && _risingKey(room, units) != 0) revert CeilingReached(room.book, pool, ceiling);
    room.word = BookWord.withFees(BookWord.withPool(word, pool), fees);
  }

  /// @dev Key of the first leg whose open interest rises, Δmax(q maker, 0) + Δmax(q taker, 0) > 0; 0 for none.
  function _risingKey(Room memory room, uint256 units) private pure returns (uint256) {
    for (uint256 i; i < room.legs.length; ++i) {
      uint256 leg = room.legs.get(i);
      int256 lots = int256(units);
      if (Legs.rise(room.maker.before, leg, lots) + Legs.rise(room.taker.before, leg, -lots) > 0) return Legs.key(leg);
    }
    return 0;
  }

  /* WRITING */

  /// @dev Writes both sides and every book, and emits `OrderFilled`, its data put together word by word: the compiler's
  ///      encoder of nested lists costs about 900 gas more. Tests decode every log with the event's own ABI.
  function _commit(
    Order calldata order,
    uint256 account,
    bytes32 hash,
    uint256 units,
    uint256 remaining,
    Room[] memory rooms
  ) private {
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
        _write(room.maker, room.book);
        _write(room.taker, room.book);
        _books[room.book] = room.word;
        // Offsets count from the word behind the number of parts.
        data.put(LOG_HEAD + i, (cursor - LOG_HEAD) << 5);
        data.put(cursor, room.book);
        data.put(cursor + 1, uint256(room.premium));
        data.put(cursor + 2, room.fee);
        // Draws end in collateral, fees or the other side, each below 2^112 by now, so either is below 2^114.
        data.put(cursor + 3, (room.maker.draw << 128) | room.taker.draw);
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

  function _write(Move memory move, uint256 book) private {
    if (move.draw != 0) _cash[move.account][move.token] -= move.draw;
    uint256[] memory legs = move.legs;
    Position storage position = _positionAt(move.slot);
    _storeLegs(position, legs, Header.count(move.header));
    uint256 first = legs.length == 0 ? 0 : legs.get(0);
    _touch(position, move.account, book, Header.pack(move.collateral, legs.length, first), move.requirement);
  }

  function _orRevert(bytes memory refusal) private pure {
    if (refusal.length == 0) return;
    // The refusal is the ABI encoding of one of this ledger's errors.
    assembly ("memory-safe") {
      revert(add(refusal, 0x20), mload(refusal))
    }
  }
}

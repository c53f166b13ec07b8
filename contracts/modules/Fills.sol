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
import {Market} from "../types/Market.sol";
import {FilledPart, Order, Part, TakerLimit} from "../types/Order.sol";
import {Orders} from "./Orders.sol";
import {Positions} from "./Positions.sol";

/// @title Fills
/// @notice The only transition that opens a position: a maker's signed order against a taking account, all parts at once.
///         Both sides are computed in memory; nothing is written before everything holds.
abstract contract Fills is Orders, Positions {
  uint256 private constant MAX_PARTS = 4;

  /// @notice A part's market and book, read once.
  struct Room {
    uint256 book;
    uint256 scale;
    uint256 guard;
    uint256 word;
  }

  /// @notice One account's new position in one part, before it is written.
  struct Move {
    uint256 account;
    uint256 header;
    uint256[] legs;
    int256[] rises;
    uint256 growth;
    uint256 requirement;
    uint256 collateral;
    uint256 draw;
    address token;
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
    Room[] memory rooms = _openRooms(order.parts, limits.length, units);
    bytes32 hash = OrderHash.hash(order);
    (bytes memory refusal, uint64 filledBefore) = _admit(order, hash, account, units);
    _orRevert(refusal);
    if (!_isSigned(order, hash, signer, signature)) revert BadSignature(order.account, signer);
    Move[] memory makers;
    (refusal, makers) = _moveMaker(order, rooms, units, filledBefore);
    _orRevert(refusal);

    uint256 count = rooms.length;
    FilledPart[] memory parts = new FilledPart[](count);
    Move[] memory takers = new Move[](count);
    paid = new int256[](count);
    for (uint256 i; i < count; ++i) {
      paid[i] = _moveTaker(account, order.parts[i], rooms[i], i, units, filledBefore, limits[i], makers, takers, parts);
    }
    for (uint256 i; i < count; ++i) {
      _commit(makers[i], rooms[i].book);
      _commit(takers[i], rooms[i].book);
      _books[rooms[i].book] = rooms[i].word;
    }
    _progressTo(order, hash, filledBefore, filledBefore + units);
    emit OrderFilled(
      order.account, account, hash, order.nonce, units, filledBefore + units, order.units, parts
    );
  }

  /* CHECKS OF THE CALL */

  /// @dev Shape of the parts and gates of their books; what fails here fails for every order of these parts.
  function _openRooms(Part[] calldata parts, uint256 limits, uint256 units)
    internal
    view
    returns (Room[] memory rooms)
  {
    uint256 count = parts.length;
    if (count == 0 || count > MAX_PARTS) revert PartsBound(count, MAX_PARTS);
    if (limits != count) revert LimitsLength(limits, count);
    if (units == 0) revert UnitsZero();
    rooms = new Room[](count);
    uint256 previous;
    for (uint256 i; i < count; ++i) {
      uint256 book = parts[i].book;
      if (book <= previous) revert PartsUnsorted(i, book);
      previous = book;
      Room memory room = rooms[i];
      room.book = book;
      room.word = _liveWord(book);
      Market storage market = _markets[Ids.marketOf(book)];
      (room.scale, room.guard) = (market.scale, market.guard);
      if (MarketWords.level(room.guard) == MarketWords.HALTED) {
        revert MarketHalted(book, MarketWords.until(room.guard));
      }
      PartCheck.requireWellFormed(parts[i].legs, i, book, room.scale);
    }
  }

  /// @dev Open interest may not rise: by the guard, after the last-trade time, or in a retired market.
  function _isRestricted(Room memory room) internal view returns (bool) {
    return MarketWords.level(room.guard) == MarketWords.RESTRICTED || MarketWords.isRetired(room.guard)
      || block.timestamp + MarketWords.lastTrade(room.guard) >= Ids.expiryOf(room.book);
  }

  /* BOTH SIDES, IN MEMORY */

  /// @dev The maker's new positions, or the encoded error that says why there are none.
  function _moveMaker(Order calldata order, Room[] memory rooms, uint256 units, uint256 filledBefore)
    internal
    view
    returns (bytes memory refusal, Move[] memory moves)
  {
    moves = new Move[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) {
      Part calldata part = order.parts[i];
      Room memory room = rooms[i];
      refusal = _net(moves, i, order.account, room, part.legs, int256(units));
      if (refusal.length != 0) return (refusal, moves);
      refusal = _fund(moves, i, room, _premium(part, room, units, filledBefore), uint256(part.maxDraw) * units);
      if (refusal.length != 0) return (refusal, moves);
    }
  }

  /// @dev The taker's new position in one part, its limit, and what the part does to its book. Returns what it pays.
  function _moveTaker(
    uint256 account,
    Part calldata part,
    Room memory room,
    uint256 index,
    uint256 units,
    uint256 filledBefore,
    TakerLimit calldata limit,
    Move[] memory makers,
    Move[] memory takers,
    FilledPart[] memory parts
  ) internal view returns (int256 pay) {
    _orRevert(_net(takers, index, account, room, part.legs, -int256(units)));
    Move memory taker = takers[index];
    bool rises = _checkRises(makers[index].rises, taker.rises, part.legs, room);
    int256 premium = _premium(part, room, units, filledBefore);
    uint256 fee = taker.growth * MarketWords.feePerLot(room.scale);
    // premium < 2^192, fee < 2^134.
    pay = premium + int256(fee);
    if (pay > limit.maxPay) revert PayAboveLimit(index, pay, limit.maxPay);
    _orRevert(_fund(takers, index, room, -pay, limit.maxDraw));
    uint256 makerDraw = makers[index].draw;
    _account(room, fee, makerDraw + taker.draw, rises);
    parts[index] = FilledPart(room.book, premium, fee, makerDraw, taker.draw, part.legs);
  }

  /// @dev Nets a vector into a position: legs, requirement, what rises.
  function _net(Move[] memory moves, uint256 index, uint256 account, Room memory room, uint128[] calldata legs, int256 units)
    private
    view
    returns (bytes memory refusal)
  {
    Move memory move = moves[index];
    move.account = account;
    move.header = _positions[account][room.book].header;
    Legs.Netted memory netted = Legs.add(_loadLegs(account, room.book, move.header), legs, units);
    if (netted.overflowKey != 0) {
      uint256 series = Ids.series(room.book, netted.overflowKey);
      return abi.encodeWithSelector(QuantityBound.selector, account, series, netted.overflow);
    }
    uint256 count = netted.legs.length;
    if (count > Legs.MAX) return abi.encodeWithSelector(TooManyLegs.selector, account, room.book, count, Legs.MAX);
    (move.legs, move.rises, move.growth) = (netted.legs, netted.rises, netted.growth);
    move.requirement = Payoff.requirement(netted.legs, room.scale);
  }

  /// @dev Collateral after `change`; a shortfall is drawn from free cash, at most `maxDraw` and what earlier parts left.
  function _fund(Move[] memory moves, uint256 index, Room memory room, int256 change, uint256 maxDraw)
    private
    view
    returns (bytes memory refusal)
  {
    Move memory move = moves[index];
    // |change| < 2^193.
    int256 collateral = int256(Header.collateral(move.header)) + change;
    if (collateral > int256(Header.MAX_COLLATERAL)) {
      return abi.encodeWithSelector(
        CollateralBound.selector, move.account, room.book, collateral, Header.MAX_COLLATERAL
      );
    }
    uint256 requirement = move.requirement;
    if (collateral >= 0 && uint256(collateral) >= requirement) {
      move.collateral = uint256(collateral);
      return refusal;
    }
    // requirement < 2^196, or 2^256 − 1 when nothing covers; in that case the shortfall saturates.
    uint256 needed = requirement == type(uint256).max ? requirement : uint256(int256(requirement) - collateral);
    if (needed > maxDraw) {
      return abi.encodeWithSelector(DrawTooSmall.selector, move.account, room.book, needed, maxDraw);
    }
    address token = _tokenOf(room.book);
    uint256 cash = _cash[move.account][token];
    for (uint256 i; i < index; ++i) if (moves[i].token == token) cash -= moves[i].draw;
    if (needed > cash) {
      int256 reach = collateral + int256(cash);
      return abi.encodeWithSelector(
        Undercovered.selector, move.account, room.book, reach < 0 ? int256(0) : reach, requirement
      );
    }
    if (requirement > Header.MAX_COLLATERAL) {
      return abi.encodeWithSelector(
        CollateralBound.selector, move.account, room.book, requirement, Header.MAX_COLLATERAL
      );
    }
    (move.draw, move.token, move.collateral) = (needed, token, requirement);
  }

  function _premium(Part calldata part, Room memory room, uint256 units, uint256 filledBefore)
    private
    pure
    returns (int256)
  {
    return Payoff.premiumUp(filledBefore + units, part.premium, room.scale)
      - Payoff.premiumUp(filledBefore, part.premium, room.scale);
  }

  /// @dev True if the open interest of any leg rises; reverts if it may not.
  function _checkRises(int256[] memory maker, int256[] memory taker, uint128[] calldata legs, Room memory room)
    private
    view
    returns (bool rises)
  {
    bool restricted = _isRestricted(room);
    for (uint256 i; i < maker.length; ++i) {
      if (maker[i] + taker[i] <= 0) continue;
      if (restricted) revert RiskRestricted(room.book, Ids.series(room.book, Legs.key(legs[i])));
      rises = true;
    }
  }

  /// @dev The book's word after the part: draws come in, the fee moves from pool to fees.
  function _account(Room memory room, uint256 fee, uint256 draws, bool rises) private pure {
    uint256 fees = BookWord.fees(room.word) + fee;
    if (fees > BookWord.MAX_FEES) revert FeesBound(room.book, fees, BookWord.MAX_FEES);
    uint256 pool = BookWord.pool(room.word) + draws - fee;
    if (pool > BookWord.MAX_POOL) revert PoolBound(room.book, pool, BookWord.MAX_POOL);
    uint256 ceiling = MarketWords.ceiling(room.guard);
    if (rises && pool > ceiling) revert CeilingReached(room.book, pool, ceiling);
    room.word = BookWord.withFees(BookWord.withPool(room.word, pool), fees);
  }

  /* WRITING */

  function _commit(Move memory move, uint256 book) private {
    if (move.draw != 0) _cash[move.account][move.token] -= move.draw;
    uint256[] memory legs = move.legs;
    _storeLegs(move.account, book, legs, Header.count(move.header));
    uint256 first = legs.length == 0 ? 0 : legs[0];
    _touch(move.account, book, Header.pack(move.collateral, legs.length, first), move.requirement);
  }

  function _orRevert(bytes memory refusal) private pure {
    if (refusal.length == 0) return;
    // The refusal is the ABI encoding of one of this ledger's errors.
    assembly ("memory-safe") {
      revert(add(refusal, 0x20), mload(refusal))
    }
  }
}

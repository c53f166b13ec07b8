// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Words} from "../libraries/Words.sol";
import {TakerLimit} from "../types/Order.sol";
import {Move, Room} from "../types/Room.sol";
import {Reads} from "./Reads.sol";

/// @title Sides
/// @notice Both sides of a trade, worked out in memory: legs, requirement, premium, draws.
abstract contract Sides is Reads {
  using Words for uint256[];

  /* POSITIONS IN MEMORY */

  /// @dev An account's position in a book, as it stands.
  function _load(Move memory move, uint256 account, uint256 book) internal view {
    move.account = account;
    (move.slot, move.header, move.before) = _positionWords(account, book);
  }

  /// @dev Nets units × vector into a position with room for `most` legs: new legs, what grows.
  function _net(
    Move memory move,
    uint256 book,
    uint256[] memory vector,
    int256 units,
    uint256 most
  ) internal pure returns (bytes memory refusal) {
    (uint256[] memory legs, uint256 growth, uint256 overflowKey, int256 overflow) = Legs.add(
      move.before,
      vector,
      units
    );
    if (overflowKey != 0) {
      return abi.encodeWithSelector(QuantityBound.selector, move.account, Ids.series(book, overflowKey), overflow);
    }
    if (legs.length > most) {
      return abi.encodeWithSelector(TooManyLegs.selector, move.account, book, legs.length, most);
    }
    (move.legs, move.growth) = (legs, growth);
  }

  /// @dev Only a fill opens positions: what else takes legs takes at most what is held, with its sign.
  function _requireHeld(Move memory move, uint256 book, uint256[] memory vector, uint256 units) internal pure {
    (uint256 missingKey, int256 lots, int256 asked) = Legs.firstNotHeld(move.before, vector, units);
    if (missingKey != 0) revert NotHeld(Ids.series(book, missingKey), lots, asked);
  }

  /* MAKER AND TAKER */

  /// @dev The maker's new positions, or the encoded error that says why there are none.
  function _moveMaker(
    uint256 account,
    Room[] memory rooms,
    uint256 units,
    uint256 filledBefore
  ) internal view returns (bytes memory refusal) {
    for (uint256 i; i < rooms.length; ++i) {
      Room memory room = rooms[i];
      Move memory maker = room.maker;
      _load(maker, account, room.book);
      refusal = _net(maker, room.book, room.legs, int256(units), Legs.MAX);
      if (refusal.length != 0) return refusal;
      maker.requirement = Payoff.requirement(maker.legs, room.scale);
      int256 premium = _premium(room, units, filledBefore);
      room.premium = premium;
      // Unchecked: unitDraw < 2^112, units < 2^64.
      unchecked {
        refusal = _fund(maker, room.book, premium, room.unitDraw * units);
      }
      if (refusal.length == 0 && maker.draw != 0) {
        uint256 earlier;
        for (uint256 j; j < i; ++j) {
          if (rooms[j].maker.token == maker.token) earlier += rooms[j].maker.draw;
        }
        refusal = _requireCash(maker, room.book, earlier);
      }
      if (refusal.length != 0) return refusal;
    }
  }

  /// @dev The taker's collateral in part `i` after paying, within its limit.
  function _payTaker(Room[] memory rooms, uint256 i, int256 pay, TakerLimit calldata limit) internal view {
    int256 bound = limit.maxPay;
    if (pay > bound) revert PayAboveLimit(i, pay, bound);
    Room memory room = rooms[i];
    Move memory taker = room.taker;
    taker.requirement = Payoff.requirement(taker.legs, room.scale);
    bytes memory refusal = _fund(taker, room.book, -pay, limit.maxDraw);
    if (refusal.length == 0 && taker.draw != 0) {
      uint256 earlier;
      for (uint256 j; j < i; ++j) {
        if (rooms[j].taker.token == taker.token) earlier += rooms[j].taker.draw;
      }
      refusal = _requireCash(taker, room.book, earlier);
    }
    if (refusal.length != 0) _deferOrRevert(taker, pay, refusal);
  }

  /// @dev The book's word with what came in and went to fees.
  function _bookAfter(Room memory room, uint256 drawn, uint256 charged) internal pure returns (uint256 pool) {
    uint256 word = room.word;
    uint256 fees;
    // Unchecked: charged < 2^138, drawn < 2^202; the taker's collateral, part of the pool, has paid the fees.
    unchecked {
      fees = BookWord.fees(word) + charged;
      pool = BookWord.pool(word) + drawn - charged;
    }
    if (fees > BookWord.MAX_FEES) revert FeesBound(room.book, fees, BookWord.MAX_FEES);
    if (pool > BookWord.MAX_POOL) revert PoolBound(room.book, pool, BookWord.MAX_POOL);
    room.word = BookWord.withFees(BookWord.withPool(word, pool), fees);
  }

  /// @dev Key of the first leg whose open interest rises, Δmax(q maker, 0) + Δmax(q taker, 0) > 0; 0 for none.
  function _risingKey(Room memory room, uint256 units) internal pure returns (uint256) {
    for (uint256 i; i < room.legs.length; ++i) {
      uint256 leg = room.legs.get(i);
      int256 lots = int256(units);
      if (Legs.rise(room.maker.before, leg, lots) + Legs.rise(room.taker.before, leg, -lots) > 0) return Legs.key(leg);
    }
    return 0;
  }

  /// @dev Reverts with a refusal, if there is one.
  function _orRevert(bytes memory refusal) internal pure {
    if (refusal.length == 0) return;
    // The refusal is the ABI encoding of one of this ledger's errors.
    assembly ("memory-safe") {
      revert(add(refusal, 0x20), mload(refusal))
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

  /// @dev Collateral after `change`; a shortfall is to be drawn from free cash, at most `maxDraw`.
  function _fund(
    Move memory move,
    uint256 book,
    int256 change,
    uint256 maxDraw
  ) private view returns (bytes memory refusal) {
    int256 collateral;
    // Unchecked: |change| < 2^197; below, requirement < 2^196, or 2^256 − 1 when nothing covers.
    unchecked {
      collateral = int256(Header.collateral(move.header)) + change;
    }
    if (collateral > int256(Header.MAX_COLLATERAL)) return _collateralBound(move.account, book, collateral);
    uint256 requirement = move.requirement;
    if (collateral >= 0 && uint256(collateral) >= requirement) {
      (move.draw, move.collateral) = (0, uint256(collateral));
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
    uint256 cash = _cashOf(move.account, move.token) - earlier;
    if (move.draw > cash) {
      // draw < 2^198 > cash here.
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

  /// @dev In a batch the taker may leave a position short of its requirement until the end, but never below zero.
  function _deferOrRevert(Move memory taker, int256 pay, bytes memory refusal) private view {
    int256 collateral = int256(Header.collateral(taker.header)) - pay;
    uint256 requirement = taker.requirement;
    if (!_inBatch() || collateral < 0 || uint256(collateral) >= requirement || requirement > Header.MAX_COLLATERAL)
      _orRevert(refusal);
    (taker.draw, taker.collateral) = (0, uint256(collateral));
  }

  function _collateralBound(uint256 account, uint256 book, int256 value) private pure returns (bytes memory) {
    return abi.encodeWithSelector(CollateralBound.selector, account, book, value, Header.MAX_COLLATERAL);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ILens} from "../interfaces/ILens.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Sides} from "../rules/Sides.sol";
import {Move} from "../types/Room.sol";
import {LedgerReads} from "./LedgerReads.sol";

/// @title Curves
/// @notice What legs require and what they are worth.
abstract contract Curves is ILens, LedgerReads, Sides {
  /// @inheritdoc ILens
  function requirement(uint256 book, uint128[] calldata legs) external view returns (uint256) {
    (uint256[] memory vector, uint256 scale) = _vector(book, legs);
    return Payoff.requirement(vector, scale);
  }

  /// @inheritdoc ILens
  function requirementAfter(
    uint256 account,
    uint256 book,
    uint128[] calldata legs,
    int64 units
  ) external view returns (uint256 before, uint256 current) {
    (uint256[] memory vector, uint256 scale) = _vector(book, legs);
    Move memory move;
    _load(move, account, book);
    _orRevert(_net(move, book, vector, units, Legs.MAX));
    return (Payoff.requirement(move.before, scale), Payoff.requirement(move.legs, scale));
  }

  /// @inheritdoc ILens
  function payoffAt(
    uint256 book,
    uint128[] calldata legs,
    uint64[] calldata prices
  ) external view returns (int256[] memory payoffs) {
    (uint256[] memory vector, uint256 scale) = _vector(book, legs);
    payoffs = new int256[](prices.length);
    for (uint256 i; i < prices.length; ++i) payoffs[i] = _valueAt(book, vector, prices[i], scale);
  }

  /// @inheritdoc ILens
  function payoffCurve(
    uint256 book,
    uint128[] calldata legs
  ) external view returns (uint64[] memory prices, int256[] memory payoffs) {
    (uint256[] memory vector, uint256 scale) = _vector(book, legs);
    prices = new uint64[](vector.length + 2);
    prices[0] = 1;
    uint256 size = 1;
    for (uint256 i; i < vector.length; ++i) {
      uint64 strike = uint64(Legs.strike(vector[i]));
      if (strike != prices[size - 1]) prices[size++] = strike;
    }
    uint256 last = 2 * uint256(prices[size - 1]);
    if (last > BookWord.MAX_PRICE) last = BookWord.MAX_PRICE;
    if (last != prices[size - 1]) prices[size++] = uint64(last);
    // Shrinks to the knots there are: a put and a call share one.
    assembly ("memory-safe") {
      mstore(prices, size)
    }
    payoffs = new int256[](size);
    for (uint256 i; i < size; ++i) payoffs[i] = Payoff.valueDown(vector, prices[i], scale);
  }

  function _valueAt(uint256 book, uint256[] memory vector, uint64 price, uint256 scale) private pure returns (int256) {
    if (price == 0) revert PriceZero(book);
    return Payoff.valueDown(vector, price > BookWord.MAX_PRICE ? BookWord.MAX_PRICE : price, scale);
  }

  function _vector(
    uint256 book,
    uint128[] calldata legs
  ) private view returns (uint256[] memory vector, uint256 scale) {
    _openWord(book);
    (scale, ) = _marketWords(Ids.marketOf(book));
    vector = PartCheck.read(legs, 0, book, scale);
  }
}

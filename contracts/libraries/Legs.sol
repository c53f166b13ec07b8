// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Words} from "./Words.sol";

/// @title Legs
/// @notice A leg is a series with a signed quantity in lots: strike 63 ‖ right 1 ‖ int64. In memory a leg fills a word,
///         its upper half zero. Lists are sorted by key (strike, then right), strictly ascending.
library Legs {
  using Words for uint256[];

  /// Most legs of one position, and of one part of an order.
  uint256 internal constant MAX = 32;
  /// Largest absolute quantity: 2^63 − 1 lots.
  int256 internal constant MAX_QUANTITY = int256(uint256(type(uint64).max >> 1));

  /// @dev Strike ‖ right.
  function key(uint256 leg) internal pure returns (uint256) {
    return leg >> 64;
  }

  /// @dev Strike, 8 decimals.
  function strike(uint256 leg) internal pure returns (uint256) {
    return leg >> 65;
  }

  /// @dev True for a call.
  function isCall(uint256 leg) internal pure returns (bool) {
    return (leg >> 64) & 1 == 1;
  }

  /// @dev Signed lots.
  function quantity(uint256 leg) internal pure returns (int256) {
    return int64(uint64(leg));
  }

  /// @notice Adds units × vector (negated for the taker) to a list; both sorted. Zero legs vanish; the arguments stay as they
  ///      are.
  /// @return merged The new list.
  /// @return growth Lots opened, that a fee is due on: leg by leg |q after| when the sign turns, else
  ///         max(0, |q after| − |q before|).
  /// @return overflowKey Key of the first leg whose quantity leaves its bound, in which case the rest is void; 0 for none
  ///         (no key is 0, strikes start at 1).
  /// @return overflow The quantity that left its bound.
  function add(
    uint256[] memory held,
    uint256[] memory vector,
    int256 units
  ) internal pure returns (uint256[] memory merged, uint256 growth, uint256 overflowKey, int256 overflow) {
    // Unchecked: |quantity| < 2^63 and |units| < 2^64, so products and sums stay below 2^128; indices stay below 64.
    unchecked {
      uint256 size;
      uint256 i;
      merged = Words.make(held.length + vector.length);
      for (uint256 j; j < vector.length; ++j) {
        uint256 added = vector.get(j);
        int256 change = quantity(added) * units;
        int256 before = 0;
        while (i < held.length) {
          uint256 leg = held.get(i);
          if (key(leg) > key(added)) break;
          ++i;
          if (key(leg) == key(added)) {
            before = quantity(leg);
            break;
          }
          merged.put(size++, leg);
        }
        int256 current = before + change;
        if (_exceeds(change) || _exceeds(current)) {
          return (merged, growth, key(added), _exceeds(change) ? change : current);
        }
        // Lots that are new: all of them when the sign turns, else what comes on top.
        uint256 kept = before ^ current < 0 ? 0 : uint256(before < 0 ? -before : before);
        uint256 lots = uint256(current < 0 ? -current : current);
        if (lots > kept) growth += lots - kept;
        if (current != 0) merged.put(size++, (key(added) << 64) | uint64(int64(current)));
      }
      for (; i < held.length; ++i) merged.put(size++, held.get(i));
      merged.shrink(size);
    }
  }

  /// @dev The first leg of units × vector that a list does not hold with its sign, 0 < d ≤ q or q ≤ d < 0; key 0 for none.
  function firstNotHeld(
    uint256[] memory held,
    uint256[] memory vector,
    uint256 units
  ) internal pure returns (uint256 missingKey, int256 lots, int256 asked) {
    // Unchecked: as in `add`.
    unchecked {
      for (uint256 j; j < vector.length; ++j) {
        uint256 leg = vector.get(j);
        asked = quantity(leg) * int256(units);
        lots = _lotsOf(held, key(leg));
        if (asked > 0 ? asked > lots : asked < lots) return (key(leg), lots, asked);
      }
      return (0, 0, 0);
    }
  }

  /// @dev The greatest number that divides every quantity; 0 for no legs.
  function divisor(uint256[] memory vector) internal pure returns (uint256 common) {
    for (uint256 j; j < vector.length; ++j) {
      int256 lots = quantity(vector.get(j));
      uint256 rest = uint256(lots < 0 ? -lots : lots);
      while (rest != 0) (common, rest) = (rest, common % rest);
    }
  }

  /// @dev max(q, 0) after adding units × added, less what it was before; `held` is sorted.
  function rise(uint256[] memory held, uint256 added, int256 units) internal pure returns (int256) {
    // Unchecked: as in `add`.
    unchecked {
      int256 before = _lotsOf(held, key(added));
      int256 current = before + quantity(added) * units;
      return (current > 0 ? current : int256(0)) - (before > 0 ? before : int256(0));
    }
  }

  function _lotsOf(uint256[] memory held, uint256 legKey) private pure returns (int256 lots) {
    // Unchecked: at most 64 legs.
    unchecked {
      for (uint256 i; i < held.length; ++i) {
        uint256 leg = held.get(i);
        if (key(leg) == legKey) lots = quantity(leg);
      }
    }
  }

  /// @dev |lots| > MAX_QUANTITY, in one comparison; |lots| < 2^128.
  function _exceeds(int256 lots) private pure returns (bool) {
    unchecked {
      return uint256(lots + MAX_QUANTITY) > uint256(2 * MAX_QUANTITY);
    }
  }
}

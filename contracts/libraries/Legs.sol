// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Legs
/// @notice A leg is a series with a signed quantity in lots: strike 63 ‖ right 1 ‖ int64. In memory a leg fills a word,
///         its upper half zero. Lists are sorted by key (strike, then right), strictly ascending.
library Legs {
  /// Most legs of one position, and of one part of an order.
  uint256 internal constant MAX = 32;
  /// Largest absolute quantity: 2^63 − 1 lots.
  int256 internal constant MAX_QUANTITY = int256(uint256(type(uint64).max >> 1));

  /// @notice Outcome of adding a vector to a list of legs.
  struct Netted {
    /// The new list.
    uint256[] legs;
    /// Per added leg: Δmax(q, 0), what it does to the long open interest.
    int256[] rises;
    /// Σ max(0, |q after| − |q before|), lots that a fee is due on.
    uint256 growth;
    /// Key of the first leg whose quantity leaves its bound; 0 for none (no key is 0, strikes start at 1).
    uint256 overflowKey;
    /// The quantity that left its bound.
    int256 overflow;
  }

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

  /// @dev Adds units × vector (negated for the taker) to a list; both sorted. Zero legs vanish. `legs` is not changed.
  ///      On overflow the result is void but for the overflow fields.
  function add(uint256[] memory legs, uint128[] calldata vector, int256 units)
    internal
    pure
    returns (Netted memory netted)
  {
    uint256 held = legs.length;
    uint256 added = vector.length;
    uint256[] memory merged = new uint256[](held + added);
    int256[] memory rises = new int256[](added);
    uint256 size;
    uint256 i;
    uint256 growth;
    // Unchecked: |quantity| < 2^63, |units| < 2^64, sums below 2^128; indices below 64.
    unchecked {
      for (uint256 j; j < added; ++j) {
        uint256 leg = vector[j];
        uint256 legKey = leg >> 64;
        int256 change = quantity(leg) * units;
        while (i < held && legs[i] >> 64 < legKey) merged[size++] = legs[i++];
        int256 before = i < held && legs[i] >> 64 == legKey ? quantity(legs[i++]) : int256(0);
        int256 current = before + change;
        if (_exceeds(change) || _exceeds(current)) {
          netted.overflowKey = legKey;
          netted.overflow = _exceeds(change) ? change : current;
          return netted;
        }
        rises[j] = _positive(current) - _positive(before);
        uint256 sizeBefore = _magnitude(before);
        uint256 sizeAfter = _magnitude(current);
        if (sizeAfter > sizeBefore) growth += sizeAfter - sizeBefore;
        if (current != 0) merged[size++] = (legKey << 64) | uint64(int64(current));
      }
      while (i < held) merged[size++] = legs[i++];
    }
    // Shrinks the list to what was written; size ≤ held + added.
    assembly ("memory-safe") {
      mstore(merged, size)
    }
    netted.legs = merged;
    netted.rises = rises;
    netted.growth = growth;
  }

  function _exceeds(int256 lots) private pure returns (bool) {
    return lots > MAX_QUANTITY || lots < -MAX_QUANTITY;
  }

  function _positive(int256 lots) private pure returns (int256) {
    return lots > 0 ? lots : int256(0);
  }

  function _magnitude(int256 lots) private pure returns (uint256) {
    return uint256(lots < 0 ? -lots : lots);
  }
}

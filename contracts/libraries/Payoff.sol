// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Legs} from "./Legs.sol";
import {MarketWords} from "./MarketWords.sol";
import {Rounding} from "./Rounding.sol";
import {Words} from "./Words.sol";

/// @title Payoff
/// @notice What legs are worth: at every price (the requirement), at the settlement price (the payout), and what a premium
///         in price units is in tokens. The only file that knows payoffs.
/// @dev V(S) = Σ q · payoff(S) in price units × lots is piecewise linear with knots at the strikes, so its least value is at
///      a knot or in the slope behind the last one. Bounds: |q|, K, S < 2^63 and 32 legs keep |V| < 2^131; num, den < 2^64
///      and collateral < 2^112 keep every product below 2^240. Nothing here can overflow.
library Payoff {
  using Words for uint256[];

  /// Price units in one unit of the quote asset.
  uint256 private constant PRICE_ONE = 1e8;

  /// @dev The least collateral that covers the legs at every S; type(uint256).max when no collateral does.
  ///      `legs` is sorted by key.
  function requirement(uint256[] memory legs, uint256 scale) internal pure returns (uint256) {
    if (legs.length == 0) return 0;
    return MarketWords.isInverse(scale) ? _requirementInverse(legs, scale) : _requirementLinear(legs, scale);
  }

  /// @dev Floor of V(S) in tokens: what a position gains (or loses, negative) at settlement price S ≥ 1.
  function valueDown(uint256[] memory legs, uint256 settlementPrice, uint256 scale) internal pure returns (int256) {
    int256 value;
    // Unchecked: see the bounds above.
    unchecked {
      for (uint256 i; i < legs.length; ++i) {
        uint256 leg = legs.get(i);
        uint256 strike = Legs.strike(leg);
        if (Legs.isCall(leg)) {
          if (settlementPrice > strike) value += Legs.quantity(leg) * int256(settlementPrice - strike);
        } else if (settlementPrice < strike) {
          value += Legs.quantity(leg) * int256(strike - settlementPrice);
        }
      }
      uint256 divisor = MarketWords.den(scale);
      if (MarketWords.isInverse(scale)) divisor *= settlementPrice;
      return Rounding.divDown(value * int256(MarketWords.num(scale)), divisor);
    }
  }

  /// @dev P(x) = ⌈x · premium · num / den⌉ in tokens, per 1e8 in an inverse book, where a premium is a share of the lot.
  function premiumUp(uint256 units, int256 premium, uint256 scale) internal pure returns (int256) {
    // Unchecked: units < 2^64, |premium| ≤ 2^63, num < 2^64.
    unchecked {
      uint256 divisor = MarketWords.den(scale);
      if (MarketWords.isInverse(scale)) divisor *= PRICE_ONE;
      return Rounding.divUp(int256(units) * premium * int256(MarketWords.num(scale)), divisor);
    }
  }

  /// @dev One walk down the knots. Calls net to zero in a linear book, so V is flat behind the last strike; a vector whose
  ///      calls do not is walked again with its true slope there.
  function _requirementLinear(uint256[] memory legs, uint256 scale) private pure returns (uint256) {
    (int256 least, int256 calls) = _leastLinear(legs, 0);
    if (calls != 0) {
      if (calls < 0) return type(uint256).max;
      (least, ) = _leastLinear(legs, calls);
    }
    if (least >= 0) return 0;
    // Unchecked: see the bounds above.
    unchecked {
      return uint256(Rounding.divUp(-least * int256(MarketWords.num(scale)), MarketWords.den(scale)));
    }
  }

  /// @dev Least V(S) over 0 and the strikes, given V's slope behind the last one; and the sum of call quantities.
  function _leastLinear(uint256[] memory legs, int256 slope) private pure returns (int256 least, int256 calls) {
    int256 value;
    int256 atZero;
    // Unchecked: see the bounds above; legs is not empty.
    unchecked {
      uint256 i = legs.length;
      uint256 above = Legs.strike(legs.get(i - 1));
      do {
        uint256 leg = legs.get(--i);
        uint256 strike = Legs.strike(leg);
        int256 lots = Legs.quantity(leg);
        // Values relative to V(last strike), until V(0) is known.
        value -= slope * int256(above - strike);
        if (value < least) least = value;
        // Left of a strike the slope lacks its quantity: a call has not begun to rise, a put still falls.
        slope -= lots;
        if (Legs.isCall(leg)) calls += lots;
        else atZero += lots * int256(strike);
        above = strike;
      } while (i != 0);
      value -= slope * int256(above);
      if (value < least) least = value;
      least += atZero - value;
    }
  }

  /// @dev Calls only: V(K)/K at each knot, then the slope, which is what a lot is worth as S grows without bound.
  function _requirementInverse(uint256[] memory legs, uint256 scale) private pure returns (uint256) {
    int256 num = int256(MarketWords.num(scale));
    uint256 den = MarketWords.den(scale);
    int256 value;
    int256 slope;
    int256 need;
    uint256 previous;
    // Unchecked: see the bounds above.
    unchecked {
      for (uint256 i; i < legs.length; ++i) {
        uint256 leg = legs.get(i);
        uint256 strike = Legs.strike(leg);
        value += slope * int256(strike - previous);
        // ⌈a / b⌉ > need iff a > need · b: a product a strike, a division only where the need rises.
        // |V(K)| < 2^68 · K, so need · den < 2^133 and need · den · strike < 2^196.
        if (value < 0 && -value * num > need * int256(den * strike)) need = Rounding.divUp(-value * num, den * strike);
        slope += Legs.quantity(leg);
        previous = strike;
      }
      if (slope < 0 && -slope * num > need * int256(den)) need = Rounding.divUp(-slope * num, den);
    }
    return uint256(need);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceSource} from "../interfaces/IPriceSource.sol";

/// @title Prices
/// @notice From a network's number to a price: quote per 10^priceExp underlying, 8 decimals, 1..2^63−1.
library Prices {
  uint256 internal constant DECIMALS = 8;
  uint256 internal constant MAX = 2 ** 63 - 1;
  uint256 internal constant MAX_PRICE_EXP = 18;
  /// @dev Most decimals of an answer.
  uint256 internal constant MAX_DECIMALS = 36;
  /// @dev First answer that cannot be scaled. It is above MAX with any decimals: MAX_DECIMALS take 28 digits off.
  uint256 internal constant BOUND = 2 ** 160;

  uint256 private constant BPS = 10_000;

  /// @dev `answer`, with `decimals` decimals per underlying, at 8 decimals per 10^priceExp underlying, floored: 0 and
  ///      more than MAX are possible. answer < BOUND, priceExp ≤ MAX_PRICE_EXP, decimals ≤ MAX_DECIMALS.
  function scaled(uint256 answer, uint256 priceExp, uint256 decimals) internal pure returns (uint256) {
    // The exponents are within 0..28 and the product is below 2^160 · 10^26 < 2^247. Unchecked saves 160 gas of the
    // checked power.
    unchecked {
      uint256 up = DECIMALS + priceExp;
      return up < decimals ? answer / 10 ** (decimals - up) : answer * 10 ** (up - decimals);
    }
  }

  /// @dev A network's answer as a price.
  function ofAnswer(int256 answer, uint256 priceExp, uint256 decimals) internal pure returns (uint64) {
    if (answer <= 0 || uint256(answer) >= BOUND) revert IPriceSource.SourcePriceInvalid(answer);
    return inRange(scaled(uint256(answer), priceExp, decimals), answer);
  }

  /// @dev `price` if it is one. `answer` is what the network gave.
  function inRange(uint256 price, int256 answer) internal pure returns (uint64) {
    if (price == 0 || price > MAX) revert IPriceSource.SourcePriceInvalid(answer);
    return uint64(price);
  }

  /// @dev width / price in bps, rounded up; 65,535 stands for anything wider. price > 0, width < 2^240.
  function bps(uint256 width, uint256 price) internal pure returns (uint16) {
    return uint16(Math.min(Math.ceilDiv(width * BPS, price), type(uint16).max));
  }
}

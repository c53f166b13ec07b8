// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";

import {IUniswapPool} from "../interfaces/IUniswapPool.sol";
import {IUniswapTwap} from "../interfaces/IUniswapTwap.sol";
import {BoundedRead} from "./BoundedRead.sol";
import {Rounding} from "./Rounding.sol";

/// @title PoolTicks
/// @notice Mean ticks of a Uniswap v3 pool, and what they are as a ratio. Errors are those of `IUniswapTwap`.
library PoolTicks {
  using BoundedRead for uint256[];

  /// @dev Two offsets, the length of the first array and its two sums.
  uint256 private constant ANSWER_WORDS = 5;
  uint256 private constant FIRST_OFFSET = 64;
  uint256 private constant SUMS = 2;
  /// @dev Bytes of Error("OLD"), and its third word: the end of the length 3, and the string.
  uint256 private constant REFUSAL_SIZE = 100;
  bytes4 private constant REFUSAL = 0x08c379a0;
  bytes32 private constant OLD = bytes32(abi.encodePacked(uint32(3), "OLD"));
  /// @dev Square of 2^96, which a root price is a multiple of, and its parts when the square takes more than 256 bits.
  uint256 private constant Q192 = 2 ** 192;
  uint256 private constant Q128 = 2 ** 128;
  uint256 private constant Q64 = 2 ** 64;

  /// @dev The mean tick from `longAgo` to `ago`, seconds before now, rounded toward −∞. longAgo > ago.
  function meanTick(address pool, uint32 longAgo, uint32 ago) internal view returns (int24) {
    uint32[] memory times = new uint32[](SUMS);
    (times[0], times[1]) = (longAgo, ago);
    uint256[] memory words = new uint256[](ANSWER_WORDS);
    (bool ok, uint256 size) = words.intoAtAnyGas(pool, abi.encodeCall(IUniswapPool.observe, (times)));
    if (!ok && _isOld(words, size)) revert IUniswapTwap.WindowNotCovered(longAgo);
    int256 from = int256(words[3]);
    int256 to = int256(words[4]);
    ok = ok && size == ANSWER_WORDS * 32 && words[0] == FIRST_OFFSET && words[2] == SUMS;
    if (!ok || from != int56(from) || to != int56(to)) revert IUniswapTwap.PoolUnreadable(pool);
    int256 tick = Rounding.divDown(to - from, longAgo - ago);
    if (tick < TickMath.MIN_TICK || tick > TickMath.MAX_TICK) revert IUniswapTwap.TickOutOfRange(tick);
    return int24(tick);
  }

  /// @dev ⌊1.0001^tick · factor⌋, as exact as the pool's own root price; the largest word if it is beyond.
  function ratio(int24 tick, uint256 factor) internal pure returns (uint256) {
    uint256 root = TickMath.getSqrtPriceAtTick(tick);
    return root < Q128 ? _mulDiv(root * root, factor, Q192) : _mulDiv(Math.mulDiv(root, root, Q64), factor, Q128);
  }

  function _mulDiv(uint256 a, uint256 b, uint256 denominator) private pure returns (uint256) {
    (uint256 high, ) = Math.mul512(a, b);
    return high < denominator ? Math.mulDiv(a, b, denominator) : type(uint256).max;
  }

  function _isOld(uint256[] memory words, uint256 size) private pure returns (bool) {
    return size == REFUSAL_SIZE && bytes4(bytes32(words[0])) == REFUSAL && bytes32(words[2]) == OLD;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IUniswapTwap
/// @notice The geometric mean of a Uniswap v3 pool's price over a window up to now. A guard: compared, never counted.
/// @dev Anyone may call. Takes no payload and no fee, and is read: it is a push source. Has no values of the past that
///      prove anything, because a pool keeps no more observations than somebody paid for. The read of the pool is
///      bounded at 150,000 gas. In `SourcePriceInvalid` the pool's number is the mean tick.
///
///      The mean tick, Σ tick · seconds / seconds, is rounded toward −∞; the price is 1.0001^tick of it, seen from the base
///      token, at 8 decimals by the tokens' decimals at making, floored. A window that the pool has not kept is an error,
///      never a shorter window: somebody raises the pool's cardinality (`increaseObservationCardinalityNext`), to 151
///      or more for half an hour of a block in 12 s.
interface IUniswapTwap is IPriceSource {
  /// @notice The pool does not read, or what it answers is no pair of sums.
  /// @dev Name an initialised Uniswap v3 pool; if it is one, try again.
  /// @param pool The pool.
  error PoolUnreadable(address pool);

  /// @notice The base token is none of the pool's two.
  /// @dev Name one of the pool's tokens.
  /// @param token The token.
  error TokenNotInPool(address token);

  /// @notice `decimals()` of a token does not read.
  /// @dev Name a pool of tokens that say their decimals.
  /// @param token The token.
  error TokenDecimalsUnreadable(address token);

  /// @notice The window is empty, or ends after now.
  /// @dev Name a window with from < to ≤ now.
  /// @param from Its beginning, unix seconds.
  /// @param to Its end, unix seconds.
  error WindowInvalid(uint256 from, uint256 to);

  /// @notice The pool has not kept its observations that far back.
  /// @dev Raise the pool's cardinality and wait for the length of a window.
  /// @param secondsAgo How far back the window begins.
  error WindowNotCovered(uint256 secondsAgo);

  /// @notice The mean tick is none that a pool can have.
  /// @dev The pool is no Uniswap v3 pool: name one.
  /// @param tick The tick.
  error TickOutOfRange(int256 tick);

  /// @notice The mean over a window, for people to look at; nothing settles on it.
  /// @param from The window's beginning, unix seconds.
  /// @param to Its end, unix seconds, now or before.
  /// @return price Quote per 10^priceExp underlying, 8 decimals.
  /// @return tick The mean tick, token1 per token0, rounded toward −∞.
  function observeAt(uint40 from, uint40 to) external view returns (uint64 price, int24 tick);

  /// @notice What is read.
  /// @return pool The pool.
  /// @return baseToken The token that is priced.
  /// @return window Length of the window up to now, seconds.
  function observed() external view returns (address pool, address baseToken, uint32 window);
}

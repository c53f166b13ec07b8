// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IUniswapPool
/// @notice The part of a Uniswap v3 pool that is read.
/// @dev Only the selectors are used: every read is bounded and its words are checked.
interface IUniswapPool {
  /// @notice The token with the lower address.
  function token0() external view returns (address);

  /// @notice The token with the higher address.
  function token1() external view returns (address);

  /// @notice Sums of the tick over time.
  /// @param secondsAgos Seconds before the block's time, for each sum.
  /// @return tickCumulatives Sum of tick · seconds up to then.
  /// @return secondsPerLiquidityCumulativeX128s Not used.
  function observe(
    uint32[] calldata secondsAgos
  ) external view returns (int56[] memory tickCumulatives, uint160[] memory secondsPerLiquidityCumulativeX128s);
}

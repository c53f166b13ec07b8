// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IUniswapPool} from "../interfaces/IUniswapPool.sol";

/// @notice What a trader does with a Uniswap v3 pool.
interface ITradedPool is IUniswapPool {
  /// @notice Adds liquidity.
  function mint(
    address recipient,
    int24 tickLower,
    int24 tickUpper,
    uint128 amount,
    bytes calldata data
  ) external returns (uint256 amount0, uint256 amount1);

  /// @notice Trades up to a price.
  function swap(
    address recipient,
    bool zeroForOne,
    int256 amountSpecified,
    uint160 sqrtPriceLimitX96,
    bytes calldata data
  ) external returns (int256 amount0, int256 amount1);
}

/// @title PoolTrader
/// @notice Provides liquidity to Uniswap v3 pools and trades with them, out of its own tokens. For tests.
contract PoolTrader {
  using SafeERC20 for IERC20;

  /// @notice Adds liquidity between two ticks.
  function provide(ITradedPool pool, int24 lower, int24 upper, uint128 amount) external {
    pool.mint(address(this), lower, upper, amount, "");
  }

  /// @notice Trades until the pool is at a price, or has no more to give for `most`.
  function move(ITradedPool pool, bool zeroForOne, uint160 sqrtPriceX96, int256 most) external {
    pool.swap(address(this), zeroForOne, most, sqrtPriceX96, "");
  }

  /// @notice Pays the pool for liquidity.
  function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
    IERC20(IUniswapPool(msg.sender).token0()).safeTransfer(msg.sender, amount0);
    IERC20(IUniswapPool(msg.sender).token1()).safeTransfer(msg.sender, amount1);
  }

  /// @notice Pays the pool for a trade.
  function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
    IUniswapPool pool = IUniswapPool(msg.sender);
    if (amount0 > 0) IERC20(pool.token0()).safeTransfer(msg.sender, uint256(amount0));
    if (amount1 > 0) IERC20(pool.token1()).safeTransfer(msg.sender, uint256(amount1));
  }
}

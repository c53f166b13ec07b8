// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IChainlinkSettlement} from "../../interfaces/IChainlinkSettlement.sol";
import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {IUniswapPool} from "../../interfaces/IUniswapPool.sol";
import {IUniswapTwap} from "../../interfaces/IUniswapTwap.sol";
import {BoundedRead} from "../../libraries/BoundedRead.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {PoolTicks} from "../../libraries/PoolTicks.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Source} from "./Source.sol";

/// @title UniswapTwap
/// @notice The mean price of a Uniswap v3 pool up to now, as a guard. Rules in docs/oracles.md.
contract UniswapTwap is IUniswapTwap, Source {
  using BoundedRead for address;

  uint256 private constant ADDRESS_BITS = 160;
  uint256 private constant DECIMALS_BITS = 8;
  uint24 private constant FORM = Forms.MAXIMAL | 1;

  address private immutable _POOL;
  address private immutable _BASE_TOKEN;
  uint32 private immutable _WINDOW;
  /// @dev Whether the base token is the pool's token0: ticks are of token1 per token0.
  bool private immutable _IS_TOKEN0;
  uint8 private immutable _BASE_DECIMALS;
  uint8 private immutable _QUOTE_DECIMALS;

  /// @param pool The pool.
  /// @param baseToken The one of its tokens that is priced.
  /// @param window Length of the window up to now, seconds.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that a price refers to, at most 18.
  /// @param maxAge Seconds up to which a reading counts.
  constructor(
    address pool,
    address baseToken,
    uint32 window,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge
  )
    Source(
      SourceTerms({
        classes: Classes.GUARD,
        push: true,
        priceExp: priceExp,
        maxAge: maxAge,
        maxAhead: 0,
        base: base,
        quote: quote
      })
    )
  {
    _requireCode(pool);
    address token0 = _tokenOf(pool, IUniswapPool.token0.selector);
    address token1 = _tokenOf(pool, IUniswapPool.token1.selector);
    if (baseToken != token0 && baseToken != token1) revert TokenNotInPool(baseToken);
    if (window == 0) revert WindowInvalid(block.timestamp, block.timestamp);
    (_POOL, _BASE_TOKEN, _WINDOW) = (pool, baseToken, window);
    _IS_TOKEN0 = baseToken == token0;
    _BASE_DECIMALS = _decimalsOf(baseToken);
    _QUOTE_DECIMALS = _decimalsOf(baseToken == token0 ? token1 : token0);
  }

  function _tokenOf(address pool, bytes4 selector) private view returns (address) {
    (bool ok, uint256 token) = pool.word(selector, ADDRESS_BITS);
    if (!ok) revert PoolUnreadable(pool);
    return address(uint160(token));
  }

  function _decimalsOf(address token) private view returns (uint8) {
    (bool ok, uint256 decimals) = token.word(IERC20Metadata.decimals.selector, DECIMALS_BITS);
    if (!ok) revert TokenDecimalsUnreadable(token);
    if (decimals > Prices.MAX_DECIMALS) revert IChainlinkSettlement.DecimalsTooLarge(decimals, Prices.MAX_DECIMALS);
    return uint8(decimals);
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _requireFee(0);
    _requireNoPayload(payload);
    reading.price = _price(PoolTicks.meanTick(_POOL, _WINDOW, 0));
    reading.time = uint40(block.timestamp);
    reading.form = FORM;
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40, bytes calldata) external payable returns (uint64, uint24) {
    revert NoPastValues();
  }

  /// @dev The price of the base token at a tick.
  function _price(int24 tick) private view returns (uint64) {
    // Quote of 10^(8 + priceExp) bases, in base units of the quote token, before they are taken off again. The
    // exponents are at most 8 + 18 + 36, so the factor is below 2^206.
    uint256 up = Prices.DECIMALS + _PRICE_EXP + _BASE_DECIMALS;
    uint256 price =
      up < _QUOTE_DECIMALS
        ? PoolTicks.ratio(_IS_TOKEN0 ? tick : -tick, 1) / 10 ** (_QUOTE_DECIMALS - up)
        : PoolTicks.ratio(_IS_TOKEN0 ? tick : -tick, 10 ** (up - _QUOTE_DECIMALS));
    return Prices.inRange(price, tick);
  }

  /* VIEWS */

  /// @inheritdoc IUniswapTwap
  function observeAt(uint40 from, uint40 to) external view returns (uint64 price, int24 tick) {
    if (from >= to || to > block.timestamp) revert WindowInvalid(from, to);
    tick = PoolTicks.meanTick(_POOL, uint32(block.timestamp - from), uint32(block.timestamp - to));
    return (_price(tick), tick);
  }

  /// @inheritdoc IUniswapTwap
  function observed() external view returns (address pool, address baseToken, uint32 window) {
    return (_POOL, _BASE_TOKEN, _WINDOW);
  }
}

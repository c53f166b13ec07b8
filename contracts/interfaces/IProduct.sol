// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IProduct
/// @notice Two sources whose units chain as one: a's price in b's underlying times b's price of that.
/// @dev Anyone may call. Pushed if both legs are; then `latest` takes no payload. Otherwise its payload, and that of
///      `valueAt` always, is abi.encode(bytes payloadA, bytes payloadB, uint256 feeA): leg a is sent feeA of the value, leg
///      b the rest, and each wants exactly its own fee. What a leg reverts with comes through as it is.
interface IProduct is IPriceSource {
  /// @notice What the first leg is priced in is not what the second one prices.
  /// @dev Name legs like ETH/BTC and BTC/USD, in this order.
  /// @param quote What leg a is priced in.
  /// @param base What leg b prices.
  error UnitsDoNotChain(bytes32 quote, bytes32 base);

  /// @notice A guard cannot be a leg.
  /// @dev Name a source that votes.
  /// @param leg 0 for a, 1 for b.
  error LegIsGuard(uint256 leg);

  /// @notice Together the legs refer to too large a power of ten of underlying.
  /// @dev Name legs whose exponents add up to no more than `max`.
  /// @param priceExp Sum of the legs' exponents.
  /// @param max Largest allowed.
  error ProductExpTooLarge(uint256 priceExp, uint256 max);

  /// @notice The reading of a leg is older than that leg's readings may be.
  /// @dev Bring a newer one; if the leg is pushed, wait for its next round.
  /// @param leg 0 for a, 1 for b.
  /// @param age Seconds since the reading's time.
  /// @param maxAge Largest allowed.
  error LegTooOld(uint256 leg, uint256 age, uint256 maxAge);

  /// @notice The first leg is to be sent more than there is.
  /// @dev Send the sum of both fees.
  /// @param feeA Asked for leg a, wei.
  /// @param sent Value of the call, wei.
  error FeeBeyondValue(uint256 feeA, uint256 sent);

  /// @notice The two sources.
  /// @return a The first leg.
  /// @return b The second leg.
  function legs() external view returns (address a, address b);
}

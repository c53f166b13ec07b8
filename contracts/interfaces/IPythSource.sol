// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IPythSource
/// @notice A price feed of the Pyth network as a source: what a signed update says.
/// @dev Anyone may call. The payload is abi.encode(bytes[] updateData), as the network hands it out; the value sent is the
///      update fee, `fee`. A value of an instant is the first update published in the 5 s from it on: the network signs the
///      time of the update before each along with it, so there is one at most. An update that does not verify, or is
///      none of the feed and the time, reverts with Pyth's own error (`PriceFeedNotFoundWithinRange` and others).
///
///      Pyth's verifying contract is not on npm. This source is tested against the mock of Pyth's SDK only, which
///      checks feed, time and uniqueness but no signature. Name only a contract that tells the first update by the
///      signed time of the one before; one that goes by the prices it has stored would let the caller choose.
interface IPythSource is IPriceSource {
  /// @notice The exponent is none that a source can be made with.
  /// @dev Name the feed's own exponent, within −18..0.
  /// @param exponent Asked for.
  error ExponentOutOfRange(int256 exponent);

  /// @notice The feed's exponent is not the one the source was made with; none of its prices is rescaled.
  /// @dev Make another source for the new exponent.
  /// @param frozen Exponent at making.
  /// @param current Exponent of the update.
  error ExponentChanged(int256 frozen, int256 current);

  /// @notice What the use of an update costs now: the value to send with it.
  /// @param payload abi.encode(bytes[] updateData).
  /// @return Native coin, wei.
  function fee(bytes calldata payload) external view returns (uint256);

  /// @notice What verifies the updates.
  /// @return Pyth's contract.
  function pyth() external view returns (address);

  /// @notice The feed whose updates count.
  /// @return Its id.
  function priceId() external view returns (bytes32);

  /// @notice Power of ten of the feed's prices when the source was made; with another it is refused.
  /// @return −18..0.
  function exponent() external view returns (int32);
}

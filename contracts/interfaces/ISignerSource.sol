// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title ISignerSource
/// @notice A source whose prices are medians of what a set of signers observed at one time.
/// @dev A payload names the signers it brings by a bitmap, bit i for `signers()[i]`. The form of a value is maximal if all
///      of them signed; its rank is `count << 16 | 0xffff − bitmap`, so more signers win, then the lower bitmap. Takes no
///      fee and states no confidence.
interface ISignerSource is IPriceSource {
  /* MAKING */

  /// @notice The number of signers is outside its bounds, or is none that the source can have.
  /// @dev Name between `min` and `max` signers; own signers are 4, 7, 10, 13 or 16.
  /// @param count Number of signers given.
  /// @param min Fewest.
  /// @param max Most.
  error SignerCountInvalid(uint256 count, uint256 min, uint256 max);

  /// @notice A signer is the zero address.
  /// @dev Name the signer.
  /// @param index Its place in the list.
  error SignerZero(uint256 index);

  /// @notice A signer is listed twice.
  /// @dev Name each signer once.
  /// @param signer The signer.
  /// @param index The place at which it is listed again.
  error SignerRepeated(address signer, uint256 index);

  /* READING */

  /// @notice The bitmap names signers that the source does not have.
  /// @dev Clear the bits from `signers` on.
  /// @param bitmap The bitmap.
  /// @param signers Number of signers of the source.
  error BitmapTooWide(uint256 bitmap, uint256 signers);

  /// @notice The payload brings fewer signers than make a value.
  /// @dev Add observations of more signers, for the same time.
  /// @param count Number of signers in the bitmap.
  /// @param needed Fewest that make a value.
  error TooFewSigners(uint256 count, uint256 needed);

  /// @notice The signers, in the order of the bits. Anyone.
  /// @return list At most 16 addresses; constant.
  function signers() external view returns (address[] memory list);

  /// @notice Fewest signers that make a value. Anyone.
  /// @return count Number of signers; constant.
  function quorum() external view returns (uint256 count);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISignerSource} from "./ISignerSource.sol";

/// @title IRedStone
/// @notice Prices of RedStone's signers: the median of the packages of the signers that the payload claims.
/// @dev The payload is exactly abi.encode(uint16 bitmap, bytes packages), where `packages` is what RedStone's connector
///      wants at the end of the calldata. The connector takes the first signers it meets; here each claimed signer must
///      have exactly one package and nobody else any, all of one time in milliseconds, so that the value does not
///      depend on the order of the packages. What the connector itself refuses it refuses with its own errors.
///      The network's value is of one whole underlying with a fixed number of decimals.
interface IRedStone is ISignerSource {
  /* MAKING */

  /// @notice The fewest signers that make a value are none, or more than there are.
  /// @dev Choose a threshold between 1 and `signers`; more than half of them, so that honest ones decide.
  /// @param threshold Fewest signers.
  /// @param signers Number of signers.
  error ThresholdInvalid(uint256 threshold, uint256 signers);

  /* READING */

  /// @notice The payload is no abi.encode(uint16, bytes) without gaps or additions.
  /// @dev Encode it as `scripts/lib/oracle/redstone.ts` does.
  /// @param length Its length in bytes.
  error PackagesMalformed(uint256 length);

  /// @notice There is not one package for each claimed signer.
  /// @dev Leave out the packages that are too many, or claim their signers.
  /// @param packages Number of packages.
  /// @param signers Number of claimed signers.
  error PackagesMismatch(uint256 packages, uint256 signers);

  /// @notice A package is not of a claimed signer.
  /// @dev Claim the signer, or leave its package out; a signer that is not in `signers()` cannot be claimed.
  /// @param signer Who signed the package.
  error SignerNotClaimed(address signer);

  /* VIEWS */

  /// @notice RedStone's name of the feed. Anyone.
  /// @return id For example "ETH", padded with zeros to the right; constant.
  function dataFeedId() external view returns (bytes32 id);

  /// @notice Decimals of the network's values. Anyone.
  /// @return count Number of decimals; constant.
  function decimals() external view returns (uint8 count);

  /// @notice The median of the packages that are appended to the calldata. Anyone; a function of the calldata alone.
  /// @dev The source calls this on itself, because the connector reads the end of the calldata. The packages must be of
  ///      exactly the claimed signers. Reverts with BitmapTooWide, TooFewSigners, PackagesMismatch, SignerNotClaimed and
  ///      with what the connector reverts with.
  /// @param bitmap The claimed signers, a bit each.
  /// @return value The median as the connector forms it, in the network's decimals.
  /// @return milliseconds Unix time of all packages, in milliseconds.
  function medianOf(uint16 bitmap) external view returns (uint256 value, uint256 milliseconds);
}

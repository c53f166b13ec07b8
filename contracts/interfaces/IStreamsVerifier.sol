// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IStreamsVerifier
/// @notice The part of Chainlink's proxy for the verification of Data Streams that is used.
interface IStreamsVerifier {
  /// @notice Reverts unless the report was signed by f + 1 of the oracles of an active configuration.
  /// @param payload abi.encode(bytes32[3] context, bytes report, bytes32[] rs, bytes32[] ss, bytes32 vs).
  /// @param parameterPayload abi.encode(address feeToken).
  /// @return report The report.
  function verify(
    bytes calldata payload,
    bytes calldata parameterPayload
  ) external payable returns (bytes memory report);

  /// @notice What takes the fees, or 0 when there are none.
  function s_feeManager() external view returns (IStreamsFeeManager); // solhint-disable-line func-name-mixedcase
}

/// @title IStreamsFeeManager
/// @notice The part of Chainlink's fee manager that is used.
interface IStreamsFeeManager {
  struct Asset {
    address assetAddress;
    uint256 amount;
  }

  /// @notice What the verification of a report costs. Reverts for a report that has expired.
  /// @param subscriber Who calls the verifier.
  /// @param report The report, without signatures.
  /// @param quoteAddress Token of the fee.
  /// @return fee What is to be paid.
  /// @return reward Not used.
  /// @return discount Not used.
  function getFeeAndReward(
    address subscriber,
    bytes calldata report,
    address quoteAddress
  ) external view returns (Asset memory fee, Asset memory reward, uint256 discount);
}

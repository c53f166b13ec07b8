// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IDataStreams
/// @notice A feed of Chainlink's Data Streams as a source: what a signed report of version 3 says.
/// @dev Anyone may call. The payload is what the network hands out, abi.encode(bytes32[3] context, bytes report,
///      bytes32[] rs, bytes32[] ss, bytes32 vs); `scripts/lib/oracle/dataStreams.ts` encodes and signs such. The value sent
///      is the verifier's fee in native coin, `fee`. Where the verifier takes fees it refuses a report after its
///      `expiresAt`, so a value of the past is to be had only until then; where it takes none, for good. A report that
///      does not verify reverts with the verifier's own error.
interface IDataStreams is IPriceSource {
  /// @notice The feed is not one of version 3 reports.
  /// @dev Name a feed whose id begins with 0x0003.
  /// @param feedId The feed.
  error FeedVersionUnknown(bytes32 feedId);

  /// @notice The report is of another feed.
  /// @dev Bring a report of the source's own feed.
  /// @param given Feed of the report.
  /// @param wanted The source's feed.
  error ReportOfOtherFeed(bytes32 given, bytes32 wanted);

  /// @notice Bid, price and ask of the report are not in this order.
  /// @dev Bring another report.
  /// @param bid The bid, 18 decimals.
  /// @param price The price, 18 decimals.
  /// @param ask The ask, 18 decimals.
  error SpreadInvalid(int256 bid, int256 price, int256 ask);

  /// @notice The report speaks of too long a time to be a value of an instant.
  /// @dev Bring one whose observations are at most `max` after its valid-from.
  /// @param width Seconds from the report's valid-from to its observations.
  /// @param max Largest allowed.
  error ReportTooWide(uint256 width, uint256 max);

  /// @notice What the verification of a report costs now: the value to send with it.
  /// @dev Reverts as the fee manager does, e.g. for a report that has expired.
  /// @param payload The signed report.
  /// @return Native coin, wei.
  function fee(bytes calldata payload) external view returns (uint256);

  /// @notice What verifies the reports.
  /// @return The proxy of the verifiers.
  function verifierProxy() external view returns (address);

  /// @notice The feed whose reports count.
  /// @return Its id.
  function feedId() external view returns (bytes32);

  /// @notice The token in whose name fees are paid: the chain's wrapped native coin.
  /// @return The token.
  function feeToken() external view returns (address);
}

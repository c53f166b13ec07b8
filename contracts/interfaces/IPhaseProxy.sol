// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IPhaseProxy
/// @notice The part of a Chainlink feed proxy that settlement reads.
/// @dev A proxy round id is phase << 64 | aggregator round. Only the selectors are used: every read is bounded and its
///      words are checked, see `BoundedRead`.
interface IPhaseProxy {
  /// @notice The latest round of the current phase.
  /// @return roundId Proxy round id.
  /// @return answer Price with `decimals()` decimals.
  /// @return startedAt Not used.
  /// @return updatedAt Unix time of the answer, in seconds.
  /// @return answeredInRound Proxy id of the round in which the answer was computed.
  function latestRoundData()
    external
    view
    returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

  /// @notice A past round of any phase.
  /// @dev A missing round reverts or answers zeros, depending on the aggregator.
  /// @param id Proxy round id.
  /// @return roundId Proxy round id.
  /// @return answer Price with the decimals of that phase's aggregator.
  /// @return startedAt Not used.
  /// @return updatedAt Unix time of the answer, in seconds.
  /// @return answeredInRound Proxy id of the round in which the answer was computed.
  function getRoundData(
    uint80 id
  ) external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);

  /// @notice Decimals of the current phase's answers.
  function decimals() external view returns (uint8);

  /// @notice The current phase.
  function phaseId() external view returns (uint16);

  /// @notice The aggregator of a phase, or 0.
  /// @param phase Phase, from 1 on.
  function phaseAggregators(uint16 phase) external view returns (address);

  /// @notice Of a proxy: the latest proxy round id. Of an aggregator: its latest round number, without a phase.
  function latestRound() external view returns (uint256);
}

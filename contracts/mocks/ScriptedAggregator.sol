// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ScriptedAggregator
/// @notice An aggregator whose rounds are written as a test wants them: incomplete, missing, out of order.
/// @dev A round that was never written reverts or answers zeros, as the test says: real aggregators do either. With a
///      reader set, it answers that reader alone, as production aggregators answer their proxy.
contract ScriptedAggregator {
  struct Round {
    int256 answer;
    uint256 updatedAt;
    uint80 answeredInRound;
  }

  /// @notice Decimals of the answers.
  uint8 public decimals;
  /// @notice Whether a round that was never written reverts, rather than being zeros.
  bool public missingReverts;
  /// @notice The one reader that gets answers, or 0 for everyone.
  address public reader;
  uint256 private _latestRound;
  mapping(uint256 id => Round round) private _rounds;

  error NoAccess(address caller);
  error NoDataPresent();

  /// @dev Only the reader, if there is one.
  modifier checkAccess() {
    if (reader != address(0) && msg.sender != reader) revert NoAccess(msg.sender);
    _;
  }

  constructor(uint8 initialDecimals, bool initialMissingReverts) {
    decimals = initialDecimals;
    missingReverts = initialMissingReverts;
  }

  /// @notice Changes the decimals.
  function setDecimals(uint8 newDecimals) external {
    decimals = newDecimals;
  }

  /// @notice Answers this reader alone from now on; 0 for everyone.
  function setReader(address newReader) external {
    reader = newReader;
  }

  /// @notice Claims a latest round without writing it.
  function setLatestRound(uint256 newLatestRound) external {
    _latestRound = newLatestRound;
  }

  /// @notice Writes a complete round and makes it the latest.
  function publish(uint256 id, int256 answer, uint256 updatedAt) external {
    _rounds[id] = Round({answer: answer, updatedAt: updatedAt, answeredInRound: uint80(id)});
    _latestRound = id;
  }

  /// @notice Writes rounds from `first` on and makes the last of them the latest.
  function script(uint256 first, Round[] calldata rounds) external {
    for (uint256 i = 0; i < rounds.length; ++i) _rounds[first + i] = rounds[i];
    _latestRound = first + rounds.length - 1;
  }

  /// @notice Number of the latest round.
  function latestRound() external view checkAccess returns (uint256) {
    return _latestRound;
  }

  /// @notice A round, in Chainlink's five words.
  function getRoundData(
    uint80 id
  )
    public
    view
    checkAccess
    returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
  {
    Round memory round = _rounds[id];
    if (missingReverts && round.updatedAt == 0 && round.answer == 0) revert NoDataPresent();
    return (id, round.answer, round.updatedAt, round.updatedAt, round.answeredInRound);
  }

  /// @notice The latest round, in Chainlink's five words.
  function latestRoundData()
    external
    view
    returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound)
  {
    return getRoundData(uint80(_latestRound));
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, Reading, SourceTerms} from "../interfaces/IPriceSource.sol";

/// @title ScriptedSource
/// @notice A price source that says what a test tells it: through the payload, or, read without one, what was set.
contract ScriptedSource is IPriceSource {
  SourceTerms private _terms;
  Reading private _reading;
  /// @notice Fee that both reading functions want, in wei.
  uint256 public fee;
  /// @notice Whether every reading reverts.
  bool public broken;

  error Broken();

  constructor(SourceTerms memory terms) {
    _terms = terms;
  }

  /// @notice Sets what a reading without a payload says.
  function say(Reading calldata reading) external {
    _reading = reading;
  }

  /// @notice Breaks the source or mends it.
  function setBroken(bool newBroken) external {
    broken = newBroken;
  }

  /// @notice Sets the fee.
  function setFee(uint256 newFee) external {
    fee = newFee;
  }

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _check();
    return payload.length == 0 ? _reading : abi.decode(payload, (Reading));
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    _check();
    uint40 proven;
    (proven, price, form) = abi.decode(payload, (uint40, uint64, uint24));
    if (proven != time) revert ProofForOtherTime(proven, time);
  }

  /// @inheritdoc IPriceSource
  function describe() external view returns (SourceTerms memory terms) {
    return _terms;
  }

  function _check() private view {
    if (broken) revert Broken();
    if (msg.value != fee) revert WrongFee(msg.value, fee);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Sequence
/// @notice Makes several calls in one transaction and keeps the outcome of each: what a contract that owns accounts does, and
///         what shows that nothing transient outlives a call.
contract Sequence {
  /// @notice What a call came to.
  struct Outcome {
    bool success;
    bytes answer;
  }

  /// @notice The outcomes, in the order of the calls.
  event Ran(Outcome[] outcomes);

  /// @notice Makes the calls; one that fails stops nothing.
  function run(address[] calldata targets, bytes[] calldata calls) external returns (Outcome[] memory outcomes) {
    outcomes = new Outcome[](calls.length);
    for (uint256 i = 0; i < calls.length; ++i) {
      // Any call, whatever it does, is the point here.
      // solhint-disable-next-line avoid-low-level-calls
      (outcomes[i].success, outcomes[i].answer) = targets[i].call(calls[i]);
    }
    emit Ran(outcomes);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Reenterer} from "./Reenterer.sol";

/// @title ScriptedManager
/// @notice An access manager that lets everyone pass, at once or after a "delay", and calls back once armed.
contract ScriptedManager is Reenterer {
  /// @notice True: `canCall` answers with a delay, so that the scheduled operation is consumed.
  bool public delayed;

  /// @notice Chooses the path.
  function setDelayed(bool yes) external {
    delayed = yes;
  }

  /// @notice Whether a caller may call; a static call.
  function canCall(address, address, bytes4) external view returns (bool immediate, uint32 delay) {
    if (delayed) return (false, 1);
    _requireRefused();
    return (true, 0);
  }

  /// @notice Takes note of a scheduled operation.
  function consumeScheduledOp(address, bytes calldata) external {
    _reenter();
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertusErrors} from "../interfaces/ICertusErrors.sol";

/// @title Reenterer
/// @notice Foreign code that calls back into the ledger with whatever calldata a test gives it, and keeps what it was told.
abstract contract Reenterer {
  address private _target;
  bytes[] private _calls;
  bytes4[] private _answers;
  bool private _forwarding;

  /// @notice A call back was not refused with `InExternalCall`.
  error NotRefused(uint256 index, bytes answer);

  /// @notice From now on every hook makes these calls.
  function arm(address target, bytes[] calldata calls) external {
    delete _answers;
    (_target, _calls) = (target, calls);
  }

  /// @notice From now on a call back that reverts makes its hook revert with the same words, as a careless contract does.
  function setForwarding(bool yes) external {
    _forwarding = yes;
  }

  /// @notice What the calls made since answered: the first four bytes of a revert, or 0 for success.
  function answers() external view returns (bytes4[] memory) {
    return _answers;
  }

  /// @dev Calls back and keeps the answers. Disarmed meanwhile, so that a ledger without a guard would not loop.
  function _reenter() internal {
    address target = _target;
    if (target == address(0)) return;
    _target = address(0);
    for (uint256 i = 0; i < _calls.length; ++i) {
      // Any call, whatever it does, is the point here.
      // solhint-disable-next-line avoid-low-level-calls
      (bool success, bytes memory answer) = target.call(_calls[i]);
      _answers.push(success ? bytes4(0) : bytes4(answer));
      if (!success && _forwarding) _revert(answer);
    }
    _target = target;
  }

  /// @dev For hooks that run in a static call and can keep nothing: reverts unless every call back is refused.
  function _requireRefused() internal view {
    if (_target == address(0)) return;
    for (uint256 i = 0; i < _calls.length; ++i) _requireRefusal(_target, _calls[i], i);
  }

  function _requireRefusal(address target, bytes memory call, uint256 index) internal view {
    (bool success, bytes memory answer) = target.staticcall(call);
    if (success || keccak256(answer) != keccak256(abi.encodeWithSelector(ICertusErrors.InExternalCall.selector))) {
      revert NotRefused(index, answer);
    }
  }

  function _revert(bytes memory answer) private pure {
    assembly ("memory-safe") {
      revert(add(answer, 0x20), mload(answer))
    }
  }
}

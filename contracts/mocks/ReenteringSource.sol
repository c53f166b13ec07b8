// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPriceSource, Reading, SourceTerms} from "../interfaces/IPriceSource.sol";

/// @title ReenteringSource
/// @notice A price source that calls back, as a test tells it, before it answers. A call back that fails makes it fail alike.
contract ReenteringSource is IPriceSource {
  SourceTerms private _terms;
  Reading private _reading;
  address private _target;
  bytes private _call;

  constructor(SourceTerms memory terms) {
    _terms = terms;
  }

  /// @notice Sets what a reading without a payload says.
  function say(Reading calldata reading) external {
    _reading = reading;
  }

  /// @notice From now on every reading makes this call first; 0 for none.
  function arm(address target, bytes calldata call) external {
    (_target, _call) = (target, call);
  }

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _callBack();
    return payload.length == 0 ? _reading : abi.decode(payload, (Reading));
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    _callBack();
    (, price, form) = abi.decode(payload, (uint40, uint64, uint24));
  }

  /// @inheritdoc IPriceSource
  function describe() external view returns (SourceTerms memory terms) {
    return _terms;
  }

  function _callBack() private {
    if (_target == address(0)) return;
    // Any call, whatever it does, is the point here.
    // solhint-disable-next-line avoid-low-level-calls
    (bool success, bytes memory answer) = _target.call(_call);
    if (success) return;
    assembly ("memory-safe") {
      revert(add(answer, 0x20), mload(answer))
    }
  }
}

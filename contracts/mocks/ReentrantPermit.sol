// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Reenterer} from "./Reenterer.sol";

/// @title ReentrantPermit
/// @notice A token that is shown a permit and calls back once armed; it holds nothing.
contract ReentrantPermit is Reenterer {
  /// @notice Takes any permit.
  function permit(address, address, uint256, uint256, uint8, bytes32, bytes32) external {
    _reenter();
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {Reenterer} from "./Reenterer.sol";
import {TestToken} from "./TestToken.sol";

/// @title ReentrantToken
/// @notice A token with hooks, as ERC-777 has them: once armed it calls back on every transfer, or whenever its balance
///         is read.
contract ReentrantToken is TestToken, Reenterer {
  /// @notice True: call back when a balance is read; false: when tokens move.
  bool public onRead;

  constructor() TestToken("Reentrant", "RE", 6) {}

  /// @notice Chooses the hook.
  function setOnRead(bool newOnRead) external {
    onRead = newOnRead;
  }

  /// @inheritdoc ERC20
  function balanceOf(address account) public view override returns (uint256) {
    if (onRead) _requireRefused();
    return super.balanceOf(account);
  }

  function _update(address from, address to, uint256 value) internal override {
    super._update(from, to, value);
    if (!onRead) _reenter();
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {CallContext} from "./CallContext.sol";

/// @title Tokens
/// @notice The only file that moves ERC-20 tokens.
abstract contract Tokens is CallContext {
  using SafeERC20 for IERC20;

  /// @dev Takes exactly `amount` from msg.sender, or reverts: fees and moving balances have no place in a ledger.
  function _pull(address token, uint256 amount) internal foreign {
    uint256 before = IERC20(token).balanceOf(address(this));
    IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
    uint256 current = IERC20(token).balanceOf(address(this));
    uint256 received = current > before ? current - before : 0;
    if (received != amount) revert TransferMismatch(token, received, amount);
  }

  /// @dev Sends; what the ledger owes was written down before.
  function _push(address token, address to, uint256 amount) internal foreign {
    IERC20(token).safeTransfer(to, amount);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ILibraryErrors
/// @notice Errors of the libraries that the ledger is built with, so that one ABI decodes every revert. Those of OpenZeppelin are
///         repeated here.
interface ILibraryErrors {
  /* PACKAGES AS TOKENS: OPENZEPPELIN'S ERC6909 */

  /// @notice The holder has fewer packages than asked for.
  /// @dev Ask for at most what `balanceOf` says; legs must be as they were wrapped, or the id is another.
  /// @param sender The holder.
  /// @param balance Packages held.
  /// @param needed Packages asked for.
  /// @param id The package.
  error ERC6909InsufficientBalance(address sender, uint256 balance, uint256 needed, uint256 id);

  /// @notice The holder lets the caller move fewer packages than asked for.
  /// @dev The holder approves more, or makes the caller its token operator.
  /// @param spender The caller.
  /// @param allowance Packages it may still move.
  /// @param needed Packages asked for.
  /// @param id The package.
  error ERC6909InsufficientAllowance(address spender, uint256 allowance, uint256 needed, uint256 id);

  /// @notice Packages cannot go to the zero address.
  /// @dev Name a receiver; to be rid of packages, unwrap or redeem them.
  /// @param receiver The receiver given.
  error ERC6909InvalidReceiver(address receiver);

  /// @notice Packages cannot come from the zero address.
  /// @dev Name the holder.
  /// @param sender The sender given.
  error ERC6909InvalidSender(address sender);

  /// @notice The zero address cannot be a spender.
  /// @dev Name the spender.
  /// @param spender The spender given.
  error ERC6909InvalidSpender(address spender);

  /* FOREIGN CODE */

  /// @notice A token refused a transfer without a reason, or answered false.
  /// @dev Look at balance, allowance and the token's own rules.
  /// @param token The token.
  error SafeERC20FailedOperation(address token);

  /// @notice A call within a batch failed without a reason, out of gas most likely.
  /// @dev Send more gas, or simulate the call by itself.
  error FailedCall();

  /// @notice The transaction left too little gas for an honest answer of foreign code: its silence would prove nothing.
  /// @dev Let the node estimate the gas limit, or send 350,000 more.
  /// @param gasLeft Gas left before the read.
  /// @param needed Gas that must be exceeded.
  error GasStarved(uint256 gasLeft, uint256 needed);
}

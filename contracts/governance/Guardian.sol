// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Account} from "@openzeppelin/contracts/account/Account.sol";
import {ERC7821} from "@openzeppelin/contracts/account/extensions/draft-ERC7821.sol";
import {IEntryPoint} from "@openzeppelin/contracts/interfaces/IERC4337.sol";
import {MultiSignerERC7913} from "@openzeppelin/contracts/utils/cryptography/signers/MultiSignerERC7913.sol";

import {IGuardian} from "../interfaces/IGuardian.sol";

/// @title Guardian
/// @notice Who stops markets for hours without evidence: OpenZeppelin's account of several ERC-7913 keys, any of its signers
///         together up to a threshold, reached through an ERC-4337 entry point that never changes.
/// @dev What it may do is the access manager's matter; here is only who it is. Keys and threshold change by its own operation
///      and by nobody else's, so neither the admin nor whoever deployed it can put a key in.
contract Guardian is IGuardian, Account, MultiSignerERC7913, ERC7821 {
  IEntryPoint private immutable _ENTRY_POINT;

  modifier onlySelf() {
    if (msg.sender != address(this)) revert AccountUnauthorized(msg.sender);
    _;
  }

  /// @param entryPoint_ ERC-4337 entry point, version 0.8 or later: a signature holds for its EIP-712 domain.
  /// @param signers Addresses, or verifiers followed by keys.
  /// @param threshold_ How many of them have to sign.
  constructor(
    IEntryPoint entryPoint_,
    bytes[] memory signers,
    uint64 threshold_
  ) MultiSignerERC7913(signers, threshold_) {
    if (address(entryPoint_).code.length == 0) revert EntryPointWithoutCode(address(entryPoint_));
    _ENTRY_POINT = entryPoint_;
  }

  /// @inheritdoc Account
  function entryPoint() public view override returns (IEntryPoint) {
    return _ENTRY_POINT;
  }

  /// @inheritdoc IGuardian
  function addSigners(bytes[] calldata signers) external onlySelf {
    _addSigners(signers);
  }

  /// @inheritdoc IGuardian
  function removeSigners(bytes[] calldata signers) external onlySelf {
    _removeSigners(signers);
  }

  /// @inheritdoc IGuardian
  function setThreshold(uint64 newThreshold) external onlySelf {
    _setThreshold(newThreshold);
  }

  /// @dev The entry point calls `execute` once it has let the account check the signatures.
  function _erc7821AuthorizedExecutor(
    address caller,
    bytes32 mode,
    bytes calldata executionData
  ) internal view override returns (bool) {
    return caller == address(entryPoint()) || super._erc7821AuthorizedExecutor(caller, mode, executionData);
  }
}

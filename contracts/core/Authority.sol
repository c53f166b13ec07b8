// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Ids} from "../libraries/Ids.sol";
import {Reads} from "../rules/Reads.sol";
import {CallContext} from "./CallContext.sol";

/// @title Authority
/// @notice Who may act: the owner of an account, operators with scope and end, and for few functions the access manager.
abstract contract Authority is CallContext, AccessManaged, Reads {
  /// Scopes 8, until 40, since 40, low bits first.
  mapping(uint256 account => mapping(address operator => uint256 word)) internal _operators;

  /* CHECKS */

  function _requireOwner(uint256 account) internal view {
    if (msg.sender != Ids.ownerOf(account)) revert NotOwner(account, msg.sender);
  }

  function _requireScope(uint256 account, uint8 scope) internal view {
    if (!_hasScope(account, msg.sender, scope)) revert NotPermitted(account, msg.sender, scope);
  }

  function _operatorWord(uint256 account, address operator) internal view override returns (uint256) {
    return _operators[account][operator];
  }

  function _inBatch() internal view override returns (bool) {
    return _context == BATCH;
  }

  /* ACCESS MANAGER */

  /// @dev The manager is foreign code too.
  function _checkCanCall(address caller, bytes calldata data) internal override foreign {
    super._checkCanCall(caller, data);
  }

  /// @inheritdoc AccessManaged
  function setAuthority(address newAuthority) public override entry {
    super.setAuthority(newAuthority);
  }
}

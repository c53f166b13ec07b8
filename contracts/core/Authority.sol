// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {Ids} from "../libraries/Ids.sol";
import {CallContext} from "./CallContext.sol";

/// @title Authority
/// @notice Who may act: the owner of an account, operators with scope and end, and for few functions the access manager.
abstract contract Authority is CallContext, AccessManaged {
  uint8 internal constant TRADE = 1;
  uint8 internal constant MANAGE = 2;

  uint256 internal constant UNTIL_SHIFT = 8;
  uint256 internal constant SINCE_SHIFT = 48;

  /// Scopes 8, until 40, since 40, low bits first.
  mapping(uint256 account => mapping(address operator => uint256 word)) internal _operators;

  /* CHECKS */

  function _requireOwner(uint256 account) internal view {
    if (msg.sender != Ids.ownerOf(account)) revert NotOwner(account, msg.sender);
  }

  function _requireScope(uint256 account, uint8 scope) internal view {
    if (!_hasScope(account, msg.sender, scope)) revert NotPermitted(account, msg.sender, scope);
  }

  function _hasScope(uint256 account, address caller, uint8 scope) internal view returns (bool) {
    if (caller == Ids.ownerOf(account)) return true;
    uint256 word = _operators[account][caller];
    return word & scope != 0 && block.timestamp < uint40(word >> UNTIL_SHIFT);
  }

  /// @dev May `signer` have signed an order of the account at that time? An operator's order counts from its
  ///      grant on, by the time it names itself.
  function _maySign(uint256 account, address signer, uint40 signedAt) internal view returns (bool) {
    if (signer == Ids.ownerOf(account)) return true;
    uint256 word = _operators[account][signer];
    return
      word & TRADE != 0 &&
      block.timestamp < uint40(word >> UNTIL_SHIFT) &&
      signedAt >= uint40(word >> SINCE_SHIFT) &&
      signedAt <= block.timestamp;
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

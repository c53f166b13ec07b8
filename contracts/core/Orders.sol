// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Ids} from "../libraries/Ids.sol";
import {WalletSignature} from "../libraries/WalletSignature.sol";
import {Order} from "../types/Order.sol";
import {Authority} from "./Authority.sol";

/// @title Orders
/// @notice Signatures, nonces, epochs: which order may still be filled, and by how much.
abstract contract Orders is Authority, EIP712 {
  uint256 internal constant UNUSED = 0;
  uint256 internal constant PARTIAL = 1;
  uint256 internal constant CANCELLED = 2;
  uint256 internal constant FILLED = 3;

  /// A partial order keeps the top 192 bits of its hash above 64 bits of filled units.
  uint256 internal constant UNITS_MASK = type(uint64).max;

  /// Two bits a nonce, 128 nonces a word.
  mapping(uint256 account => mapping(uint256 index => uint256 word)) internal _nonces;
  mapping(uint256 account => mapping(uint256 nonce => uint256 word)) internal _partials;
  mapping(uint256 account => uint32 epoch) internal _epochs;

  /// @dev May this order be filled by `units` from `taking`? Answers the encoded error that says why not, or nothing.
  function _admit(
    Order calldata order,
    bytes32 hash,
    uint256 taking,
    uint256 units
  ) internal view returns (bytes memory refusal, uint64 filled) {
    uint256 remaining;
    (refusal, filled, remaining) = _unfilled(order, hash, taking);
    if (refusal.length != 0) return (refusal, filled);
    if (units > remaining) return (abi.encodeWithSelector(UnitsBound.selector, units, remaining), filled);
    refusal = _requireMinFill(order, units, remaining);
  }

  /// @dev The same for as many units as the order still has, at most `most`.
  function _admitUpTo(
    Order calldata order,
    bytes32 hash,
    uint256 taking,
    uint64 most
  ) internal view returns (bytes memory refusal, uint64 filled, uint64 units) {
    uint256 remaining;
    (refusal, filled, remaining) = _unfilled(order, hash, taking);
    if (refusal.length != 0) return (refusal, filled, 0);
    if (remaining == 0) {
      return (abi.encodeWithSelector(OrderFilledUp.selector, order.account, order.nonce), filled, 0);
    }
    // The smaller of two, one of which is a uint64.
    units = remaining < most ? uint64(remaining) : most;
    refusal = _requireMinFill(order, units, remaining);
  }

  /// @dev Is this order open to `taking`, and how much of it is filled and remains?
  function _unfilled(
    Order calldata order,
    bytes32 hash,
    uint256 taking
  ) private view returns (bytes memory refusal, uint64 filled, uint256 remaining) {
    uint256 account = order.account;
    if (account == taking) return (abi.encodeWithSelector(SameAccount.selector, account), 0, 0);
    if (block.timestamp > order.deadline) {
      return (abi.encodeWithSelector(OrderExpired.selector, order.deadline, block.timestamp), 0, 0);
    }
    address owner = Ids.ownerOf(taking);
    if (order.taker != address(0) && order.taker != owner) {
      return (abi.encodeWithSelector(ForeignTaker.selector, order.taker, owner), 0, 0);
    }
    uint32 epoch = _epochs[account];
    if (order.epoch != epoch) return (abi.encodeWithSelector(EpochStale.selector, order.epoch, epoch), 0, 0);
    bytes4 dead;
    (dead, filled) = _progress(account, order.nonce, hash);
    if (dead != 0) return (abi.encodeWithSelector(dead, account, order.nonce), 0, 0);
    remaining = filled < order.units ? order.units - filled : 0;
  }

  function _requireMinFill(
    Order calldata order,
    uint256 units,
    uint256 remaining
  ) private pure returns (bytes memory refusal) {
    uint256 least = order.minFill < remaining ? order.minFill : remaining;
    if (units < least) return abi.encodeWithSelector(BelowMinFill.selector, units, least);
  }

  /// @dev Writes what is filled now: to the last unit, the nonce is used up; before, it stays bound to the hash.
  function _progressTo(
    Order calldata order,
    bytes32 hash,
    uint64 filledBefore,
    uint64 units
  ) internal returns (uint64 remaining) {
    (uint256 account, uint256 nonce) = (order.account, order.nonce);
    // Unchecked: filledBefore + units ≤ order.units, as `_admit` found.
    unchecked {
      uint64 filled = filledBefore + units;
      remaining = order.units - filled;
      if (remaining == 0) {
        if (filledBefore != 0) delete _partials[account][nonce];
        _setNonceState(account, nonce, FILLED);
      } else {
        _partials[account][nonce] = (uint256(hash) & ~UNITS_MASK) | filled;
        if (filledBefore == 0) _setNonceState(account, nonce, PARTIAL);
      }
    }
  }

  /// @dev ECDSA first, so that accounts with EIP-7702 code keep their orders; then the wallet's own answer.
  function _isSigned(
    Order calldata order,
    bytes32 hash,
    address signer,
    bytes calldata signature
  ) internal returns (bool) {
    if (!_maySign(order.account, signer, order.signedAt)) return false;
    bytes32 digest = _hashTypedDataV4(hash);
    (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
    if (failure == ECDSA.RecoverError.NoError && recovered == signer) return true;
    return signer.code.length != 0 && _walletAgrees(signer, digest, signature);
  }

  function _walletAgrees(address wallet, bytes32 digest, bytes calldata signature) private foreign returns (bool) {
    return WalletSignature.isValid(wallet, digest, signature);
  }

  /// @dev The error that rules the nonce out (0 for none) and the units filled so far.
  function _progress(uint256 account, uint256 nonce, bytes32 hash) private view returns (bytes4 dead, uint64 filled) {
    uint256 state = _nonceState(account, nonce);
    if (state == UNUSED) return (0, 0);
    if (state == CANCELLED) return (OrderCancelled.selector, 0);
    if (state == FILLED) return (OrderFilledUp.selector, 0);
    uint256 word = _partials[account][nonce];
    if ((word ^ uint256(hash)) & ~UNITS_MASK != 0) return (NonceTaken.selector, 0);
    return (0, uint64(word));
  }

  function _nonceState(uint256 account, uint256 nonce) internal view returns (uint256) {
    return (_nonces[account][nonce >> 7] >> ((nonce & 127) << 1)) & 3;
  }

  function _setNonceState(uint256 account, uint256 nonce, uint256 state) internal {
    uint256 shift = (nonce & 127) << 1;
    uint256 word = _nonces[account][nonce >> 7];
    _nonces[account][nonce >> 7] = (word & ~(3 << shift)) | (state << shift);
  }
}

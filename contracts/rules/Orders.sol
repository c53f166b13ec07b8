// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {Ids} from "../libraries/Ids.sol";
import {Order} from "../types/Order.sol";
import {Reads} from "./Reads.sol";

/// @title Orders
/// @notice Which order may still be filled, by how much, and whose signature counts.
abstract contract Orders is Reads {
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
    uint32 epoch = _epochOf(account);
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

  /// @dev Does the key behind `signer` vouch for the order? If not, a wallet at `signer` may, for the digest given; none for 0.
  ///      ECDSA first, so that accounts with EIP-7702 code keep their orders.
  function _isSignedByKey(
    Order calldata order,
    bytes32 hash,
    address signer,
    bytes calldata signature
  ) internal view returns (bool agreed, bytes32 walletDigest) {
    if (!_maySign(order.account, signer, order.signedAt)) return (false, 0);
    bytes32 digest = _digest(hash);
    (address recovered, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
    if (failure == ECDSA.RecoverError.NoError && recovered == signer) return (true, 0);
    return (false, signer.code.length == 0 ? bytes32(0) : digest);
  }

  /// @dev May `signer` have signed an order of the account at that time? An operator's order counts from its
  ///      grant on, by the time it names itself.
  function _maySign(uint256 account, address signer, uint40 signedAt) private view returns (bool) {
    if (signer == Ids.ownerOf(account)) return true;
    uint256 word = _operatorWord(account, signer);
    return
      word & TRADE != 0 &&
      block.timestamp < uint40(word >> UNTIL_SHIFT) &&
      signedAt >= uint40(word >> SINCE_SHIFT) &&
      signedAt <= block.timestamp;
  }

  /// @dev The error that rules the nonce out (0 for none) and the units filled so far.
  function _progress(uint256 account, uint256 nonce, bytes32 hash) private view returns (bytes4 dead, uint64 filled) {
    uint256 state = _nonceState(account, nonce);
    if (state == UNUSED) return (0, 0);
    if (state == CANCELLED) return (OrderCancelled.selector, 0);
    if (state == FILLED) return (OrderFilledUp.selector, 0);
    uint256 word = _partialWord(account, nonce);
    if ((word ^ uint256(hash)) & ~UNITS_MASK != 0) return (NonceTaken.selector, 0);
    return (0, uint64(word));
  }
}

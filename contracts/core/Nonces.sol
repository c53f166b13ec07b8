// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {WalletSignature} from "../libraries/WalletSignature.sol";
import {Orders} from "../rules/Orders.sol";
import {Order} from "../types/Order.sol";
import {Authority} from "./Authority.sol";

/// @title Nonces
/// @notice What has become of every order: nonces, filled units, epochs. Asks the wallets that sign.
abstract contract Nonces is Authority, EIP712, Orders {
  /// Two bits a nonce, 128 nonces a word.
  mapping(uint256 account => mapping(uint256 index => uint256 word)) internal _nonces;
  mapping(uint256 account => mapping(uint256 nonce => uint256 word)) internal _partials;
  mapping(uint256 account => uint32 epoch) internal _epochs;

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

  /// @dev Signed by the owner or a trade operator, by its key or else by the wallet's own answer.
  function _isSigned(
    Order calldata order,
    bytes32 hash,
    address signer,
    bytes calldata signature
  ) internal returns (bool) {
    (bool agreed, bytes32 walletDigest) = _isSignedByKey(order, hash, signer, signature);
    return agreed || (walletDigest != 0 && _walletAgrees(signer, walletDigest, signature));
  }

  function _setNonceState(uint256 account, uint256 nonce, uint256 state) internal {
    uint256 shift = (nonce & 127) << 1;
    uint256 word = _nonces[account][nonce >> 7];
    _nonces[account][nonce >> 7] = (word & ~(3 << shift)) | (state << shift);
  }

  function _nonceState(uint256 account, uint256 nonce) internal view override returns (uint256) {
    return (_nonces[account][nonce >> 7] >> ((nonce & 127) << 1)) & 3;
  }

  function _partialWord(uint256 account, uint256 nonce) internal view override returns (uint256) {
    return _partials[account][nonce];
  }

  function _epochOf(uint256 account) internal view override returns (uint32) {
    return _epochs[account];
  }

  function _digest(bytes32 hash) internal view override returns (bytes32) {
    return _hashTypedDataV4(hash);
  }

  function _walletAgrees(address wallet, bytes32 digest, bytes calldata signature) private foreign returns (bool) {
    return WalletSignature.isValid(wallet, digest, signature);
  }
}

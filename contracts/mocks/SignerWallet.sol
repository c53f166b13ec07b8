// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {SignerECDSA} from "@openzeppelin/contracts/utils/cryptography/signers/SignerECDSA.sol";

/// @title SignerWallet
/// @notice The least ERC-1271 wallet that OpenZeppelin's parts make: it signed what its one key signed. For tests and
///         benchmarks.
contract SignerWallet is IERC1271, SignerECDSA {
  /// @param key The address of its key.
  constructor(address key) SignerECDSA(key) {}

  /// @inheritdoc IERC1271
  function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
    return _rawSignatureValidation(hash, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
  }
}

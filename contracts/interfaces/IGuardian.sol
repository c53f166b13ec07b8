// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IGuardian
/// @notice An account of several keys of any kind: some of them together act, and they alone change who they are.
/// @dev A signer is an address, or the address of an ERC-7913 verifier followed by a key: the wallets of EOAs and
///      contracts, P-256 keys and passkeys sign beside each other. A signature is `abi.encode(bytes[] signers, bytes[]
///      signatures)` over the hash of a user operation, at least `threshold()` signers, none of them twice; in order of
///      their keccak256 it costs least. Acts through `execute` (ERC-7821) alone, so a step of governance is one batch.
interface IGuardian {
  /// @notice The entry point has no code.
  /// @dev Check its address and the chain.
  error EntryPointWithoutCode(address entryPoint);

  /// @notice Lets more keys sign. The account itself only.
  /// @dev Refused: what is shorter than an address, and what signs already.
  /// @param signers Addresses, or verifiers followed by keys.
  function addSigners(bytes[] calldata signers) external;

  /// @notice Takes keys out. The account itself only.
  /// @dev Refused if fewer than the threshold were left.
  /// @param signers Signers of now.
  function removeSigners(bytes[] calldata signers) external;

  /// @notice Sets how many have to sign. The account itself only.
  /// @param newThreshold At least 1, at most as many as there are.
  function setThreshold(uint64 newThreshold) external;
}

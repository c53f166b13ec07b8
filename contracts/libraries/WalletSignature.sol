// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

import {ILibraryErrors} from "../interfaces/ILibraryErrors.sol";
import {BoundedRead} from "./BoundedRead.sol";

/// @title WalletSignature
/// @notice Asks an ERC-1271 wallet whether it signed, within the bounds of `BoundedRead`: neither a gas bomb nor a return
///         bomb harms the caller, and a starved call reverts with `GasStarved` rather than read as a refusal.
/// @dev OpenZeppelin's SignatureChecker gives the wallet all gas and takes ERC-1271 whenever the signer has code.
library WalletSignature {
  /// @dev True iff the wallet answers the magic value in time.
  function isValid(address wallet, bytes32 digest, bytes calldata signature) internal view returns (bool) {
    bytes memory question = abi.encodeCall(IERC1271.isValidSignature, (digest, signature));
    if (gasleft() <= BoundedRead.GAS_NEEDED) revert ILibraryErrors.GasStarved(gasleft(), BoundedRead.GAS_NEEDED);
    uint256 gasCap = BoundedRead.GAS_CAP;
    bool success;
    uint256 size;
    bytes32 answer;
    // Assembly, because a low-level call copies whatever it gets; the answer stays in scratch space.
    assembly ("memory-safe") {
      success := staticcall(gasCap, wallet, add(question, 0x20), mload(question), 0x00, 0x20)
      size := returndatasize()
      answer := mload(0x00)
    }
    return success && size >= 32 && answer == bytes32(IERC1271.isValidSignature.selector);
  }
}

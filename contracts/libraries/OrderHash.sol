// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Order, Part} from "../types/Order.sol";

/// @title OrderHash
/// @notice EIP-712 struct hash of an order. Calldata carries packed legs; wallets sign and show the spelled-out form.
/// @dev Parts and orders are hashed straight from calldata, whose words stand in the order of the signed form. A word with
///      bits beyond its type hashes to something no wallet signs.
library OrderHash {
  bytes32 internal constant LEG_TYPEHASH = keccak256("Leg(uint64 strike,bool isCall,int64 quantity)");
  bytes32 internal constant PART_TYPEHASH = keccak256(
    "Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)Leg(uint64 strike,bool isCall,int64 quantity)"
  );
  bytes32 internal constant ORDER_TYPEHASH = keccak256(
    "Order(uint256 account,uint256 nonce,uint32 epoch,uint64 units,uint64 minFill,uint40 signedAt,uint40 deadline,address taker,Part[] parts)Leg(uint64 strike,bool isCall,int64 quantity)Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)"
  );

  /// @dev keccak256(ORDER_TYPEHASH ‖ eight words ‖ keccak256(part hashes)).
  function hash(Order calldata order, uint256[] memory partHashes) internal pure returns (bytes32 result) {
    bytes32 typehash = ORDER_TYPEHASH;
    // Assembly saves about 600 gas over abi.encode. Beyond the free pointer, which is not moved.
    assembly ("memory-safe") {
      let free := mload(0x40)
      mstore(free, typehash)
      calldatacopy(add(free, 0x20), order, 0x100)
      mstore(add(free, 0x120), keccak256(add(partHashes, 0x20), shl(5, mload(partHashes))))
      result := keccak256(free, 0x140)
    }
  }

  /// @dev keccak256(PART_TYPEHASH ‖ book ‖ legsHash ‖ premium ‖ maxDraw).
  function hashPart(Part calldata part, uint256 legsHash) internal pure returns (uint256 result) {
    bytes32 typehash = PART_TYPEHASH;
    // Assembly saves about 200 gas over abi.encode. Beyond the free pointer, which is not moved.
    assembly ("memory-safe") {
      let free := mload(0x40)
      mstore(free, typehash)
      calldatacopy(add(free, 0x20), part, 0x80)
      mstore(add(free, 0x40), legsHash)
      result := keccak256(free, 0xa0)
    }
  }

  /// @dev keccak256(leg hashes), each of them keccak256(LEG_TYPEHASH ‖ strike ‖ isCall ‖ quantity).
  function hashLegs(uint256[] memory legs) internal pure returns (uint256 result) {
    bytes32 typehash = LEG_TYPEHASH;
    // Assembly saves about 500 gas a leg. Beyond the free pointer, which is not moved: a leg's four words, then the hashes.
    assembly ("memory-safe") {
      let free := mload(0x40)
      let hashes := add(free, 0x80)
      let size := shl(5, mload(legs))
      mstore(free, typehash)
      for {
        let i := 0
      } lt(i, size) {
        i := add(i, 0x20)
      } {
        let leg := mload(add(add(legs, 0x20), i))
        mstore(add(free, 0x20), shr(65, leg))
        mstore(add(free, 0x40), and(shr(64, leg), 1))
        mstore(add(free, 0x60), signextend(7, leg))
        mstore(add(hashes, i), keccak256(free, 0x80))
      }
      result := keccak256(hashes, size)
    }
  }
}

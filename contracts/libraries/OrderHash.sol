// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Order, Part} from "../types/Order.sol";
import {Legs} from "./Legs.sol";

/// @title OrderHash
/// @notice EIP-712 struct hash of an order. Calldata carries packed legs; wallets sign and show the spelled-out form.
library OrderHash {
  bytes32 internal constant LEG_TYPEHASH = keccak256("Leg(uint64 strike,bool isCall,int64 quantity)");
  bytes32 internal constant PART_TYPEHASH = keccak256(
    "Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)Leg(uint64 strike,bool isCall,int64 quantity)"
  );
  bytes32 internal constant ORDER_TYPEHASH = keccak256(
    "Order(uint256 account,uint256 nonce,uint32 epoch,uint64 units,uint64 minFill,uint40 signedAt,uint40 deadline,address taker,Part[] parts)Leg(uint64 strike,bool isCall,int64 quantity)Part(uint256 book,Leg[] legs,int64 premium,uint112 maxDraw)"
  );

  /// @dev keccak256(abi.encode(ORDER_TYPEHASH, fields…, keccak256(part hashes))).
  function hash(Order calldata order) internal pure returns (bytes32) {
    uint256 count = order.parts.length;
    bytes32[] memory hashes = new bytes32[](count);
    for (uint256 i; i < count; ++i) hashes[i] = _ofPart(order.parts[i]);
    return keccak256(
      abi.encode(
        ORDER_TYPEHASH,
        order.account,
        order.nonce,
        order.epoch,
        order.units,
        order.minFill,
        order.signedAt,
        order.deadline,
        order.taker,
        keccak256(abi.encodePacked(hashes))
      )
    );
  }

  function _ofPart(Part calldata part) private pure returns (bytes32) {
    uint256 count = part.legs.length;
    bytes32[] memory hashes = new bytes32[](count);
    for (uint256 i; i < count; ++i) {
      uint256 leg = part.legs[i];
      hashes[i] = keccak256(abi.encode(LEG_TYPEHASH, Legs.strike(leg), Legs.isCall(leg), Legs.quantity(leg)));
    }
    return
      keccak256(
        abi.encode(PART_TYPEHASH, part.book, keccak256(abi.encodePacked(hashes)), part.premium, part.maxDraw)
      );
  }
}

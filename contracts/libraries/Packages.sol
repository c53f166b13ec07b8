// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ids} from "./Ids.sol";
import {Legs} from "./Legs.sol";
import {Words} from "./Words.sol";

/// @title Packages
/// @notice Identity of a package: a vector of legs of one book, addressed by its content. Nothing else of it is stored.
library Packages {
  using Words for uint256[];

  bytes32 private constant DOMAIN = keccak256("certus.package.v1");
  /// Set in every package of more than one long lot; clear in every market and series.
  uint256 private constant HASHED = 1 << 255;

  /// @dev Legs from calldata, unchecked: the id tells whether they are a package's.
  function read(uint128[] calldata legs) internal pure returns (uint256[] memory vector) {
    vector = Words.make(legs.length);
    for (uint256 i; i < legs.length; ++i) vector.put(i, legs[i]);
  }

  /// @dev The series for exactly one leg of +1, else keccak256(domain, book, legs) with the highest bit set.
  function id(uint256 book, uint256[] memory vector) internal pure returns (uint256) {
    if (vector.length == 1) {
      uint256 leg = vector.get(0);
      if (Legs.quantity(leg) == 1) return Ids.series(book, Legs.key(leg));
    }
    // Words of uint128 encode like uint128.
    return uint256(keccak256(abi.encode(DOMAIN, book, vector))) | HASHED;
  }

  /// @dev True for a package that is one series.
  function isSeries(uint256 package_) internal pure returns (bool) {
    return package_ & HASHED == 0;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Forms
/// @notice How good a proof is, as a number: of two for one instant the greater form counts.
/// @dev 22 bits: bit 21 maximal, bits 0..20 rank, at least 1.
library Forms {
  /// @dev Nothing better can exist for this instant.
  uint24 internal constant MAXIMAL = 1 << 21;
  uint24 internal constant RANK_MASK = MAXIMAL - 1;
  /// @dev Signers of a source: their bitmap takes 16 bits of the rank, their count the 5 above.
  uint256 internal constant MAX_SIGNERS = 16;

  /// @dev Form of a set of signers: more of them win, then the lower bitmap. `standing` is the set of all that count.
  function ofSigners(uint16 bitmap, uint16 standing) internal pure returns (uint24 form, uint256 count) {
    for (uint256 rest = bitmap; rest != 0; rest &= rest - 1) ++count;
    form = uint24((count << 16) | (type(uint16).max - bitmap));
    if (bitmap == standing) form |= MAXIMAL;
  }

  function isMaximal(uint24 form) internal pure returns (bool) {
    return form & MAXIMAL != 0;
  }

  /// @dev The same rank, not maximal.
  function demoted(uint24 form) internal pure returns (uint24) {
    return form & RANK_MASK;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title FixingWord
/// @notice A fixing in one word, low bits first: price 64, mark 64, mark time 40, sources 32, votes 8, demoted 8,
///         succeeded 8, stage 4, step 4, prolonged 1. Zero is not open; a mark is never zero.
library FixingWord {
  uint256 internal constant PROLONGED = 1 << 232;

  uint256 private constant MARK_SHIFT = 64;
  uint256 private constant MARK_TIME_SHIFT = 128;
  uint256 private constant SOURCES_SHIFT = 168;
  uint256 private constant VOTES_SHIFT = 200;
  uint256 private constant DEMOTED_SHIFT = 208;
  uint256 private constant SUCCEEDED_SHIFT = 216;
  uint256 private constant STAGE_SHIFT = 224;
  uint256 private constant STEP_SHIFT = 228;
  /// @dev Mark and mark time.
  uint256 private constant MARK_MASK = ((1 << 104) - 1) << MARK_SHIFT;

  function opened(
    uint256 mark_,
    uint256 markTime_,
    uint256 sources_,
    uint256 votes_,
    uint256 demoted_
  ) internal pure returns (uint256) {
    return
      (mark_ << MARK_SHIFT) |
      (markTime_ << MARK_TIME_SHIFT) |
      (sources_ << SOURCES_SHIFT) |
      (votes_ << VOTES_SHIFT) |
      (demoted_ << DEMOTED_SHIFT);
  }

  function withMark(uint256 word, uint256 mark_, uint256 markTime_) internal pure returns (uint256) {
    return (word & ~MARK_MASK) | (mark_ << MARK_SHIFT) | (markTime_ << MARK_TIME_SHIFT);
  }

  /// @dev One stage further.
  function withNextStage(uint256 word) internal pure returns (uint256) {
    return word + (1 << STAGE_SHIFT);
  }

  /// @dev The price is not set yet.
  function settled(uint256 word, uint256 price_, uint256 step_) internal pure returns (uint256) {
    return word | price_ | (step_ << STEP_SHIFT);
  }

  /// @dev `index` in place of the sources in `replaced`, for a vote that has had no succession.
  function withSuccessor(uint256 word, uint256 replaced, uint256 index, uint256 vote) internal pure returns (uint256) {
    word &= ~((replaced << SOURCES_SHIFT) | (1 << (DEMOTED_SHIFT + vote)));
    return word | (1 << (SOURCES_SHIFT + index)) | (1 << (SUCCEEDED_SHIFT + vote));
  }

  function price(uint256 word) internal pure returns (uint64) {
    return uint64(word);
  }

  function mark(uint256 word) internal pure returns (uint64) {
    return uint64(word >> MARK_SHIFT);
  }

  function markTime(uint256 word) internal pure returns (uint40) {
    return uint40(word >> MARK_TIME_SHIFT);
  }

  function sources(uint256 word) internal pure returns (uint32) {
    return uint32(word >> SOURCES_SHIFT);
  }

  function votes(uint256 word) internal pure returns (uint8) {
    return uint8(word >> VOTES_SHIFT);
  }

  function demoted(uint256 word) internal pure returns (uint8) {
    return uint8(word >> DEMOTED_SHIFT);
  }

  function succeeded(uint256 word) internal pure returns (uint8) {
    return uint8(word >> SUCCEEDED_SHIFT);
  }

  function stage(uint256 word) internal pure returns (uint256) {
    return (word >> STAGE_SHIFT) & 0xf;
  }

  function step(uint256 word) internal pure returns (uint256) {
    return (word >> STEP_SHIFT) & 0xf;
  }

  function isProlonged(uint256 word) internal pure returns (bool) {
    return word & PROLONGED != 0;
  }
}

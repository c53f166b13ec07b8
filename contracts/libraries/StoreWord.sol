// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title StoreWord
/// @notice A vote's newest reading in one word, low bits first: price 64, time 40, seen at 40, maximal age 24,
///         confidence 9, source 5, form 22, standing 2, since 32, agreement 18.
library StoreWord {
  uint256 internal constant CLEAR = 0;
  uint256 internal constant SUSPECT = 1;
  uint256 internal constant QUARANTINED = 2;
  /// @dev A quarantine ends by itself after so many seconds.
  uint256 internal constant LONGEST_QUARANTINE = 24 hours;

  uint256 private constant TIME_SHIFT = 64;
  uint256 private constant SEEN_SHIFT = 104;
  uint256 private constant AGE_SHIFT = 144;
  uint256 private constant CONFIDENCE_SHIFT = 168;
  uint256 private constant SOURCE_SHIFT = 177;
  uint256 private constant FORM_SHIFT = 182;
  uint256 private constant STANDING_SHIFT = 204;
  uint256 private constant SINCE_SHIFT = 206;
  uint256 private constant AGREED_SHIFT = 238;
  uint256 private constant READING_MASK = (1 << STANDING_SHIFT) - 1;

  /// @dev The reading's part; every value fits its field.
  function ofReading(
    uint256 price_,
    uint256 time_,
    uint256 seenAt_,
    uint256 maxAge_,
    uint256 confidence_,
    uint256 source_,
    uint256 form_
  ) internal pure returns (uint256) {
    return
      price_ |
      (time_ << TIME_SHIFT) |
      (seenAt_ << SEEN_SHIFT) |
      (maxAge_ << AGE_SHIFT) |
      (confidence_ << CONFIDENCE_SHIFT) |
      (source_ << SOURCE_SHIFT) |
      (form_ << FORM_SHIFT);
  }

  /// @dev The same reading in another standing; `agreed_` is seconds after `since_` + 1, or 0.
  function withStanding(
    uint256 word,
    uint256 standing_,
    uint256 since_,
    uint256 agreed_
  ) internal pure returns (uint256) {
    return (word & READING_MASK) | (standing_ << STANDING_SHIFT) | (since_ << SINCE_SHIFT) | (agreed_ << AGREED_SHIFT);
  }

  function price(uint256 word) internal pure returns (uint256) {
    return uint64(word);
  }

  function time(uint256 word) internal pure returns (uint256) {
    return uint40(word >> TIME_SHIFT);
  }

  function seenAt(uint256 word) internal pure returns (uint256) {
    return uint40(word >> SEEN_SHIFT);
  }

  function maxAge(uint256 word) internal pure returns (uint256) {
    return uint24(word >> AGE_SHIFT);
  }

  function confidence(uint256 word) internal pure returns (uint256) {
    return (word >> CONFIDENCE_SHIFT) & 0x1ff;
  }

  function source(uint256 word) internal pure returns (uint256) {
    return (word >> SOURCE_SHIFT) & 0x1f;
  }

  function form(uint256 word) internal pure returns (uint256) {
    return (word >> FORM_SHIFT) & 0x3fffff;
  }

  function since(uint256 word) internal pure returns (uint256) {
    return uint32(word >> SINCE_SHIFT);
  }

  /// @dev Seconds after `since` + 1 at which agreement began, 0 for none.
  function agreed(uint256 word) internal pure returns (uint256) {
    return word >> AGREED_SHIFT;
  }

  /// @dev As of now: a quarantine that has lasted its longest is over.
  function standing(uint256 word) internal view returns (uint256 value) {
    value = (word >> STANDING_SHIFT) & 3;
    if (value == QUARANTINED && !isQuarantined(word)) value = CLEAR;
  }

  /// @dev It is in quarantine, which has not lasted its longest.
  function isQuarantined(uint256 word) internal view returns (bool) {
    if ((word >> STANDING_SHIFT) & 3 != QUARANTINED) return false;
    unchecked {
      return block.timestamp < since(word) + LONGEST_QUARANTINE;
    }
  }

  /// @dev Clear in every bit: no suspicion, no quarantine, not even one that time has ended.
  function isSpotless(uint256 word) internal pure returns (bool) {
    return word >> STANDING_SHIFT == 0;
  }

  /// @dev Seconds since the reading's time; 0 for one that is ahead.
  function age(uint256 word) internal view returns (uint256) {
    uint256 time_ = time(word);
    unchecked {
      return time_ < block.timestamp ? block.timestamp - time_ : 0;
    }
  }

  /// @dev There is a reading, and its age is no greater than its maximal age. An empty word is of time 0, which never is.
  function isFresh(uint256 word) internal view returns (bool) {
    unchecked {
      return time(word) + maxAge(word) >= block.timestamp;
    }
  }

  /// @dev It counts: there is a reading, not too old, and not in quarantine.
  function isLive(uint256 word) internal view returns (bool) {
    return isFresh(word) && !isQuarantined(word);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMultiSourceSettlement} from "../../interfaces/IMultiSourceSettlement.sol";
import {ShadowReport, SourceInfo, Stage} from "../../interfaces/IOracleHub.sol";
import {FixingWord} from "../../libraries/FixingWord.sol";
import {Samples} from "../../libraries/Samples.sol";
import {StoreWord} from "../../libraries/StoreWord.sol";
import {Ladder} from "./Ladder.sol";

/// @title Exceptions
/// @notice An outage of the sequencer prolongs a window once; a class that died gets a successor once.
abstract contract Exceptions is Ladder {
  uint256 private constant SILENCE = 72 hours;
  uint256 private constant NOTICE = 7 days;
  /// @dev A proposal not confirmed by then is void.
  uint256 private constant LAPSE = 14 days;
  uint256 private constant QUIET_TIME = 24 hours;
  uint256 private constant MARK_PERCENT = 3;

  /* OUTAGE */

  /// @inheritdoc IMultiSourceSettlement
  function noteOutage(bytes32 feed, bytes32 profile, uint40 expiry) external nonReentrant {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    uint256 word = _closeDue(fixing, state, profile, expiry);
    if (FixingWord.price(word) != 0) revert FixingFinal(FixingWord.price(word));
    if (FixingWord.isProlonged(word)) revert OutageKnown(fixing);
    uint256 end = uint256(expiry) + LAST_SUBMISSION;
    if (block.timestamp >= end) revert FixingWindowOver(block.timestamp, end);
    (uint256 slots, uint256 step) = _slots(profile);
    uint256 begin = uint256(expiry) - (slots - 1) * step;
    if (block.timestamp <= begin) revert TooEarlyToFix(block.timestamp, begin + 1);
    (, bool down, bool read, uint256 since, , bool afterDown) = HUB.sequencer();
    bool ended = !down && afterDown && since > begin;
    if (!read || !(down || ended)) revert NoOutage(since);
    state.word = word | FixingWord.PROLONGED;
    emit OutageNoted(fixing, since);
  }

  /* SUCCESSION */

  /// @inheritdoc IMultiSourceSettlement
  function proposeSuccessor(bytes32 feed, bytes32 profile, uint40 expiry, uint8 index) external nonReentrant {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    // A running notice is not begun again: nobody can put off a succession by proposing it anew.
    if (block.timestamp < state.successors[index] + LAPSE) revert SuccessorKnown(index);
    uint8 vote = _requireSuccessor(feed, state.word, expiry, index);
    state.successors[index] = block.timestamp;
    emit SuccessorProposed(fixing, vote, index);
  }

  /// @inheritdoc IMultiSourceSettlement
  function confirmSuccessor(bytes32 feed, bytes32 profile, uint40 expiry, uint8 index) external nonReentrant {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    uint256 proposed = state.successors[index];
    if (block.timestamp >= proposed + LAPSE) revert NoSuccessor(index);
    uint256 from = proposed + NOTICE;
    if (block.timestamp < from) revert TooEarlyToFix(block.timestamp, from);
    uint8 vote = _requireSuccessor(feed, state.word, expiry, index);
    uint256 replaced;
    uint256 sources = FixingWord.sources(state.word);
    for (uint8 i = 0; sources >> i != 0; ++i) {
      if ((sources >> i) & 1 == 1 && HUB.source(feed, i).vote == vote) replaced |= uint256(1) << i;
    }
    state.word = FixingWord.withSuccessor(state.word, replaced, index, vote);
    emit SuccessorConfirmed(fixing, vote, index);
  }

  /// @dev Everything that must hold at the proposal and again at its confirmation.
  function _requireSuccessor(
    bytes32 feed,
    uint256 word,
    uint256 expiry,
    uint8 index
  ) private view returns (uint8 vote) {
    if (block.timestamp + QUIET_TIME > expiry) revert TooLateToSucceed(block.timestamp, expiry - QUIET_TIME);
    SourceInfo memory info = HUB.source(feed, index);
    vote = info.vote;
    uint256 bit = 1 << vote;
    if (FixingWord.votes(word) & bit == 0 || FixingWord.succeeded(word) & bit != 0) {
      revert VoteNotOpenToSuccession(vote);
    }
    uint256 time = StoreWord.time(HUB.storeWord(feed, vote));
    if (block.timestamp < time + SILENCE) revert VoteAlive(vote, time);
    ShadowReport memory record = HUB.shadow(feed, index);
    if (info.stage != Stage.Shadow || !record.proven) revert SuccessorUnproven(index);
    uint256 age = record.time < block.timestamp ? block.timestamp - record.time : 0;
    if (age > info.maxAge) revert SuccessorSilent(age, info.maxAge);
    uint256 mark = FixingWord.mark(word);
    if (Samples.off(record.price, mark, MARK_PERCENT)) revert SuccessorOffMark(record.price, mark);
  }
}

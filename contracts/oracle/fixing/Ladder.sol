// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FixingWord} from "../../libraries/FixingWord.sol";
import {Lanes} from "../../libraries/Lanes.sol";
import {Samples} from "../../libraries/Samples.sol";
import {Tallies, Tally} from "../../libraries/Tallies.sol";
import {Words} from "../../libraries/Words.sol";
import {Fixings} from "./Fixings.sol";

/// @title Ladder
/// @notice From the values to the number: what a slot says, which slots count, which step applies and when.
abstract contract Ladder is Fixings {
  using Tallies for Tally;

  uint256 internal constant LAST_SUBMISSION = 26 hours;
  uint256 internal constant PROLONGATION = 24 hours;

  uint8 private constant F0 = 1;
  uint8 private constant F1 = 2;
  uint8 private constant F2 = 3;
  uint8 private constant F3 = 4;
  uint8 private constant F4 = 5;

  uint8 private constant MARK_FLAG = 1 << 0;
  uint8 private constant APART_FLAG = 1 << 1;
  uint8 private constant JUMP_FLAG = 1 << 2;

  uint256 private constant FLAG_PERCENT = 3;
  uint256 private constant JUMP_PERCENT = 10;
  uint256 private constant APART_SLOTS = 3;
  uint256 private constant RECENT_MARK = 1 hours;

  /// @dev Groups of slots, sets of kinds.
  uint256 private constant SINGLE = 1 << Tallies.SINGLE;
  uint256 private constant CLAMPED = 1 << Tallies.CLAMPED;
  uint256 private constant STRONG = 1 << Tallies.STRONG;
  uint256 private constant PAIRED = STRONG | (1 << Tallies.PAIR);
  uint256 private constant COUNTING = PAIRED | SINGLE;

  /* CLOSING */

  /// @dev Passes every closing that is due, on the values that are in, until one gives the price.
  function _closeDue(
    bytes32 fixing,
    Fixing storage state,
    bytes32 profile,
    uint256 expiry
  ) internal returns (uint256 word) {
    word = state.word;
    uint256 before = word;
    Tally memory tally;
    while (FixingWord.price(word) == 0 && block.timestamp >= _closing(word, expiry)) {
      if (tally.slots == 0) tally = _tally(state, word, profile, expiry);
      word = _passed(fixing, word, tally);
    }
    if (word != before) state.word = word;
  }

  /// @dev When the next closing is: T + 2 h, 8 h, 26 h, 72 h.
  function _closing(uint256 word, uint256 expiry) internal pure returns (uint256) {
    uint256 stage = FixingWord.stage(word);
    uint256 delay =
      stage == 0
        ? 2 hours
        : stage == 1
          ? 8 hours
          : stage == 2
            ? LAST_SUBMISSION
            : 72 hours;
    return expiry + delay + (FixingWord.isProlonged(word) ? PROLONGATION : 0);
  }

  function _passed(bytes32 fixing, uint256 word, Tally memory tally) private returns (uint256) {
    uint256 stage = FixingWord.stage(word);
    uint256 group;
    uint8 step;
    if (stage < 2 && tally.size(STRONG) * 5 >= tally.slots * 4) (group, step) = (STRONG, F1);
    else if (stage == 1) (group, step) = (PAIRED, F2);
    else if (stage == 2) (group, step) = (_fullest(tally), F3);
    if (tally.size(group) != 0) {
      uint256 number = tally.mean(group);
      uint8 flags = _flags(tally, number);
      // Before the second closing something odd waits for it.
      if (stage != 0 || flags == 0) return _settle(fixing, word, number, step, flags);
    }
    if (stage == 3) return _settle(fixing, word, tally.mark, F4, 0);
    word = FixingWord.withNextStage(word);
    emit WindowClosed(fixing, uint8(stage + 1));
    return word;
  }

  /// @dev Slots of two classes or more, before single ones: a class alone in a slot has nobody to contradict it.
  function _fullest(Tally memory tally) private pure returns (uint256 group) {
    if (tally.size(PAIRED) != 0) return PAIRED;
    return tally.size(CLAMPED) != 0 ? CLAMPED : SINGLE;
  }

  /// @dev Every vote maximal in every slot and nothing odd: final before any closing.
  function _tryAtOnce(
    bytes32 fixing,
    Fixing storage state,
    uint256 word,
    bytes32 profile,
    uint256 expiry
  ) internal returns (uint256) {
    if (block.timestamp <= expiry || FixingWord.stage(word) > 1) return word;
    Tally memory tally = _tally(state, word, profile, expiry);
    if (!tally.maximal) return word;
    uint256 number = tally.mean(COUNTING);
    if (_flags(tally, number) != 0) return word;
    word = _settle(fixing, word, number, F0, 0);
    state.word = word;
    return word;
  }

  function _settle(bytes32 fixing, uint256 word, uint256 number, uint8 step, uint8 flags) private returns (uint256) {
    emit PriceSettled(fixing, uint64(number), step, flags);
    return FixingWord.settled(word, number, step);
  }

  /* FLAGS */

  /// @dev What is odd about a number and the slots it comes from.
  function _flags(Tally memory tally, uint256 number) private pure returns (uint8 flags) {
    if (Samples.off(number, tally.mark, FLAG_PERCENT)) flags |= MARK_FLAG;
    if (tally.apart >= Math.min(APART_SLOTS, tally.slots)) flags |= APART_FLAG;
    (uint256 lowest, uint256 highest) = (tally.lowest, tally.highest);
    if (tally.markAge <= RECENT_MARK) {
      (lowest, highest) = (Math.min(lowest, tally.mark), Math.max(highest, tally.mark));
    }
    if (lowest < highest && Samples.apart(lowest, highest, JUMP_PERCENT)) flags |= JUMP_FLAG;
  }

  /* SLOTS */

  /// @dev What the lanes say, slot by slot; each of their words is read once.
  function _tally(
    Fixing storage state,
    uint256 word,
    bytes32 profile,
    uint256 expiry
  ) private view returns (Tally memory tally) {
    (uint256 slots, ) = _slots(profile);
    tally.begin(slots, FixingWord.mark(word), expiry - FixingWord.markTime(word));
    uint256 votes = FixingWord.votes(word);
    uint256[] memory cursors = Lanes.cursors();
    for (uint256 vote = 0; votes >> vote != 0; ++vote) {
      if ((votes >> vote) & 1 == 1) Lanes.follow(cursors, state.lanes, vote * slots);
    }
    uint256[] memory prices = Words.make(cursors.length);
    uint256 all = Lanes.MASK;
    for (uint256 k = 0; k < slots; ++k) {
      uint256 count;
      (count, all) = Lanes.take(cursors, prices, all);
      if (count != 0) tally.weigh(prices, count);
    }
    tally.maximal = Lanes.isMaximal(all);
  }
}

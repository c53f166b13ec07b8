// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FixingWord} from "../../libraries/FixingWord.sol";
import {Lanes} from "../../libraries/Lanes.sol";
import {Samples} from "../../libraries/Samples.sol";
import {Fixings} from "./Fixings.sol";

/// @title Ladder
/// @notice From the values to the number: what a slot says, which slots count, which step applies and when.
abstract contract Ladder is Fixings {
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

  uint256 private constant PAIR_PERCENT = 1;
  uint256 private constant FLAG_PERCENT = 3;
  uint256 private constant JUMP_PERCENT = 10;
  uint256 private constant APART_SLOTS = 3;
  uint256 private constant YOUNG_MARK = 24 hours;
  uint256 private constant RECENT_MARK = 1 hours;

  /// @dev What a slot is, as a set of one, so that a group of slots is a set of kinds.
  uint256 private constant SINGLE = 1;
  uint256 private constant PAIR = 2;
  uint256 private constant STRONG = 4;
  /// @dev Two classes apart and an old mark: the slot does not count, unless nothing else does.
  uint256 private constant CLAMPED = 8;

  /// @dev What the slots say, and how many there are of each kind.
  struct Tally {
    uint256[] values;
    uint256[] kinds;
    uint256 strong;
    uint256 paired;
    uint256 filled;
    uint256 apart;
    bool maximal;
    uint256 mark;
    uint256 markAge;
  }

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
      if (tally.values.length == 0) tally = _tally(state, word, profile, expiry);
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
    uint256 slots = tally.values.length;
    bool strong = tally.strong * 5 >= slots * 4;
    if (stage == 0 && strong && _flags(tally, STRONG) == 0) return _settle(fixing, word, tally, STRONG, F1);
    if (stage == 1 && strong) return _settle(fixing, word, tally, STRONG, F1);
    if (stage == 1 && tally.paired != 0) return _settle(fixing, word, tally, PAIR | STRONG, F2);
    if (stage == 2 && tally.filled != 0) {
      (, uint256 counting) = _mean(tally, SINGLE | PAIR | STRONG);
      return _settle(fixing, word, tally, counting == 0 ? CLAMPED : SINGLE | PAIR | STRONG, F3);
    }
    if (stage == 3) {
      uint64 mark = FixingWord.mark(word);
      emit PriceSettled(fixing, mark, F4, 0);
      return FixingWord.settled(word, mark, F4);
    }
    word = FixingWord.withNextStage(word);
    emit WindowClosed(fixing, uint8(stage + 1));
    return word;
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
    if (!tally.maximal || _flags(tally, SINGLE | PAIR | STRONG) != 0) return word;
    word = _settle(fixing, word, tally, SINGLE | PAIR | STRONG, F0);
    state.word = word;
    return word;
  }

  function _settle(
    bytes32 fixing,
    uint256 word,
    Tally memory tally,
    uint256 group,
    uint8 step
  ) private returns (uint256) {
    (uint256 number, ) = _mean(tally, group);
    emit PriceSettled(fixing, uint64(number), step, _flags(tally, group));
    return FixingWord.settled(word, number, step);
  }

  /* NUMBER */

  /// @dev Mean over the slots of a group, floored; 0 and 0 when there is none.
  function _mean(Tally memory tally, uint256 group) private pure returns (uint256 number, uint256 count) {
    uint256 slots = tally.values.length;
    for (uint256 k = 0; k < slots; ++k) {
      if (tally.kinds[k] & group == 0) continue;
      number += tally.values[k];
      ++count;
    }
    if (count != 0) number /= count;
  }

  /// @dev What is odd about the number of a group.
  function _flags(Tally memory tally, uint256 group) private pure returns (uint8 flags) {
    (uint256 number, uint256 count) = _mean(tally, group);
    if (count == 0) return 0;
    if (Samples.off(number, tally.mark, FLAG_PERCENT)) flags |= MARK_FLAG;
    uint256 slots = tally.values.length;
    if (tally.apart >= Math.min(APART_SLOTS, slots)) flags |= APART_FLAG;
    bool recent = tally.markAge <= RECENT_MARK;
    uint256 lowest = recent ? tally.mark : type(uint256).max;
    uint256 highest = recent ? tally.mark : 0;
    for (uint256 k = 0; k < slots; ++k) {
      if (tally.kinds[k] & group == 0) continue;
      uint256 value = tally.values[k];
      if (value < lowest) lowest = value;
      if (value > highest) highest = value;
    }
    if (Samples.apart(lowest, highest, JUMP_PERCENT)) flags |= JUMP_FLAG;
  }

  /* SLOTS */

  function _tally(
    Fixing storage state,
    uint256 word,
    bytes32 profile,
    uint256 expiry
  ) private view returns (Tally memory tally) {
    (uint256 slots, ) = _slots(profile);
    tally.values = new uint256[](slots);
    tally.kinds = new uint256[](slots);
    tally.mark = FixingWord.mark(word);
    tally.markAge = expiry - FixingWord.markTime(word);
    (uint256[] memory prices, uint256[] memory counts, uint256 width, bool maximal) = _values(state, word, slots);
    tally.maximal = maximal;
    uint256[] memory one = new uint256[](width);
    for (uint256 k = 0; k < slots; ++k) {
      uint256 count = counts[k];
      if (count == 0) continue;
      for (uint256 j = 0; j < count; ++j) one[j] = prices[k * width + j];
      _weigh(tally, k, one, count);
    }
  }

  /// @dev One slot, from the values of its classes.
  function _weigh(Tally memory tally, uint256 slot, uint256[] memory prices, uint256 count) private pure {
    ++tally.filled;
    if (count == 1) {
      (tally.values[slot], tally.kinds[slot]) = (prices[0], SINGLE);
      return;
    }
    Samples.sort(prices, count);
    (uint256 lower, uint256 upper) = (prices[0], prices[count - 1]);
    if (Samples.apart(lower, upper, FLAG_PERCENT)) ++tally.apart;
    if (count > 2) {
      (tally.values[slot], tally.kinds[slot]) = (Samples.median(prices, count), STRONG);
      ++tally.strong;
      ++tally.paired;
    } else if (!Samples.apart(lower, upper, PAIR_PERCENT)) {
      (tally.values[slot], tally.kinds[slot]) = (Math.average(lower, upper), PAIR);
      ++tally.paired;
    } else {
      // The median of both and the mark. With an old mark it counts only if nothing else does.
      tally.values[slot] = Math.max(lower, Math.min(upper, tally.mark));
      bool young = tally.markAge < YOUNG_MARK;
      tally.kinds[slot] = young ? PAIR : CLAMPED;
      if (young) ++tally.paired;
    }
  }

  /// @dev The filled lanes, slot by slot: `prices[slot · width + j]`, j < counts[slot]. `maximal`: every lane is.
  function _values(
    Fixing storage state,
    uint256 word,
    uint256 slots
  ) private view returns (uint256[] memory prices, uint256[] memory counts, uint256 width, bool maximal) {
    uint256 votes = FixingWord.votes(word);
    for (uint256 rest = votes; rest != 0; rest &= rest - 1) ++width;
    prices = new uint256[](slots * width);
    counts = new uint256[](slots);
    maximal = true;
    for (uint256 vote = 0; votes >> vote != 0; ++vote) {
      if ((votes >> vote) & 1 == 0) continue;
      uint256 index = vote * slots;
      uint256 lanes = state.lanes[index / Lanes.PER_WORD] >> (Lanes.BITS * (index % Lanes.PER_WORD));
      for (uint256 k = 0; k < slots; ++k) {
        if (k != 0) {
          if (++index % Lanes.PER_WORD == 0) lanes = state.lanes[index / Lanes.PER_WORD];
          else lanes >>= Lanes.BITS;
        }
        uint256 lane = lanes & Lanes.MASK;
        if (!Lanes.isMaximal(lane)) maximal = false;
        if (lane != 0) prices[k * width + counts[k]++] = Lanes.price(lane);
      }
    }
  }
}

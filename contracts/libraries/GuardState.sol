// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Trigger} from "../interfaces/ICircuitBreaker.sol";

/// @notice What is in force in a market. Times in unix seconds.
/// @param level Level last set.
/// @param until Its end.
/// @param firmUntil Whatever ends before, the market is restricted until then.
/// @param trigger What set the level.
/// @param trippedAt When.
/// @param olderStart Beginning of the episode before the last one.
/// @param newerStart Beginning of the last episode.
/// @param escalation Power of four by which its stays are prolonged.
/// @param tightness Stress that is applied, bps.
/// @param watched Whether the market is enrolled; so the word is never written from zero by a trip.
struct State {
  uint8 level;
  uint40 until;
  uint40 firmUntil;
  Trigger trigger;
  uint40 trippedAt;
  uint40 olderStart;
  uint40 newerStart;
  uint8 escalation;
  uint16 tightness;
  bool watched;
}

/// @title GuardState
/// @notice `State` in one word, low bits first: level 8, until 40, firm until 40, trigger 8, tripped at 40, older start 40,
///         newer start 40, escalation 8, tightness 16, watched 1. Written at once: field by field costs a store each.
library GuardState {
  function pack(State memory state) internal pure returns (uint256) {
    return
      uint256(state.level) |
      (uint256(state.until) << 8) |
      (uint256(state.firmUntil) << 48) |
      (uint256(state.trigger) << 88) |
      (uint256(state.trippedAt) << 96) |
      (uint256(state.olderStart) << 136) |
      (uint256(state.newerStart) << 176) |
      (uint256(state.escalation) << 216) |
      (uint256(state.tightness) << 224) |
      (state.watched ? 1 << 240 : 0);
  }

  function unpack(uint256 word) internal pure returns (State memory state) {
    state.level = uint8(word);
    state.until = uint40(word >> 8);
    state.firmUntil = uint40(word >> 48);
    state.trigger = Trigger(uint8(word >> 88));
    state.trippedAt = uint40(word >> 96);
    state.olderStart = uint40(word >> 136);
    state.newerStart = uint40(word >> 176);
    state.escalation = uint8(word >> 216);
    state.tightness = uint16(word >> 224);
    state.watched = word >> 240 != 0;
  }

  /// @dev The level as it reads now.
  function levelNow(State memory state) internal view returns (uint256) {
    return state.until > block.timestamp ? state.level : 0;
  }
}

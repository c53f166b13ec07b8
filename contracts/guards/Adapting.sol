// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FeedWatch, ICircuitBreaker, NetworkWatch, Trigger} from "../interfaces/ICircuitBreaker.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {GuardState, State} from "../libraries/GuardState.sol";
import {Volatility} from "../libraries/Volatility.sol";
import {Observing} from "./Observing.sol";

/// @title Adapting
/// @notice Stress, and the tightness that follows it, fast up and slowly down.
abstract contract Adapting is Observing {
  using GuardState for State;

  /// @dev A network that nobody looked at for so long says nothing.
  uint256 private constant NETWORK_MEMORY = 15 minutes;
  uint256 private constant ADAPT_GAP = 10 minutes;
  uint256 private constant STEP_UP = 2_000;
  uint256 private constant STEP_DOWN = 200;
  uint256 private constant FEW_VOTES_STRESS = 5_000;

  /// @inheritdoc ICircuitBreaker
  function adapt(uint256 market) external returns (uint16 tightness) {
    (Market storage watch, State memory state) = _stateOf(market);
    uint256 from = uint256(watch.adaptedAt) + ADAPT_GAP;
    if (watch.adaptedAt != 0 && block.timestamp < from) revert TooEarly(block.timestamp, from);
    (, , , uint256 whole) = _stress(watch, state);
    if (whole >= state.tightness) {
      tightness = uint16(Math.min(whole, state.tightness + STEP_UP));
    } else {
      uint256 down = STEP_DOWN * ((block.timestamp - watch.adaptedAt) / ADAPT_GAP);
      tightness = uint16(state.tightness > whole + down ? state.tightness - down : whole);
    }
    watch.adaptedAt = uint40(block.timestamp);
    state.tightness = tightness;
    emit Adapted(market, tightness, _ceiling(watch, tightness));
    // Writing a halt again would count as another one; no ceiling matters before it ends.
    if (state.levelNow() == BreakerRules.HALTED) watch.state = GuardState.pack(state);
    else _write(market, watch, state);
  }

  /// @dev Votes count as missing only where somebody asked for them: prices that nobody brings are no fault.
  function _stress(
    Market storage watch,
    State memory state
  ) private view returns (uint256 volatility, uint256 faults, uint256 network, uint256 whole) {
    NetworkWatch memory seen = _network;
    if (seen.lastTime + NETWORK_MEMORY > block.timestamp) network = Math.max(seen.gapStress, seen.feeStress);
    bytes32 feed = watch.feed;
    if (feed != 0) {
      FeedWatch memory head = _seen[feed].head;
      if (head.variance != 0) {
        uint256 aged = Volatility.aged(head.variance, block.timestamp - head.lastTime);
        volatility = Volatility.ofVariance(aged, _dailyVol(feed));
      }
    }
    if (state.levelNow() != 0) {
      if (state.trigger == Trigger.FewVotes) faults = FEW_VOTES_STRESS;
      if (state.trigger == Trigger.NoVotes) faults = Volatility.WHOLE;
    }
    whole = Math.max(Math.max(volatility, faults), network);
  }

  /// @inheritdoc ICircuitBreaker
  function stressOf(
    uint256 market
  ) external view returns (uint256 volatility, uint256 faults, uint256 network, uint256 whole) {
    (Market storage watch, State memory state) = _stateOf(market);
    return _stress(watch, state);
  }
}

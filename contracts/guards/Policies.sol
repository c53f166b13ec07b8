// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker, Policy} from "../interfaces/ICircuitBreaker.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {GuardState, State} from "../libraries/GuardState.sol";
import {PolicyWord} from "../libraries/PolicyWord.sol";
import {Watching} from "./Watching.sol";

/// @title Policies
/// @notice Thresholds change within bounds and by steps: tighter at once, looser with the manager's delay, and back once.
abstract contract Policies is Watching {
  using GuardState for State;
  using PolicyWord for uint112;

  uint256 private constant CHANGE_GAP = 24 hours;
  uint256 private constant ROLL_BACK_WINDOW = 72 hours;
  /// @dev A step is at most this part of the value.
  uint256 private constant STEP = 5;

  /// @inheritdoc ICircuitBreaker
  function tighten(uint256 market, Policy calldata policy) external restricted {
    Market storage watch = _market(market);
    _requireGap(watch.tightenedAt);
    watch.tightenedAt = uint40(block.timestamp);
    _change(market, watch, PolicyWord.pack(policy), true);
  }

  /// @inheritdoc ICircuitBreaker
  function setPolicy(uint256 market, Policy calldata policy) external restricted {
    Market storage watch = _market(market);
    _requireGap(watch.setAt);
    watch.setAt = uint40(block.timestamp);
    _change(market, watch, PolicyWord.pack(policy), false);
  }

  /// @inheritdoc ICircuitBreaker
  function rollBack(uint256 market) external restricted {
    Market storage watch = _market(market);
    uint112 previous = watch.previous;
    if (previous == 0 || block.timestamp >= watch.policySince + ROLL_BACK_WINDOW) revert NothingToRollBack(market);
    watch.previous = 0;
    // A steward who was right may say so again at once.
    watch.tightenedAt = 0;
    _set(market, watch, previous);
  }

  function _requireGap(uint256 last) private view {
    if (last != 0 && block.timestamp < last + CHANGE_GAP) revert TooEarly(block.timestamp, last + CHANGE_GAP);
  }

  function _change(uint256 market, Market storage watch, uint112 policy, bool tighterOnly) private {
    uint112 current = watch.policy;
    if (policy == current) revert PolicyUnchanged(market);
    uint112 min = PolicyWord.pack(BreakerRules.least());
    uint112 max = PolicyWord.pack(BreakerRules.greatest());
    for (uint256 i = 0; i < PolicyWord.FIELDS; ++i) {
      uint256 value = policy.field(i);
      uint256 before = current.field(i);
      if (value < min.field(i) || value > max.field(i)) revert PolicyBound(i, value, min.field(i), max.field(i));
      uint256 step = before / STEP;
      if (value + step < before || value > before + step) revert PolicyStep(i, value, before - step, before + step);
      if (tighterOnly && PolicyWord.loosens(i, value, before)) revert PolicyLoosens(i, value, before);
    }
    // Off its peg below where it is back on it.
    if (policy.depegBelow() >= policy.pegAbove()) {
      revert PolicyBound(4, policy.pegAbove(), policy.depegBelow() + 1, max.pegAbove());
    }
    watch.previous = current;
    _set(market, watch, policy);
  }

  /// @dev The ledger's ceiling follows at once, but for a halt: written again it would count as another one.
  function _set(uint256 market, Market storage watch, uint112 policy) private {
    emit PolicySet(market, watch.policy.unpack(), policy.unpack());
    watch.policy = policy;
    watch.policySince = uint40(block.timestamp);
    (, State memory state) = _stateOf(market);
    if (state.levelNow() != BreakerRules.HALTED) _write(market, watch, state);
  }

  /// @inheritdoc ICircuitBreaker
  function policyBounds() external pure returns (Policy memory min, Policy memory initial, Policy memory max) {
    return (BreakerRules.least(), BreakerRules.initial(), BreakerRules.greatest());
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker, Rule, Trigger} from "../interfaces/ICircuitBreaker.sol";
import {Dispersion} from "../interfaces/IOracleHub.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {State} from "../libraries/GuardState.sol";
import {PolicyWord} from "../libraries/PolicyWord.sol";
import {Adapting} from "./Adapting.sol";

/// @title Evidence
/// @notice What each trigger asks of the chain, now; and notices, for conditions that have to hold on.
abstract contract Evidence is Adapting {
  using PolicyWord for uint112;

  uint256 private constant REFERENCE_AGE = 300;
  uint256 private constant LEAST_VOTES = 2;

  /// @dev Whether a condition holds, whether it may halt, and its figures.
  struct Condition {
    bool holds;
    bool halts;
    uint256 measured;
    uint256 threshold;
  }

  /* NOTICES */

  /// @inheritdoc ICircuitBreaker
  function notice(uint256 market, Trigger trigger) external {
    (Market storage watch, State memory state) = _stateOf(market);
    if (!BreakerRules.needsNotice(trigger)) revert TriggerUnavailable(market, trigger);
    (uint256 since, , uint256 to) = _notice(watch, trigger);
    if (since != 0 && block.timestamp <= to) revert NoticeStands(trigger, since);
    Condition memory condition = _condition(market, watch, state, trigger, block.timestamp);
    if (!condition.holds) revert NoEvidence(trigger, condition.measured, condition.threshold);
    watch.notices[uint256(trigger)] = uint40(block.timestamp);
    emit NoticeGiven(market, trigger);
  }

  /// @inheritdoc ICircuitBreaker
  function answer(uint256 market, Trigger trigger) external {
    (Market storage watch, State memory state) = _stateOf(market);
    uint256 since = watch.notices[uint256(trigger)];
    // Silence is no answer to votes being apart; that notice is short anyway.
    if (since == 0 || trigger == Trigger.Apart) revert NothingToAnswer(trigger);
    if (_condition(market, watch, state, trigger, since).holds) revert NothingToAnswer(trigger);
    delete watch.notices[uint256(trigger)];
    emit NoticeAnswered(market, trigger);
  }

  /// @inheritdoc ICircuitBreaker
  function noticeOf(uint256 market, Trigger trigger) external view returns (uint40 since, uint40 from, uint40 to) {
    (uint256 since_, uint256 from_, uint256 to_) = _notice(_market(market), trigger);
    return (uint40(since_), uint40(from_), uint40(to_));
  }

  function _notice(
    Market storage watch,
    Trigger trigger
  ) private view returns (uint256 since, uint256 from, uint256 to) {
    since = watch.notices[uint256(trigger)];
    if (since == 0 || _wasInterrupted(trigger, since)) return (0, 0, 0);
    Rule memory rule = BreakerRules.ruleOf(trigger);
    return (since, since + rule.noticeMin, since + rule.noticeMax);
  }

  /// @dev While the sequencer was down nobody could answer for the votes.
  function _wasInterrupted(Trigger trigger, uint256 since) private view returns (bool) {
    if (trigger != Trigger.FewVotes && trigger != Trigger.NoVotes) return false;
    (bool exists, bool down, , uint256 began, , ) = HUB.sequencer();
    return exists && (down || began > since);
  }

  /* EVIDENCE */

  /// @dev What was measured, and whether it may halt; reverts if it is no evidence.
  function _evidence(
    uint256 market,
    Market storage watch,
    State memory state,
    Trigger trigger,
    uint256 hint
  ) internal view returns (uint256 measured, bool halts) {
    if (trigger == Trigger.Move || trigger == Trigger.BigMove || trigger == Trigger.HugeMove) {
      return (_move(market, watch, state.tightness, trigger, hint), false);
    }
    uint256 since = block.timestamp;
    if (BreakerRules.needsNotice(trigger)) {
      uint256 from;
      uint256 to;
      (since, from, to) = _notice(watch, trigger);
      if (since == 0 || block.timestamp < from || block.timestamp > to) revert NoticeMissing(trigger, from, to);
    }
    Condition memory condition = _condition(market, watch, state, trigger, since);
    if (!condition.holds) revert NoEvidence(trigger, condition.measured, condition.threshold);
    return (condition.measured, condition.halts);
  }

  /// @dev Whether a condition holds; for votes, that it has held since.
  function _condition(
    uint256 market,
    Market storage watch,
    State memory state,
    Trigger trigger,
    uint256 since
  ) private view returns (Condition memory condition) {
    if (trigger == Trigger.Sequencer) return _sequencer(market);
    if (trigger == Trigger.Depeg) return _depeg(market, watch);
    bytes32 feed = watch.feed;
    if (feed == 0) revert TriggerUnavailable(market, trigger);
    (uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, since);
    if (trigger == Trigger.FewVotes || trigger == Trigger.NoVotes) {
      uint256 least = trigger == Trigger.FewVotes ? quorum : LEAST_VOTES;
      // Whoever was good at some time since the notice has answered it.
      return Condition(votes.seen < least, true, votes.seen, least);
    }
    if (trigger != Trigger.Apart && trigger != Trigger.FarApart) revert TriggerUnavailable(market, trigger);
    uint112 policy = watch.policy;
    uint256 agreed = _tightened(policy.apart(), state.tightness);
    condition.threshold = trigger == Trigger.Apart ? agreed : _tightened(policy.farApart(), state.tightness);
    condition.measured = _distance(votes.lowest, votes.highest);
    condition.holds = votes.recent > 1 && condition.measured >= condition.threshold;
    // While some agree there is a price; one vote that is off, or early, does not halt.
    condition.halts = votes.recent >= quorum && _distance(votes.coreLow, votes.coreHigh) >= agreed;
  }

  function _sequencer(uint256 market) private view returns (Condition memory condition) {
    (bool exists, bool down, , uint256 began, uint256 grace, ) = HUB.sequencer();
    if (!exists) revert TriggerUnavailable(market, Trigger.Sequencer);
    if (down) return Condition(true, false, 0, 0);
    return Condition(block.timestamp < began + grace, false, block.timestamp, began + grace);
  }

  /// @dev From the votes that agreed in the last five minutes to those of this minute that agree, the nearest ends of both: an
  ///      honest price moved as far at least.
  function _move(
    uint256 market,
    Market storage watch,
    uint256 tightness,
    Trigger trigger,
    uint256 hint
  ) private view returns (uint256 measured) {
    bytes32 feed = watch.feed;
    if (feed == 0) revert TriggerUnavailable(market, trigger);
    (uint256 low, uint256 high, uint256 time, ) = _observation(feed, hint);
    if (time == 0) revert ReferenceInvalid(hint, 0);
    if (time + REFERENCE_AGE < block.timestamp) revert ReferenceInvalid(hint, block.timestamp - time);
    (uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp);
    uint112 policy = watch.policy;
    _requireCore(votes, quorum, _tightened(policy.apart(), tightness));
    if (votes.coreHigh < low) measured = ((low - votes.coreHigh) * BPS) / low;
    if (votes.coreLow > high) measured = ((votes.coreLow - high) * BPS) / high;
    uint256 threshold = _tightened(policy.move(), tightness);
    if (trigger == Trigger.BigMove) threshold *= 2;
    if (trigger == Trigger.HugeMove) threshold = (threshold * 7) / 2;
    if (measured < threshold) revert NoEvidence(trigger, measured, threshold);
  }

  /// @dev Below the peg; once restricted for it, until it is back well enough.
  function _depeg(uint256 market, Market storage watch) private view returns (Condition memory) {
    bytes32 feed = watch.tokenFeed;
    if (feed == 0) revert TriggerUnavailable(market, Trigger.Depeg);
    (uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp);
    // Off the peg its venues are apart; the middle of a quorum is within what the honest ones say all the same.
    if (votes.recent < quorum) revert NoAgreement(votes.recent, quorum, _distance(votes.coreLow, votes.coreHigh));
    bool inForce = watch.depegUntil > block.timestamp;
    uint256 threshold = inForce ? watch.policy.pegAbove() : watch.policy.depegBelow();
    // Eight decimals; a peg is one.
    uint256 measured = HUB.spot(feed).mid / 10_000;
    return Condition(measured < threshold, false, measured, threshold);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ICircuitBreaker, Rule, Trigger} from "../interfaces/ICircuitBreaker.sol";
import {Dispersion, Spot} from "../interfaces/IOracleHub.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {PolicyWord} from "../libraries/PolicyWord.sol";
import {Observing} from "./Observing.sol";

/// @title Evidence
/// @notice What each trigger asks of the chain, now; and notices, for conditions that have to hold on.
abstract contract Evidence is Observing {
  using PolicyWord for uint112;

  uint256 private constant REFERENCE_AGE = 300;
  uint256 private constant LEAST_VOTES = 2;

  /* NOTICES */

  /// @inheritdoc ICircuitBreaker
  function notice(uint256 market, Trigger trigger) external {
    (Market storage watch, State memory state) = _stateOf(market);
    if (!BreakerRules.needsNotice(trigger)) revert TriggerUnavailable(market, trigger);
    (uint256 since, , uint256 to) = _notice(watch, trigger);
    if (since != 0 && block.timestamp <= to) revert NoticeStands(trigger, since);
    (bool holds, uint256 measured, uint256 threshold) = _condition(market, watch, state, trigger, block.timestamp);
    if (!holds) revert NoEvidence(trigger, measured, threshold);
    watch.notices[uint256(trigger)] = uint40(block.timestamp);
    emit NoticeGiven(market, trigger);
  }

  /// @inheritdoc ICircuitBreaker
  function answer(uint256 market, Trigger trigger) external {
    (Market storage watch, State memory state) = _stateOf(market);
    uint256 since = watch.notices[uint256(trigger)];
    // Silence is no answer to votes being apart; that notice is short anyway.
    if (since == 0 || trigger == Trigger.Apart) revert NothingToAnswer(trigger);
    (bool holds, , ) = _condition(market, watch, state, trigger, since);
    if (holds) revert NothingToAnswer(trigger);
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
    if (since == 0) return (0, 0, 0);
    Rule memory rule = BreakerRules.ruleOf(trigger);
    return (since, since + rule.noticeMin, since + rule.noticeMax);
  }

  /* EVIDENCE */

  /// @dev What was measured; reverts if it is no evidence.
  function _evidence(
    uint256 market,
    Market storage watch,
    State memory state,
    Trigger trigger,
    uint256 hint
  ) internal view returns (uint256 measured) {
    if (trigger == Trigger.Move || trigger == Trigger.BigMove || trigger == Trigger.HugeMove) {
      return _move(market, watch, state.tightness, trigger, hint);
    }
    uint256 since = block.timestamp;
    if (BreakerRules.needsNotice(trigger)) {
      uint256 from;
      uint256 to;
      (since, from, to) = _notice(watch, trigger);
      if (since == 0 || block.timestamp < from || block.timestamp > to) revert NoticeMissing(trigger, from, to);
    }
    bool holds;
    uint256 threshold;
    (holds, measured, threshold) = _condition(market, watch, state, trigger, since);
    if (!holds) revert NoEvidence(trigger, measured, threshold);
  }

  /// @dev Whether a condition holds; for votes, that it has held since.
  function _condition(
    uint256 market,
    Market storage watch,
    State memory state,
    Trigger trigger,
    uint256 since
  ) private view returns (bool holds, uint256 measured, uint256 threshold) {
    if (trigger == Trigger.Sequencer) {
      (bool exists, bool down, , uint256 began, uint256 grace, ) = HUB.sequencer();
      if (!exists) revert TriggerUnavailable(market, trigger);
      if (down) return (true, 0, 0);
      return (block.timestamp < began + grace, block.timestamp, began + grace);
    }
    if (trigger == Trigger.Depeg) return _depeg(market, watch, state);
    bytes32 feed = watch.feed;
    if (feed == 0) revert TriggerUnavailable(market, trigger);
    (, uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, since);
    if (trigger == Trigger.FewVotes || trigger == Trigger.NoVotes) {
      threshold = trigger == Trigger.FewVotes ? quorum : LEAST_VOTES;
      // Whoever was good at some time since the notice has answered it.
      measured = votes.seen;
      return (measured < threshold, measured, threshold);
    }
    if (trigger != Trigger.Apart && trigger != Trigger.FarApart) revert TriggerUnavailable(market, trigger);
    uint112 policy = watch.policy;
    threshold = _tightened(trigger == Trigger.Apart ? policy.apart() : policy.farApart(), state.tightness);
    measured = _distance(votes);
    return (votes.recent > 1 && measured >= threshold, measured, threshold);
  }

  /// @dev A move against an observation of the last five minutes, by votes of this minute that agree.
  function _move(
    uint256 market,
    Market storage watch,
    uint256 tightness,
    Trigger trigger,
    uint256 hint
  ) private view returns (uint256 measured) {
    bytes32 feed = watch.feed;
    if (feed == 0) revert TriggerUnavailable(market, trigger);
    (uint256 price, uint256 time) = _observation(feed, hint);
    if (time == 0) revert ReferenceInvalid(hint, 0);
    if (time + REFERENCE_AGE < block.timestamp) revert ReferenceInvalid(hint, block.timestamp - time);
    (Spot memory spot, uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp);
    uint112 policy = watch.policy;
    uint256 distance = _distance(votes);
    if (votes.recent < quorum || distance >= _tightened(policy.apart(), tightness)) {
      revert NoAgreement(votes.recent, quorum, distance);
    }
    measured = ((spot.mid > price ? spot.mid - price : price - spot.mid) * BPS) / price;
    uint256 threshold = _tightened(policy.move(), tightness);
    if (trigger == Trigger.BigMove) threshold *= 2;
    if (trigger == Trigger.HugeMove) threshold = (threshold * 7) / 2;
    if (measured < threshold) revert NoEvidence(trigger, measured, threshold);
  }

  /// @dev Below the peg; once restricted for it, until it is back well enough.
  function _depeg(
    uint256 market,
    Market storage watch,
    State memory state
  ) private view returns (bool holds, uint256 measured, uint256 threshold) {
    bytes32 feed = watch.tokenFeed;
    if (feed == 0) revert TriggerUnavailable(market, Trigger.Depeg);
    (Spot memory spot, uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp);
    // Off the peg its venues are apart; the middle of a quorum is within what the honest ones say all the same.
    if (votes.recent < quorum) revert NoAgreement(votes.recent, quorum, _distance(votes));
    bool inForce = state.trigger == Trigger.Depeg && _level(state) != 0;
    threshold = inForce ? watch.policy.pegAbove() : watch.policy.depegBelow();
    // Eight decimals; a peg is one.
    measured = spot.mid / 10_000;
    return (measured < threshold, measured, threshold);
  }

  /// @dev Distance of the votes of this minute, bps of the lowest.
  function _distance(Dispersion memory votes) private pure returns (uint256) {
    return votes.lowest == 0 ? 0 : (uint256(votes.highest - votes.lowest) * BPS) / votes.lowest;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChainlinkSettlement} from "../interfaces/IChainlinkSettlement.sol";
import {IPhaseProxy} from "../interfaces/IPhaseProxy.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {BoundedRead} from "./BoundedRead.sol";
import {Prices} from "./Prices.sol";

/// @title PhaseRounds
/// @notice Reads a Chainlink proxy: its scale, its latest round, and what a hint says about one of its phases. Round id =
///         phase << 64 | aggregator round.
/// @dev Errors are those of `IChainlinkSettlement`. A missing round reverts in some aggregators and is zeros in others;
///      to this library both are an incomplete round.
library PhaseRounds {
  using BoundedRead for address;

  uint256 internal constant PHASE_OFFSET = 64;
  /// @dev Incomplete rounds that a walk steps over.
  uint256 internal constant MAX_INCOMPLETE = 64;
  /// @dev Seconds after the expiry from which a phase without a later round counts as complete: until then a report
  ///      stamped before the expiry may still be on its way.
  uint256 internal constant END_DELAY = 300;
  /// @dev First answer that is no price any more.
  int256 internal constant ANSWER_BOUND = 2 ** 96;

  /// @dev Decimals of the answers of what should be a feed.
  function feedDecimals(address proxy) internal view returns (uint256 decimals) {
    if (proxy.code.length == 0) revert IChainlinkSettlement.FeedWithoutCode(proxy);
    decimals = readDecimals(proxy);
    if (decimals > Prices.MAX_DECIMALS) {
      revert IChainlinkSettlement.DecimalsTooLarge(decimals, Prices.MAX_DECIMALS);
    }
  }

  /// @dev Decimals as the feed says now.
  function readDecimals(address proxy) internal view returns (uint256 decimals) {
    bool ok;
    (ok, decimals) = proxy.word(IPhaseProxy.decimals.selector, 8);
    if (!ok) revert IChainlinkSettlement.DecimalsUnreadable(proxy);
  }

  /// @dev The latest round, if a price may be taken from it: 0 < answer < ANSWER_BOUND, 0 < updatedAt ≤ now.
  function acceptedRound(
    address proxy,
    uint256 maxAge
  ) internal view returns (uint256 roundId, int256 answer, uint256 updatedAt) {
    bool ok;
    uint256 answeredInRound;
    (ok, roundId, answer, updatedAt, answeredInRound) = proxy.latestRound(IPhaseProxy.latestRoundData.selector);
    _requireAccepted(proxy, ok, roundId, answer, updatedAt);
    uint256 age = block.timestamp - updatedAt;
    if (age > maxAge) revert IChainlinkSettlement.MarkTooOld(age, maxAge);
    if (answeredInRound < roundId) revert IChainlinkSettlement.AnsweredInEarlierRound(answeredInRound, roundId);
  }

  /// @dev The same without a bound of age, and the scale it is in, with whatever gas there is: within a bounded call the
  ///      reads it makes cannot be bounded again.
  function acceptedNow(
    address proxy
  ) internal view returns (uint256 decimals, uint256 roundId, int256 answer, uint256 updatedAt) {
    bool ok;
    (ok, decimals) = proxy.wordAtAnyGas(IPhaseProxy.decimals.selector, 8);
    if (!ok) revert IChainlinkSettlement.DecimalsUnreadable(proxy);
    uint256 answeredInRound;
    (ok, roundId, answer, updatedAt, answeredInRound) = proxy.latestRoundAtAnyGas(IPhaseProxy.latestRoundData.selector);
    _requireAccepted(proxy, ok, roundId, answer, updatedAt);
    if (answeredInRound < roundId) revert IChainlinkSettlement.AnsweredInEarlierRound(answeredInRound, roundId);
  }

  function _requireAccepted(address proxy, bool ok, uint256 roundId, int256 answer, uint256 updatedAt) private view {
    if (!ok) revert IChainlinkSettlement.FeedUnreadable(proxy);
    if (roundId >> PHASE_OFFSET == 0) revert IChainlinkSettlement.RoundWithoutPhase(roundId);
    if (answer <= 0) revert IChainlinkSettlement.AnswerNotPositive(answer);
    if (answer >= ANSWER_BOUND) revert IChainlinkSettlement.AnswerTooLarge(answer, ANSWER_BOUND);
    if (updatedAt == 0) revert IChainlinkSettlement.RoundNotUpdated(roundId);
    if (updatedAt > block.timestamp) revert IChainlinkSettlement.RoundFromFuture(updatedAt, block.timestamp);
  }

  /// @dev The phase in force.
  function currentPhase(address proxy) internal view returns (uint256 current) {
    bool ok;
    (ok, current) = proxy.word(IPhaseProxy.phaseId.selector, 16);
    if (!ok) revert IChainlinkSettlement.PhaseUnreadable(proxy);
  }

  /// @dev The last complete round of `phase` up to the expiry, which the hint names; zeros if the hint is 0 and
  ///      there is none. Reverts when the hint is wrong. `phase` is at most `current`, the phase in force.
  function candidate(
    address proxy,
    uint256 current,
    uint256 phase,
    uint256 hint,
    uint256 expiry
  ) internal view returns (int256 answer, uint256 updatedAt) {
    uint256 next = phase << PHASE_OFFSET;
    bool complete;
    if (hint != 0) {
      if (hint >> PHASE_OFFSET != phase || hint == next) revert IChainlinkSettlement.HintOutOfPhase(hint, phase);
      next = hint;
      (complete, answer, updatedAt) = _completeRound(proxy, hint);
      if (!complete) revert IChainlinkSettlement.RoundIncomplete(hint);
      if (updatedAt > expiry) revert IChainlinkSettlement.RoundAfterExpiry(updatedAt, expiry);
    }
    uint256 latest;
    for (uint256 step = 1; ; ++step) {
      uint256 laterUpdatedAt;
      (complete, , laterUpdatedAt) = _completeRound(proxy, ++next);
      if (complete) {
        if (laterUpdatedAt <= expiry) revert IChainlinkSettlement.NotLastRound(hint, next);
        break;
      }
      if (step == 1) latest = _latestOf(proxy, current, phase);
      if (next >= latest) {
        uint256 from = expiry + END_DELAY;
        if (block.timestamp < from) revert ISettlementOracle.TooEarlyToFix(block.timestamp, from);
        break;
      }
      if (step > MAX_INCOMPLETE) revert IChainlinkSettlement.TooManyIncomplete(hint, MAX_INCOMPLETE);
    }
  }

  /// @dev A round, and whether it may count.
  function _completeRound(
    address proxy,
    uint256 id
  ) private view returns (bool complete, int256 answer, uint256 updatedAt) {
    uint256 roundId;
    uint256 answeredInRound;
    (complete, roundId, answer, updatedAt, answeredInRound) = proxy.roundAt(IPhaseProxy.getRoundData.selector, id);
    complete =
      complete &&
      roundId == id &&
      answer > 0 &&
      answer < ANSWER_BOUND &&
      updatedAt != 0 &&
      answeredInRound >= id;
  }

  /// @dev Id of the last round of a phase, or of its round 0 when it has none. The current aggregator is asked through
  ///      the proxy, because production aggregators refuse other contracts as readers.
  function _latestOf(address proxy, uint256 current, uint256 phase) private view returns (uint256 latest) {
    bool ok;
    if (phase == current) {
      (ok, latest) = proxy.word(IPhaseProxy.latestRound.selector, 256);
      if (!ok || latest >> PHASE_OFFSET != phase) revert IChainlinkSettlement.LatestRoundUnreadable(phase);
      return latest;
    }
    uint256 aggregator;
    (ok, aggregator) = proxy.word(IPhaseProxy.phaseAggregators.selector, phase, 160);
    if (!ok) revert IChainlinkSettlement.AggregatorUnreadable(phase);
    if (aggregator != 0) {
      (ok, latest) = address(uint160(aggregator)).word(IPhaseProxy.latestRound.selector, 64);
      if (!ok) revert IChainlinkSettlement.LatestRoundUnreadable(phase);
    }
    latest |= phase << PHASE_OFFSET;
  }
}

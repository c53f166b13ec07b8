// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICircuitBreaker, MarketWatch, Rule, Trigger} from "../interfaces/ICircuitBreaker.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {GuardState, State} from "../libraries/GuardState.sol";
import {PolicyWord} from "../libraries/PolicyWord.sol";
import {Volatility} from "../libraries/Volatility.sol";
import {Terms} from "../types/Terms.sol";

/// @title Watching
/// @notice The markets that are watched, and the one way to write what is in force.
abstract contract Watching is ICircuitBreaker, AccessManaged {
  using GuardState for State;
  using PolicyWord for uint112;

  uint256 internal constant BPS = 10_000;
  uint256 private constant TRIGGERS = 12;

  /// @notice The ledger whose markets are guarded.
  IClearinghouse public immutable LEDGER;
  /// @notice The hub whose prices are evidence.
  IOracleHub public immutable HUB;

  /* STORAGE */

  struct Market {
    /// See `GuardState`.
    uint256 state;
    bytes32 feed;
    bytes32 tokenFeed;
    /// One slot: thresholds, see `PolicyWord`, and the terms' ceiling.
    uint112 policy;
    uint112 termsCeiling;
    /// One slot.
    uint112 previous;
    uint40 policySince;
    uint40 olderImposed;
    uint40 newerImposed;
    /// One slot.
    address token;
    uint40 adaptedAt;
    uint40 tightenedAt;
    /// One slot.
    uint40 setAt;
    uint40 depegUntil;
    /// Times of notices by trigger; 0 for none.
    uint40[TRIGGERS] notices;
  }

  mapping(uint256 market => Market watch) internal _watched;

  constructor(IClearinghouse ledger, IOracleHub hub) {
    if (address(ledger).code.length == 0) revert BreakerWithoutCode(address(ledger));
    if (address(hub).code.length == 0) revert BreakerWithoutCode(address(hub));
    (LEDGER, HUB) = (ledger, hub);
  }

  /// @inheritdoc ICircuitBreaker
  function enroll(uint256 market) external {
    Market storage watch = _watched[market];
    Terms memory terms = LEDGER.termsOf(market);
    if (terms.guard != address(this)) revert NotThisGuard(market, terms.guard);
    bool known = _hasFeed(terms.feed);
    State memory state = GuardState.unpack(watch.state);
    if (!state.watched) {
      state.watched = true;
      watch.state = GuardState.pack(state);
      watch.token = terms.token;
      watch.termsCeiling = terms.ceiling;
      watch.policy = PolicyWord.pack(BreakerRules.initial());
    } else if (watch.feed != 0 || !known) {
      revert AlreadyEnrolled(market);
    }
    if (known) watch.feed = terms.feed;
    emit MarketEnrolled(market, watch.feed);
  }

  /// @inheritdoc ICircuitBreaker
  function setTokenFeed(uint256 market, bytes32 feed) external restricted {
    Market storage watch = _market(market);
    if (feed != 0) {
      (, , uint8 priceExp, , , ) = HUB.feedTerms(feed);
      if (priceExp != 0) revert TokenFeedUnit(feed, priceExp);
    }
    watch.tokenFeed = feed;
    emit TokenFeedSet(market, feed);
  }

  function _hasFeed(bytes32 feed) private view returns (bool) {
    try HUB.feedTerms(feed) {
      return true;
    } catch {
      return false;
    }
  }

  /// @inheritdoc ICircuitBreaker
  function sync(uint256 market) external {
    (Market storage watch, State memory state) = _stateOf(market);
    if (state.levelNow() == BreakerRules.HALTED) revert AlreadyTripped(BreakerRules.HALTED, state.until);
    _write(market, watch, state);
  }

  /* SHARED */

  function _market(uint256 market) internal view returns (Market storage watch) {
    (watch, ) = _stateOf(market);
  }

  /// @dev With what is in force there, read once.
  function _stateOf(uint256 market) internal view returns (Market storage watch, State memory state) {
    watch = _watched[market];
    state = GuardState.unpack(watch.state);
    if (!state.watched) revert NotEnrolled(market);
  }

  /// @dev Writes what is in force here and in the ledger. What is over gives way to what is firm; a halt that is over is
  ///      not written again, it would count as another one.
  function _write(uint256 market, Market storage watch, State memory state) internal {
    uint256 current = state.levelNow();
    if (current != BreakerRules.HALTED) {
      bool firm = state.firmUntil > block.timestamp && state.firmUntil > state.until;
      if (firm) (state.level, state.until) = (BreakerRules.RESTRICTED, state.firmUntil);
      else if (current == 0) (state.level, state.until) = (0, 0);
    }
    watch.state = GuardState.pack(state);
    LEDGER.setGuard(market, state.level, state.until, _ceiling(watch, state.tightness));
  }

  /// @dev Of the configured ceiling, stress takes at most all but the floor; rounded down.
  function _ceiling(Market storage watch, uint256 tightness) internal view returns (uint112) {
    uint112 policy = watch.policy;
    uint256 kept = BPS * BPS - tightness * (BPS - policy.floor());
    return uint112((uint256(watch.termsCeiling) * policy.ceiling() * kept) / BPS ** 3);
  }

  /// @dev A threshold as stress leaves it: at most a quarter less; rounded down.
  function _tightened(uint256 threshold, uint256 tightness) internal pure returns (uint256) {
    return (threshold * (4 * Volatility.WHOLE - tightness)) / (4 * Volatility.WHOLE);
  }

  /* VIEWS */

  /// @inheritdoc ICircuitBreaker
  function ruleOf(Trigger trigger) external pure returns (Rule memory rule) {
    return BreakerRules.ruleOf(trigger);
  }

  /// @inheritdoc ICircuitBreaker
  function watchOf(uint256 market) external view returns (MarketWatch memory watch) {
    (Market storage found, State memory state) = _stateOf(market);
    watch.feed = found.feed;
    watch.tokenFeed = found.tokenFeed;
    watch.policy = found.policy.unpack();
    watch.policySince = found.policySince;
    watch.previous = found.previous.unpack();
    (watch.level, watch.until, watch.firmUntil) = (state.level, state.until, state.firmUntil);
    (watch.trigger, watch.trippedAt) = (state.trigger, state.trippedAt);
    (watch.olderStart, watch.newerStart, watch.escalation) = (state.olderStart, state.newerStart, state.escalation);
    (watch.tightness, watch.adaptedAt) = (state.tightness, found.adaptedAt);
    (watch.olderImposed, watch.newerImposed) = (found.olderImposed, found.newerImposed);
    (watch.tightenedAt, watch.setAt, watch.depegUntil) = (found.tightenedAt, found.setAt, found.depegUntil);
  }

  /// @inheritdoc ICircuitBreaker
  function ceilingOf(uint256 market) external view returns (uint112 ceiling) {
    (Market storage watch, State memory state) = _stateOf(market);
    return _ceiling(watch, state.tightness);
  }
}

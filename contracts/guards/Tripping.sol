// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICircuitBreaker, Rule, Trigger} from "../interfaces/ICircuitBreaker.sol";
import {Spot} from "../interfaces/IOracleHub.sol";
import {BreakerRules} from "../libraries/BreakerRules.sol";
import {GuardState, State} from "../libraries/GuardState.sol";
import {Ids} from "../libraries/Ids.sol";
import {Evidence} from "./Evidence.sol";

/// @title Tripping
/// @notice Levels begin with evidence or by the guardian, are prolonged while the evidence lasts, and end by themselves.
abstract contract Tripping is Evidence {
  using GuardState for State;

  /// @dev What the ledger takes at most.
  uint256 private constant LONGEST_STAY = 6 hours;
  uint256 private constant HALT_WINDOW = 7 days;
  uint256 private constant EPISODES_WINDOW = 24 hours;
  uint8 private constant MOST_ESCALATION = 4;

  uint256 private constant HEALTHY_OBSERVATIONS = 3;
  uint256 private constant HEALTHY_SPAN = 10 minutes;
  uint256 private constant HEALTHY_AGE = 2 minutes;

  uint256 private constant IMPOSED_GAP = 24 hours;
  uint256 private constant IMPOSED_WINDOW = 7 days;

  /* WITH EVIDENCE */

  /// @inheritdoc ICircuitBreaker
  function trip(uint256 market, Trigger trigger, uint256 hint) external returns (uint8 level, uint40 until) {
    if (trigger == Trigger.None || trigger == Trigger.Shortfall || trigger == Trigger.Guardian) {
      revert TriggerUnavailable(market, trigger);
    }
    (Market storage watch, State memory state) = _stateOf(market);
    (uint256 measured, bool halts) = _evidence(market, watch, state, trigger, hint);
    // A trip is notice of the next one.
    if (BreakerRules.needsNotice(trigger)) watch.notices[uint256(trigger)] = uint40(block.timestamp);
    if (trigger == Trigger.Depeg) {
      watch.depegUntil = uint40(block.timestamp + BreakerRules.ruleOf(trigger).stay);
    }
    // The second halt of any seven days is kept for the guardian and a shortfall.
    return _trip(market, watch, state, trigger, measured, halts && _hasNotHalted(market));
  }

  /// @inheritdoc ICircuitBreaker
  function tripShortfall(
    uint256 market,
    uint256[] calldata books,
    uint256[] calldata accounts
  ) external returns (uint8 level, uint40 until) {
    (Market storage watch, State memory state) = _stateOf(market);
    address token = watch.token;
    uint256 owed;
    for (uint256 i = 0; i < books.length; ++i) {
      if (i != 0 && books[i] <= books[i - 1]) revert ListInvalid(i);
      if (LEDGER.termsOf(Ids.marketOf(books[i])).token != token) revert ListInvalid(i);
      (, uint112 pool, uint80 fees, ) = LEDGER.bookOf(books[i]);
      owed += uint256(pool) + fees;
    }
    for (uint256 i = 0; i < accounts.length; ++i) {
      if (i != 0 && accounts[i] <= accounts[i - 1]) revert ListInvalid(books.length + i);
      owed += LEDGER.cashOf(accounts[i], token);
    }
    uint256 balance = IERC20(token).balanceOf(address(LEDGER));
    if (owed <= balance) revert NoEvidence(Trigger.Shortfall, owed, balance);
    return _trip(market, watch, state, Trigger.Shortfall, owed - balance, _mayHalt(market));
  }

  function _trip(
    uint256 market,
    Market storage watch,
    State memory state,
    Trigger trigger,
    uint256 measured,
    bool halts
  ) private returns (uint8 level, uint40 until) {
    Rule memory rule = BreakerRules.ruleOf(trigger);
    uint256 current = state.levelNow();
    // A halt is never prolonged, so that the ledger's budget is not spent on it.
    level = halts && current != BreakerRules.HALTED ? rule.level : BreakerRules.RESTRICTED;
    uint256 stay = rule.stay;
    if (rule.escalates) {
      // Within a level none begins on a day of another one: one move would count again with every call.
      if (current == 0 || state.newerStart + EPISODES_WINDOW <= block.timestamp) _begin(state);
      stay = Math.min(stay << (2 * state.escalation), LONGEST_STAY);
    }
    if (trigger == Trigger.Sequencer) stay = _sequencerStay(stay);
    until = uint40(block.timestamp + stay);
    emit Tripped(market, trigger, level, until, measured);
    if (level > current || (level == current && until > state.until)) {
      _replace(state, trigger, level, until);
      if (!rule.releasable && until > state.firmUntil) state.firmUntil = until;
      _write(market, watch, state);
      return (level, until);
    }
    // What is firm is kept for when the rest ends.
    if (rule.releasable || until <= state.firmUntil) revert AlreadyTripped(current, state.until);
    state.firmUntil = until;
    watch.state = GuardState.pack(state);
  }

  /// @dev What is replaced stays as a restriction if it would have lasted longer, or if it ends by others: health does not
  ///      end what the guardian imposed, nor the guardian what evidence has tripped.
  function _replace(State memory state, Trigger trigger, uint8 level, uint40 until) private view {
    bool stays = state.until > until || (trigger == Trigger.Guardian) != (state.trigger == Trigger.Guardian);
    if (state.levelNow() != 0 && stays && state.until > state.firmUntil) state.firmUntil = state.until;
    (state.level, state.until) = (level, until);
    (state.trigger, state.trippedAt) = (trigger, uint40(block.timestamp));
  }

  /// @dev A new episode; the third within 24 hours and each after it stays four times as long as the one before.
  function _begin(State memory state) private view {
    bool often = state.olderStart != 0 && state.olderStart + EPISODES_WINDOW > block.timestamp;
    if (!often) state.escalation = 0;
    else if (state.escalation < MOST_ESCALATION) ++state.escalation;
    (state.olderStart, state.newerStart) = (state.newerStart, uint40(block.timestamp));
  }

  /// @dev The grace of a sequencer that is up again has an end.
  function _sequencerStay(uint256 stay) private view returns (uint256) {
    (, bool down, , uint256 since, uint256 grace, ) = HUB.sequencer();
    return down ? stay : since + grace - block.timestamp;
  }

  /// @dev Whether no halt began in the last seven days.
  function _hasNotHalted(uint256 market) private view returns (bool) {
    (, , , , , , uint40 newer) = LEDGER.guardOf(market);
    return newer == 0 || newer + HALT_WINDOW <= block.timestamp;
  }

  /// @dev Whether the ledger has a halt left.
  function _mayHalt(uint256 market) private view returns (bool) {
    (, , , , , uint40 older, ) = LEDGER.guardOf(market);
    return older == 0 || older + HALT_WINDOW <= block.timestamp;
  }

  /* ENDING EARLY */

  /// @inheritdoc ICircuitBreaker
  function release(uint256 market) external {
    (Market storage watch, State memory state) = _stateOf(market);
    Trigger trigger = state.trigger;
    if (state.levelNow() == 0 || !BreakerRules.ruleOf(trigger).releasable) revert NotReleasable(market, trigger);
    bytes32 feed = watch.feed;
    (uint256 count, uint256 span, uint256 last) = _healthySince(feed, state.trippedAt);
    if (count < HEALTHY_OBSERVATIONS || span < HEALTHY_SPAN || last + HEALTHY_AGE < block.timestamp) {
      revert NotHealthy(count, span);
    }
    Spot memory spot = HUB.spot(feed);
    if (spot.status != 0) revert SpotUnhealthy(feed, spot.status);
    _end(market, watch, state);
  }

  function _end(uint256 market, Market storage watch, State memory state) private {
    (state.level, state.until) = (0, 0);
    delete watch.notices[uint256(state.trigger)];
    emit Released(market, state.trigger);
    _write(market, watch, state);
  }

  /* WITHOUT EVIDENCE */

  /// @inheritdoc ICircuitBreaker
  function impose(uint256 market, uint8 level, uint32 duration) external restricted {
    (Market storage watch, State memory state) = _stateOf(market);
    bool known = level == BreakerRules.RESTRICTED || level == BreakerRules.HALTED;
    if (!known || duration == 0 || duration > LONGEST_STAY) revert ImpositionInvalid(level, duration);
    (uint40 older, uint40 newer) = (watch.olderImposed, watch.newerImposed);
    uint256 from = newer == 0 ? 0 : newer + IMPOSED_GAP;
    if (older != 0) from = Math.max(from, older + IMPOSED_WINDOW);
    if (block.timestamp < from) revert GuardianBudget(block.timestamp, from);

    uint40 until = uint40(block.timestamp + duration);
    uint256 current = state.levelNow();
    // Nor does a short halt let a restriction end before its time: somebody would have to write it again.
    bool longer = current == 0 || until > state.until || (level > current && until == state.until);
    if (level < current || !longer) revert AlreadyTripped(current, state.until);
    (watch.olderImposed, watch.newerImposed) = (newer, uint40(block.timestamp));
    _replace(state, Trigger.Guardian, level, until);
    emit Tripped(market, Trigger.Guardian, level, until, 0);
    _write(market, watch, state);
  }

  /// @inheritdoc ICircuitBreaker
  function lift(uint256 market) external restricted {
    (Market storage watch, State memory state) = _stateOf(market);
    if (state.levelNow() == 0 || state.trigger != Trigger.Guardian) revert NotReleasable(market, state.trigger);
    _end(market, watch, state);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Policy, Rule, Trigger} from "../interfaces/ICircuitBreaker.sol";

/// @title BreakerRules
/// @notice The table of triggers and the bounds of thresholds, as docs/breakers.md has them.
library BreakerRules {
  uint8 internal constant RESTRICTED = 1;
  uint8 internal constant HALTED = 2;

  uint256 private constant NOTICED =
    (1 << uint256(Trigger.FewVotes)) |
      (1 << uint256(Trigger.NoVotes)) |
      (1 << uint256(Trigger.Apart)) |
      (1 << uint256(Trigger.Depeg));

  /// @dev Level, stay, notice from, notice to, escalates, releasable.
  function ruleOf(Trigger trigger) internal pure returns (Rule memory) {
    if (trigger == Trigger.FewVotes) return Rule(RESTRICTED, 30 minutes, 10 minutes, 1 hours, false, true);
    if (trigger == Trigger.NoVotes) return Rule(HALTED, 1 hours, 10 minutes, 2 hours, false, true);
    if (trigger == Trigger.Apart) return Rule(RESTRICTED, 30 minutes, 1 minutes, 15 minutes, true, true);
    if (trigger == Trigger.FarApart) return Rule(HALTED, 1 hours, 0, 0, true, true);
    if (trigger == Trigger.Move) return Rule(RESTRICTED, 5 minutes, 0, 0, true, false);
    if (trigger == Trigger.BigMove) return Rule(RESTRICTED, 15 minutes, 0, 0, true, false);
    if (trigger == Trigger.HugeMove) return Rule(RESTRICTED, 1 hours, 0, 0, true, false);
    if (trigger == Trigger.Sequencer) return Rule(RESTRICTED, 30 minutes, 0, 0, false, false);
    if (trigger == Trigger.Depeg) return Rule(RESTRICTED, 1 hours, 30 minutes, 1 hours, false, false);
    if (trigger == Trigger.Shortfall) return Rule(HALTED, 6 hours, 0, 0, false, false);
    if (trigger == Trigger.Guardian) return Rule(HALTED, 6 hours, 0, 0, false, false);
    return Rule(0, 0, 0, 0, false, false);
  }

  /// @dev Whether the condition has to hold on from a notice to the trip.
  function needsNotice(Trigger trigger) internal pure returns (bool) {
    return (NOTICED >> uint256(trigger)) & 1 == 1;
  }

  function least() internal pure returns (Policy memory) {
    return Policy(100, 300, 500, 9_700, 9_750, 2_500, 2_500);
  }

  function initial() internal pure returns (Policy memory) {
    return Policy(300, 800, 1_000, 9_700, 9_850, 10_000, 5_000);
  }

  function greatest() internal pure returns (Policy memory) {
    return Policy(300, 800, 1_000, 9_900, 9_950, 10_000, 10_000);
  }
}

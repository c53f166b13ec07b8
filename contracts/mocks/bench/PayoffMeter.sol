// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Payoff} from "../../libraries/Payoff.sol";

/// @title PayoffMeter
/// @notice Tells what the requirement of a vector of legs costs, alone. For benchmarks.
contract PayoffMeter {
  /// @notice Gas of `Payoff.requirement` on legs in memory, and what it answers.
  function requirement(uint256[] calldata legs, uint256 scale) external view returns (uint256 gasUsed, uint256 needed) {
    uint256[] memory vector = legs;
    uint256 before = gasleft();
    needed = Payoff.requirement(vector, scale);
    gasUsed = before - gasleft();
  }
}

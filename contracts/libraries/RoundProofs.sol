// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChainlinkSettlement} from "../interfaces/IChainlinkSettlement.sol";
import {PhaseRounds} from "./PhaseRounds.sol";

/// @title RoundProofs
/// @notice The proof of a round of a phase proxy: exactly abi.encode(uint80[] hints), hints[i] for phase `current − i`.
library RoundProofs {
  using PhaseRounds for address;

  /// @dev Heartbeat of a 1 h feed × 1.083: the longest gap of 21,797 real rounds is 3,720 s.
  uint256 internal constant MAX_AGE = 3_900;
  /// @dev Offset and length come before the hints.
  uint256 private constant HEAD = 64;
  uint256 private constant WORD = 32;

  /// @dev Number of hints in a proof, at least one. Reverts when the proof has another form.
  function count(bytes calldata proof) internal pure returns (uint256 hints) {
    uint256 length = proof.length;
    if (length < HEAD + WORD || length % WORD != 0) revert IChainlinkSettlement.ProofMalformed(length);
    hints = (length - HEAD) / WORD;
    if (uint256(bytes32(proof)) != WORD || uint256(bytes32(proof[WORD:])) != hints) {
      revert IChainlinkSettlement.ProofMalformed(length);
    }
  }

  /// @dev The round the `given` hints prove for `time`: the first fresh candidate from the current phase down to the
  ///      `lowest`, else the newest one.
  function choose(
    bytes calldata proof,
    uint256 given,
    address proxy,
    uint256 lowest,
    uint256 time
  ) internal view returns (uint256 roundId, int256 answer, uint256 age) {
    uint256 current = proxy.currentPhase();
    uint256 phase = current;
    if (current < lowest) revert IChainlinkSettlement.PhaseWentBack(current, lowest);
    uint256 used;
    uint256 newest;
    do {
      if (used == given) revert IChainlinkSettlement.HintsIncomplete(used, current - lowest + 1);
      uint256 hint = uint256(bytes32(proof[HEAD + WORD * used++:]));
      (int256 answer_, uint256 updatedAt) = proxy.candidate(current, phase, hint, time);
      // Strictly newer: of equal times the higher phase stays. A phase without a candidate has time 0 and never wins.
      if (updatedAt > newest) (roundId, answer, newest) = (hint, answer_, updatedAt);
      age = time - newest;
    } while (age > MAX_AGE && phase-- > lowest);
    if (used < given) revert IChainlinkSettlement.HintsLeftOver(given, used);
    if (newest == 0) revert IChainlinkSettlement.NoRoundBeforeExpiry(time);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPhaseProxy} from "../interfaces/IPhaseProxy.sol";
import {BoundedRead} from "./BoundedRead.sol";

/// @title Sequencer
/// @notice What a Chainlink L2 sequencer uptime feed says: answer 0 up, else down; startedAt = its last change.
library Sequencer {
  uint256 internal constant SHORTEST_GRACE = 300;
  uint256 internal constant LONGEST_GRACE = 2_700;

  /// @dev `grace` is as long as the last outage was, within its bounds; the longest when that cannot be told. Up since no
  ///      valid time is down and says nothing: `read` is false. Down is down, whenever it began.
  function status(
    address feed
  ) internal view returns (bool down, bool read, uint256 since, uint256 grace, bool afterDown) {
    uint256 roundId;
    int256 answer;
    (read, roundId, answer, since) = BoundedRead.change(feed, IPhaseProxy.latestRoundData.selector, 0, 4);
    if (!read) return (true, false, 0, 0, false);
    bool valid = since != 0 && since <= block.timestamp;
    if (!valid || answer != 0) return (true, answer != 0, since, 0, false);
    grace = LONGEST_GRACE;
    if (roundId == 0) return (false, read, since, grace, false);
    (bool ok, , int256 earlier, uint256 began) = BoundedRead.change(
      feed,
      IPhaseProxy.getRoundData.selector,
      roundId - 1,
      36
    );
    afterDown = ok && earlier != 0 && began <= since;
    if (afterDown) {
      uint256 outage = since - began;
      if (outage < LONGEST_GRACE) grace = outage < SHORTEST_GRACE ? SHORTEST_GRACE : outage;
    }
  }
}

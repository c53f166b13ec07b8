// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceSource} from "./IPriceSource.sol";

/// @title IChainlinkPush
/// @notice A Chainlink push feed as a source: what its phase proxy says now, and the last round of it up to an instant.
/// @dev Anyone may call. Takes no fee; `latest` takes no payload, that of `valueAt` is abi.encode(uint80[] hints), hints[i]
///      for phase `current − i`: the id of that phase's last complete round up to the time, or 0 for "none", down to the
///      first phase whose round is at most 3,900 s older than the time. `scripts/lib/roundHints.ts` finds them. Of a
///      feed's rounds at most one proof passes at a time. Every read is bounded; those of `valueAt` want
///      more than 172,380 gas to be left, so send it with 400,000.
///
///      What the feed is trusted with, and all errors of reading it and of its hints, are those of
///      `IChainlinkSettlement`. There, read "expiry" as the time asked for and the lowest phase as 1; `MarkTooOld` is what
///      `valueAt` reverts with when no phase has a round that is fresh at the time. Nothing settles on a mark: the source
///      has no value then.
interface IChainlinkPush is IPriceSource {
  /// @notice The feed that is read.
  /// @return The phase proxy.
  function proxy() external view returns (address);

  /// @notice Decimals of the feed's answers when the source was made; with others it is refused.
  /// @return Number of decimals.
  function decimals() external view returns (uint8);
}

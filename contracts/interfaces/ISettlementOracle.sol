// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ISettlementOracle
/// @notice The one price at an expiry. The ledger knows prices through this interface alone.
/// @dev A fixing is addressed by (feed, profile, expiry) and shared by every book that names it. Its configuration
///      freezes when the first book opens. A price is quote per 10^priceExp underlying with 8 decimals, 1 ≤ S < 2^63.
///      The ledger calls with its own guard up (every mutating entry and state view of the ledger reverts meanwhile).
interface ISettlementOracle {
  /* ERRORS THAT EVERY IMPLEMENTATION MAY GIVE */

  /// @notice Bits 120..255 of the profile must be zero.
  /// @dev Its low byte is the price exponent or the kind, as the implementation says; the ceiling follows.
  /// @param profile The profile word.
  error ProfileDirty(bytes32 profile);

  /// @notice The profile allows no market: its largest ceiling is zero.
  /// @dev Put the largest ceiling, in base units of collateral, into bits 8..119.
  /// @param profile The profile word.
  error ProfileWithoutCeiling(bytes32 profile);

  /// @notice Opening, joining and refreshing end at the expiry, bringing values when the last window closes.
  /// @dev Choose a later expiry; this one is due for `fix`.
  /// @param timestamp Unix time of the call.
  /// @param end When it ended.
  error FixingWindowOver(uint256 timestamp, uint256 end);

  /// @notice The expiry is too far ahead.
  /// @dev Open it later, from 100 days before it on.
  /// @param expiry Unix time of the fixing.
  /// @param bound Latest expiry that may open now.
  error ExpiryTooFar(uint256 expiry, uint256 bound);

  /// @notice The mark only moves forward in time.
  /// @dev Leave it, the mark is up to date; or try again when a newer price is out.
  /// @param updatedAt Unix time of the price at hand.
  /// @param markTime Unix time of the stored mark.
  error MarkNotNewer(uint256 updatedAt, uint256 markTime);

  /// @notice Nobody opened this fixing.
  /// @dev Check feed, profile and expiry; before the expiry, call `open`.
  /// @param fixing Identifier of the fixing.
  error FixingNotOpen(bytes32 fixing);

  /// @notice This price cannot be final yet.
  /// @dev Call again from then on. Single feed: for T + 300 s also once a round after T is out; until T + 72 h only with
  ///      hints, not with an empty proof. Several sources: or bring the values that are missing.
  /// @param timestamp Unix time of the call.
  /// @param from First unix time at which this check passes.
  error TooEarlyToFix(uint256 timestamp, uint256 from);

  /* FIXING */

  /// @notice What the pair promises: unit of its prices and the largest pool that may rest on it.
  /// @dev Reverts with a typed error when the feed or the profile is not known. Read once, at listing.
  /// @param feed Name of the feed; for the single-feed profile the address of the proxy, left-padded.
  /// @param profile How the price is formed; for the single-feed profile see `ChainlinkSettlement`.
  /// @return priceExp Power of ten of underlying that one price unit refers to.
  /// @return maxCeiling Largest ceiling, in base units of collateral, that a market on this profile may have.
  function describe(bytes32 feed, bytes32 profile) external view returns (uint8 priceExp, uint112 maxCeiling);

  /// @notice Opens the fixing or joins it: keeps the current undegraded price as its mark, freezes its configuration.
  /// @dev Joining moves the mark forward to a newer price, if one is out, so that every book gets the mark of its own
  ///      opening; the configuration stays. Reverts without an undegraded price.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return fixing Identifier of the fixing.
  /// @return mark The mark, 8 decimals.
  function open(bytes32 feed, bytes32 profile, uint40 expiry) external returns (bytes32 fixing, uint64 mark);

  /// @notice Proves and fixes the price, or returns the one already fixed.
  /// @dev Idempotent. Reverts with a typed error when the proof does not hold or the time has not come.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param proof What the profile asks for; see the implementation.
  /// @return settlementPrice The final price, 8 decimals, 1 ≤ S < 2^63.
  function fix(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) external returns (uint64 settlementPrice);

  /// @notice The state of a fixing.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return settlementPrice The final price, or 0 before it is fixed.
  /// @return mark The mark, or 0 when the fixing is not open.
  /// @return markTime When the mark's price was observed, unix seconds.
  function price(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) external view returns (uint64 settlementPrice, uint64 mark, uint40 markTime);
}

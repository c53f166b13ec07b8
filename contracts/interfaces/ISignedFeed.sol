// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISignerSource} from "./ISignerSource.sol";

/// @title ISignedFeed
/// @notice Prices of 3f+1 own signers, of which 2f+1 or more sign for one time: the median of their observations.
/// @dev A signer signs `Observation(bytes32 pair, uint64 time, uint64 price)` by EIP-712 in the domain of this contract
///      (name "Certus Signed Feed", version "1", chain id, address). The payload is exactly
///      abi.encode(uint40 time, uint16 bitmap, uint64[] prices, bytes32[2][] signatures) with one price and one
///      signature (r, vs) for each bit of the bitmap, lowest bit first. With at most f liars among them the median is
///      within the range of what the honest ones signed. Of an even number it is the mean of the middle two, floored.
interface ISignedFeed is ISignerSource {
  /// @notice A signer signed two prices for one time and is removed, for good.
  /// @dev Its observations of times after this block's no longer count; those of this block's time and before do.
  /// @param signer The signer.
  /// @param index Its bit.
  /// @param time Unix time of both observations, in seconds.
  /// @param priceA One price, as signed.
  /// @param priceB The other.
  event SignerRemoved(address indexed signer, uint8 indexed index, uint64 time, uint64 priceA, uint64 priceB);

  /* READING */

  /// @notice The payload is no abi.encode(uint40, uint16, uint64[], bytes32[2][]) without gaps or additions.
  /// @dev Encode it as `scripts/lib/oracle/signedFeed.ts` does.
  /// @param length Its length in bytes.
  error ObservationsMalformed(uint256 length);

  /// @notice Not every signer of the bitmap has one price and one signature.
  /// @dev Give one of each for every bit, lowest bit first.
  /// @param signers Number of signers in the bitmap.
  /// @param prices Number of prices.
  /// @param signatures Number of signatures.
  error ObservationsMismatch(uint256 signers, uint256 prices, uint256 signatures);

  /// @notice A signer of the bitmap was removed before the time of the observations.
  /// @dev Leave it out.
  /// @param index Its bit.
  /// @param removedAt Unix time up to which its observations count, in seconds.
  /// @param time Unix time of the observations, in seconds.
  error SignerIsRemoved(uint256 index, uint256 removedAt, uint256 time);

  /// @notice An observed price is zero or above 2^63 − 1.
  /// @dev Leave the signer out.
  /// @param index Its bit.
  /// @param price The price, 8 decimals.
  /// @param max Largest price.
  error ObservedPriceInvalid(uint256 index, uint256 price, uint256 max);

  /// @notice A signature is not the signer's for this observation, on this chain, of this contract.
  /// @dev Have the signer sign `digest(time, price)`, and order the signatures by bit.
  /// @param index The signer's bit.
  /// @param recovered Whose signature it is, zero if it is none.
  /// @param signer Whose it should be.
  error SignatureForeign(uint256 index, address recovered, address signer);

  /* REMOVAL */

  /// @notice There is no signer with this bit.
  /// @dev Pass an index below `signers`.
  /// @param index The index.
  /// @param signers Number of signers.
  error SignerUnknown(uint256 index, uint256 signers);

  /// @notice The signer is removed already.
  /// @dev Nothing is left to do.
  /// @param index Its bit.
  /// @param removedAt Unix time up to which its observations count, in seconds.
  error SignerRemovedAlready(uint256 index, uint256 removedAt);

  /// @notice One price signed twice is no contradiction.
  /// @dev Show two different prices for one time.
  /// @param price The price.
  error PricesEqual(uint256 price);

  /// @notice Removes a signer that signed two different prices for one time. Anyone; no value.
  /// @dev Any two prices and any time count, also such as no reading would take. Observations of times after this
  ///      block's no longer count, neither for the quorum nor for being maximal; all others stay as they are, so that
  ///      no value of the past ever changes.
  ///      Reverts with SignerUnknown, SignerRemovedAlready, PricesEqual, SignatureForeign.
  /// @param index The signer's bit.
  /// @param time Unix time of both observations, in seconds.
  /// @param priceA One price, 8 decimals.
  /// @param signatureA Signature (r, vs) of the observation with priceA.
  /// @param priceB The other price, 8 decimals.
  /// @param signatureB Signature (r, vs) of the observation with priceB.
  function proveEquivocation(
    uint256 index,
    uint64 time,
    uint64 priceA,
    bytes32[2] calldata signatureA,
    uint64 priceB,
    bytes32[2] calldata signatureB
  ) external;

  /* VIEWS */

  /// @notice Until when each signer's observations count. Anyone.
  /// @return times Unix time of the removal for each signer, in seconds; 0 while it stands.
  function removalTimes() external view returns (uint40[] memory times);

  /// @notice The signers whose observations of a time count. Anyone.
  /// @dev Of a time that is over the answer never changes.
  /// @param time Unix time, in seconds.
  /// @return bitmap A bit each.
  function standing(uint256 time) external view returns (uint16 bitmap);

  /// @notice What the signers name in every observation. Anyone.
  /// @return id keccak256(abi.encode(bytes32 base, bytes32 quote, uint8 priceExp)); constant.
  function pair() external view returns (bytes32 id);

  /// @notice What a signer signs. Anyone.
  /// @param time Unix time of the observation, in seconds.
  /// @param price Quote per 10^priceExp underlying, 8 decimals.
  /// @return hash EIP-712 digest of the observation.
  function digest(uint64 time, uint64 price) external view returns (bytes32 hash);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a source is: constant from its making on.
/// @param classes Independence classes whose data it carries, a bit each; see docs/oracles.md.
/// @param push Whether it is read without a payload; the others verify what the payload brings.
/// @param priceExp Power of ten of underlying that one price unit refers to.
/// @param maxAge Seconds after its time up to which a reading counts.
/// @param maxAhead Seconds by which a reading's time may be ahead of the block's.
/// @param base What is priced, e.g. "ETH".
/// @param quote What it is priced in, e.g. "USD".
struct SourceTerms {
  uint16 classes;
  bool push;
  uint8 priceExp;
  uint32 maxAge;
  uint8 maxAhead;
  bytes32 base;
  bytes32 quote;
}

/// @notice What a source says now.
/// @param price Quote per 10^priceExp underlying, 8 decimals, 1..2^63−1.
/// @param time When it was observed or published, unix seconds.
/// @param confidence Half-width that the source states, in bps of the price; 0 if it states none.
/// @param form Of two readings of one time, the one with the greater form counts.
struct Reading {
  uint64 price;
  uint40 time;
  uint16 confidence;
  uint24 form;
}

/// @title IPriceSource
/// @notice One source of prices of one pair in one unit, verified on chain. Immutable; its scale never changes.
/// @dev Both reading functions may change state, because a verifier may keep accounts or take a fee: the value sent must
///      be exactly that fee. Each reverts with a typed error when there is no such price. Forms: bit 21 says maximal,
///      bits 0..20 are a rank ≥ 1; a greater form replaces a smaller one.
interface IPriceSource {
  /// @notice The value sent is not the fee of the network's verifier; `fee` is 0 where there is none.
  /// @dev Send exactly `fee`.
  /// @param sent Value of the call, wei.
  /// @param fee What is wanted, wei.
  error WrongFee(uint256 sent, uint256 fee);

  /// @notice The price, at 8 decimals, is 0 or negative or above 2^63 − 1.
  /// @dev Try again with the network's next price; if they stay so, the source was made with the wrong unit.
  /// @param price As the network gave it.
  error SourcePriceInvalid(int256 price);

  /// @notice The proof is for another time.
  /// @dev Bring what was published of the time asked for.
  /// @param proven Unix time of the proof, seconds.
  /// @param asked Unix time asked for, seconds.
  error ProofForOtherTime(uint256 proven, uint256 asked);

  /// @notice The source has no values of the past.
  /// @dev Ask it for the latest one; fixings take values of other sources.
  error NoPastValues();

  /// @notice The source is read without a payload.
  /// @dev Pass no bytes.
  /// @param length Length of the payload, bytes.
  error PayloadNotEmpty(uint256 length);

  /// @notice There is no contract where the source was to read.
  /// @dev Check the address and the chain.
  /// @param network The address.
  error NetworkWithoutCode(address network);

  /// @notice What the source is.
  /// @return terms Classes, kind, unit and ages.
  function describe() external view returns (SourceTerms memory terms);

  /// @notice What the source says now.
  /// @param payload What the network signed; empty for a push source.
  /// @return reading Price, time, confidence and form.
  function latest(bytes calldata payload) external payable returns (Reading memory reading);

  /// @notice What the source says of an instant of the past: a function of published data and of nothing else.
  /// @param time The instant, unix seconds, before the block's time.
  /// @param payload What proves it.
  /// @return price Quote per 10^priceExp underlying, 8 decimals, 1..2^63−1.
  /// @return form Bit 21 maximal, bits 0..20 rank ≥ 1.
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form);
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {Reenterer} from "./Reenterer.sol";

/// @title ScriptedOracle
/// @notice A settlement oracle that says what a test tells it, refuses when told, and calls back once armed.
contract ScriptedOracle is ISettlementOracle, Reenterer {
  /// @notice What `describe` says.
  uint8 public priceExp;
  /// @notice What `describe` says.
  uint112 public maxCeiling = type(uint112).max;
  /// @notice What `open` says.
  uint64 public mark = 2_000e8;
  /// @notice What `fix` says.
  uint64 public settlementPrice;
  /// @notice True: everything reverts.
  bool public refusing;

  /// @notice A fixing was opened.
  event Opened(bytes32 feed, bytes32 profile, uint40 expiry);
  /// @notice A price was asked for.
  event Asked(bytes32 feed, bytes32 profile, uint40 expiry, bytes proof);

  /// @notice The oracle refuses, for reasons of its own.
  error Refused(bytes32 feed);

  /// @dev What every function does first.
  modifier willing(bytes32 feed) {
    if (refusing) revert Refused(feed);
    _;
  }

  /// @notice Chooses the price.
  function setPrice(uint64 newPrice) external {
    settlementPrice = newPrice;
  }

  /// @notice Chooses the mark.
  function setMark(uint64 newMark) external {
    mark = newMark;
  }

  /// @notice Chooses what `describe` says.
  function setDescription(uint8 newPriceExp, uint112 newMaxCeiling) external {
    (priceExp, maxCeiling) = (newPriceExp, newMaxCeiling);
  }

  /// @notice Refuses everything, or no longer.
  function setRefusing(bool yes) external {
    refusing = yes;
  }

  /// @inheritdoc ISettlementOracle
  function describe(bytes32 feed, bytes32) external view willing(feed) returns (uint8, uint112) {
    _requireRefused();
    return (priceExp, maxCeiling);
  }

  /// @inheritdoc ISettlementOracle
  function open(bytes32 feed, bytes32 profile, uint40 expiry) external willing(feed) returns (bytes32, uint64) {
    _reenter();
    emit Opened(feed, profile, expiry);
    return (keccak256(abi.encode(feed, profile, expiry)), mark);
  }

  /// @inheritdoc ISettlementOracle
  function fix(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) external willing(feed) returns (uint64) {
    _reenter();
    emit Asked(feed, profile, expiry, proof);
    return settlementPrice;
  }

  /// @inheritdoc ISettlementOracle
  function price(bytes32, bytes32, uint40) external view returns (uint64, uint64, uint40) {
    return (settlementPrice, mark, 0);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDataStreams} from "../../interfaces/IDataStreams.sol";
import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {IStreamsFeeManager, IStreamsVerifier} from "../../interfaces/IStreamsVerifier.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Source} from "./Source.sol";

/// @title DataStreams
/// @notice A feed of Chainlink's Data Streams as a source. Rules in docs/oracles.md.
contract DataStreams is IDataStreams, Source {
  /// @dev A report of version 3, in the order in which it is encoded. Prices have 18 decimals.
  struct Report {
    bytes32 feedId;
    uint32 validFrom;
    uint32 observedAt;
    uint192 nativeFee;
    uint192 linkFee;
    uint32 expiresAt;
    int192 price;
    int192 bid;
    int192 ask;
  }

  uint256 private constant VERSION = 3;
  uint256 private constant DECIMALS = 18;
  /// @dev Seconds that a report of an instant may span.
  uint256 private constant MAX_WIDTH = 10;
  /// @dev There is one report for an instant; of two, which only dishonest oracles sign, neither is better.
  uint24 private constant FORM = Forms.MAXIMAL | 1;

  IStreamsVerifier private immutable _VERIFIER;
  bytes32 private immutable _FEED_ID;
  address private immutable _FEE_TOKEN;

  /// @param verifier The proxy of the verifiers.
  /// @param feedId_ The feed, of version 3.
  /// @param feeToken_ The chain's wrapped native coin, as the fee manager knows it.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that a price refers to, at most 18.
  /// @param maxAge Seconds up to which a report counts.
  /// @param maxAhead Seconds by which a report may be ahead of the block.
  constructor(
    IStreamsVerifier verifier,
    bytes32 feedId_,
    address feeToken_,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge,
    uint8 maxAhead
  )
    Source(
      SourceTerms({
        classes: Classes.CHAINLINK,
        push: false,
        priceExp: priceExp,
        maxAge: maxAge,
        maxAhead: maxAhead,
        base: base,
        quote: quote
      })
    )
  {
    _requireCode(address(verifier));
    if (uint256(feedId_) >> 240 != VERSION) revert FeedVersionUnknown(feedId_);
    _VERIFIER = verifier;
    _FEED_ID = feedId_;
    _FEE_TOKEN = feeToken_;
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    Report memory report = _verified(payload);
    (int256 bid, int256 mid, int256 ask) = (report.bid, report.price, report.ask);
    reading.price = Prices.ofAnswer(mid, _PRICE_EXP, DECIMALS);
    reading.time = report.observedAt;
    if (bid > mid || mid > ask) revert SpreadInvalid(bid, mid, ask);
    // Half of the spread over the price. Words of 192 bits: neither the spread nor twice the price overflows.
    reading.confidence = Prices.bps(uint256(ask - bid), 2 * uint256(mid));
    reading.form = FORM;
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    Report memory report = _verified(payload);
    if (time < report.validFrom) revert ProofForOtherTime(report.validFrom, time);
    if (time > report.observedAt) revert ProofForOtherTime(report.observedAt, time);
    uint256 width = report.observedAt - report.validFrom;
    if (width > MAX_WIDTH) revert ReportTooWide(width, MAX_WIDTH);
    return (Prices.ofAnswer(report.price, _PRICE_EXP, DECIMALS), FORM);
  }

  /// @dev The report, after its signatures were checked and its fee was paid.
  function _verified(bytes calldata payload) private returns (Report memory report) {
    _requireFee(fee(payload));
    bytes memory data = _VERIFIER.verify{value: msg.value}(payload, abi.encode(_FEE_TOKEN));
    if (bytes32(data) != _FEED_ID) revert ReportOfOtherFeed(bytes32(data), _FEED_ID);
    return abi.decode(data, (Report));
  }

  /* VIEWS */

  /// @inheritdoc IDataStreams
  function fee(bytes calldata payload) public view returns (uint256) {
    IStreamsFeeManager manager = _VERIFIER.s_feeManager();
    if (address(manager) == address(0)) return 0;
    (, bytes memory report) = abi.decode(payload, (bytes32[3], bytes));
    (IStreamsFeeManager.Asset memory asset, , ) = manager.getFeeAndReward(address(this), report, _FEE_TOKEN);
    return asset.amount;
  }

  /// @inheritdoc IDataStreams
  function verifierProxy() external view returns (address) {
    return address(_VERIFIER);
  }

  /// @inheritdoc IDataStreams
  function feedId() external view returns (bytes32) {
    return _FEED_ID;
  }

  /// @inheritdoc IDataStreams
  function feeToken() external view returns (address) {
    return _FEE_TOKEN;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPyth} from "@pythnetwork/pyth-sdk-solidity/IPyth.sol";
import {PythStructs} from "@pythnetwork/pyth-sdk-solidity/PythStructs.sol";

import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {IPythSource} from "../../interfaces/IPythSource.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Source} from "./Source.sol";

/// @title Pyth
/// @notice A price feed of the Pyth network as a source. Rules in docs/oracles.md.
/// @dev Tested against the SDK's mock only: Pyth's verifying contract is not on npm.
contract Pyth is IPythSource, Source {
  int32 private constant LOWEST_EXPONENT = -18;
  /// @dev Seconds from an instant on in which its update is published.
  uint64 private constant SPAN = 5;
  /// @dev An instant has one first update.
  uint24 private constant FORM = Forms.MAXIMAL | 1;

  IPyth private immutable _PYTH;
  bytes32 private immutable _PRICE_ID;
  int32 private immutable _EXPONENT;

  /// @param pyth_ Pyth's contract.
  /// @param priceId_ The feed.
  /// @param exponent_ Power of ten of the feed's prices, −18..0.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that a price refers to, at most 18.
  /// @param maxAge Seconds up to which an update counts.
  /// @param maxAhead Seconds by which an update may be ahead of the block.
  constructor(
    IPyth pyth_,
    bytes32 priceId_,
    int32 exponent_,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge,
    uint8 maxAhead
  )
    Source(
      SourceTerms({
        classes: Classes.PYTH,
        push: false,
        priceExp: priceExp,
        maxAge: maxAge,
        maxAhead: maxAhead,
        base: base,
        quote: quote
      })
    )
  {
    _requireCode(address(pyth_));
    if (exponent_ < LOWEST_EXPONENT || exponent_ > 0) revert ExponentOutOfRange(exponent_);
    (_PYTH, _PRICE_ID, _EXPONENT) = (pyth_, priceId_, exponent_);
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    // The bound keeps a time within its 40 bits; how old or far ahead it may be is for its reader to say.
    PythStructs.Price memory update = _update(payload, 0, type(uint40).max, false);
    reading.price = _price(update.price);
    reading.time = uint40(update.publishTime);
    reading.confidence = Prices.bps(update.conf, uint64(update.price));
    reading.form = FORM;
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    PythStructs.Price memory update = _update(payload, time, time + SPAN, true);
    return (_price(update.price), FORM);
  }

  /// @dev The feed's update published from `from` to `to`; if `first`, the one before it was published before `from`.
  function _update(
    bytes calldata payload,
    uint64 from,
    uint64 to,
    bool first
  ) private returns (PythStructs.Price memory update) {
    bytes[] memory data = abi.decode(payload, (bytes[]));
    _requireFee(_PYTH.getUpdateFee(data));
    bytes32[] memory ids = new bytes32[](1);
    ids[0] = _PRICE_ID;
    (PythStructs.PriceFeed[] memory feeds, ) = _PYTH.parsePriceFeedUpdatesWithConfig{value: msg.value}({
      updateData: data,
      priceIds: ids,
      minAllowedPublishTime: from,
      maxAllowedPublishTime: to,
      checkUniqueness: first,
      checkUpdateDataIsMinimal: false,
      storeUpdatesIfFresh: false
    });
    update = feeds[0].price;
    if (update.expo != _EXPONENT) revert ExponentChanged(_EXPONENT, update.expo);
  }

  function _price(int64 price) private view returns (uint64) {
    return Prices.ofAnswer(price, _PRICE_EXP, uint32(-_EXPONENT));
  }

  /* VIEWS */

  /// @inheritdoc IPythSource
  function fee(bytes calldata payload) external view returns (uint256) {
    return _PYTH.getUpdateFee(abi.decode(payload, (bytes[])));
  }

  /// @inheritdoc IPythSource
  function pyth() external view returns (address) {
    return address(_PYTH);
  }

  /// @inheritdoc IPythSource
  function priceId() external view returns (bytes32) {
    return _PRICE_ID;
  }

  /// @inheritdoc IPythSource
  function exponent() external view returns (int32) {
    return _EXPONENT;
  }
}

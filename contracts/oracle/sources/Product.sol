// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {IProduct} from "../../interfaces/IProduct.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Source} from "./Source.sol";

/// @title Product
/// @notice Two sources whose units chain as one. Rules in docs/oracles.md.
contract Product is IProduct, Source {
  uint256 private constant ONE = 10 ** Prices.DECIMALS;
  /// @dev Numbers of the legs in errors.
  uint256 private constant LEG_A = 0;
  uint256 private constant LEG_B = 1;

  IPriceSource private immutable _A;
  IPriceSource private immutable _B;
  bool private immutable _PUSH_A;
  bool private immutable _PUSH_B;
  uint32 private immutable _MAX_AGE_A;
  uint32 private immutable _MAX_AGE_B;

  /// @param a The first leg; its quote is the second one's base.
  /// @param b The second leg.
  constructor(IPriceSource a, IPriceSource b) Source(_joined(a, b)) {
    SourceTerms memory termsA = a.describe();
    SourceTerms memory termsB = b.describe();
    (_A, _B) = (a, b);
    (_PUSH_A, _PUSH_B) = (termsA.push, termsB.push);
    (_MAX_AGE_A, _MAX_AGE_B) = (termsA.maxAge, termsB.maxAge);
  }

  /// @dev What the product of two sources is.
  function _joined(IPriceSource a, IPriceSource b) private view returns (SourceTerms memory terms) {
    _requireCode(address(a));
    _requireCode(address(b));
    SourceTerms memory termsA = a.describe();
    SourceTerms memory termsB = b.describe();
    if (termsA.quote != termsB.base) revert UnitsDoNotChain(termsA.quote, termsB.base);
    if (termsA.classes & Classes.GUARD != 0) revert LegIsGuard(LEG_A);
    if (termsB.classes & Classes.GUARD != 0) revert LegIsGuard(LEG_B);
    uint256 priceExp = uint256(termsA.priceExp) + termsB.priceExp;
    if (priceExp > Prices.MAX_PRICE_EXP) revert ProductExpTooLarge(priceExp, Prices.MAX_PRICE_EXP);
    uint256 maxAge = Math.max(termsA.maxAge, termsB.maxAge);
    if (termsA.push != termsB.push) maxAge = termsA.push ? termsB.maxAge : termsA.maxAge;
    return
      SourceTerms({
        classes: termsA.classes | termsB.classes,
        push: termsA.push && termsB.push,
        priceExp: uint8(priceExp),
        maxAge: uint32(maxAge),
        maxAhead: uint8(Math.min(termsA.maxAhead, termsB.maxAhead)),
        base: termsA.base,
        quote: termsB.quote
      });
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    bytes memory payloadA;
    bytes memory payloadB;
    uint256 feeA;
    if (_PUSH_A && _PUSH_B) {
      _requireFee(0);
      _requireNoPayload(payload);
    } else {
      (payloadA, payloadB, feeA) = _parts(payload);
    }
    Reading memory a = _A.latest{value: feeA}(payloadA);
    Reading memory b = _B.latest{value: msg.value - feeA}(payloadB);
    _requireYoung(LEG_A, a.time, _MAX_AGE_A);
    _requireYoung(LEG_B, b.time, _MAX_AGE_B);
    reading.price = _times(a.price, b.price);
    reading.time = uint40(Math.min(a.time, b.time));
    // A pushed leg speaks of now, so a pulled one beside it tells the time. Else one price of the pulled leg would stand
    // until the next round of the pushed one.
    if (_PUSH_A != _PUSH_B) reading.time = _PUSH_A ? b.time : a.time;
    reading.confidence = uint16(Math.min(uint256(a.confidence) + b.confidence, type(uint16).max));
    reading.form = _weaker(a.form, b.form);
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    (bytes memory payloadA, bytes memory payloadB, uint256 feeA) = _parts(payload);
    (uint64 a, uint24 formA) = _A.valueAt{value: feeA}(time, payloadA);
    (uint64 b, uint24 formB) = _B.valueAt{value: msg.value - feeA}(time, payloadB);
    return (_times(a, b), _weaker(formA, formB));
  }

  function _parts(
    bytes calldata payload
  ) private view returns (bytes memory payloadA, bytes memory payloadB, uint256 feeA) {
    (payloadA, payloadB, feeA) = abi.decode(payload, (bytes, bytes, uint256));
    if (feeA > msg.value) revert FeeBeyondValue(feeA, msg.value);
  }

  /// @dev A time ahead has age 0.
  function _requireYoung(uint256 leg, uint256 time, uint256 maxAge) private view {
    if (block.timestamp <= time) return;
    uint256 age = block.timestamp - time;
    if (age > maxAge) revert LegTooOld(leg, age, maxAge);
  }

  /// @dev Both are below 2^63.
  function _times(uint256 a, uint256 b) private pure returns (uint64) {
    uint256 price = (a * b) / ONE;
    return Prices.inRange(price, int256(price));
  }

  /// @dev Forms are ordered as numbers: maximal first, then by rank.
  function _weaker(uint24 a, uint24 b) private pure returns (uint24) {
    return a < b ? a : b;
  }

  /* VIEWS */

  /// @inheritdoc IProduct
  function legs() external view returns (address a, address b) {
    return (address(_A), address(_B));
  }
}

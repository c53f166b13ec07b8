// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IChainlinkSettlement} from "../../interfaces/IChainlinkSettlement.sol";
import {IPriceSource, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {Prices} from "../../libraries/Prices.sol";

/// @title Source
/// @notice What a source is, frozen in its code.
abstract contract Source is IPriceSource {
  uint16 private immutable _CLASSES;
  bool private immutable _PUSH;
  uint8 internal immutable _PRICE_EXP;
  uint32 private immutable _MAX_AGE;
  uint8 private immutable _MAX_AHEAD;
  bytes32 private immutable _BASE;
  bytes32 private immutable _QUOTE;

  constructor(SourceTerms memory terms) {
    if (terms.priceExp > Prices.MAX_PRICE_EXP) {
      revert IChainlinkSettlement.PriceExpTooLarge(terms.priceExp, Prices.MAX_PRICE_EXP);
    }
    _CLASSES = terms.classes;
    _PUSH = terms.push;
    _PRICE_EXP = terms.priceExp;
    _MAX_AGE = terms.maxAge;
    _MAX_AHEAD = terms.maxAhead;
    _BASE = terms.base;
    _QUOTE = terms.quote;
  }

  /// @inheritdoc IPriceSource
  function describe() external view returns (SourceTerms memory terms) {
    return
      SourceTerms({
        classes: _CLASSES,
        push: _PUSH,
        priceExp: _PRICE_EXP,
        maxAge: _MAX_AGE,
        maxAhead: _MAX_AHEAD,
        base: _BASE,
        quote: _QUOTE
      });
  }

  function _requireNoPayload(bytes calldata payload) internal pure {
    if (payload.length != 0) revert PayloadNotEmpty(payload.length);
  }

  function _requireCode(address network) internal view {
    if (network.code.length == 0) revert NetworkWithoutCode(network);
  }

  function _requireFee(uint256 fee) internal view {
    if (msg.value != fee) revert WrongFee(msg.value, fee);
  }
}

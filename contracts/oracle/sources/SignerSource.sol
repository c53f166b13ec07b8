// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceTerms} from "../../interfaces/IPriceSource.sol";
import {ISignerSource} from "../../interfaces/ISignerSource.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Source} from "./Source.sol";

/// @title SignerSource
/// @notice What sources with a set of signers share: the set, and the fewest that make a value.
/// @dev The signers are immutables rather than storage: 2,100 gas less for each signature.
abstract contract SignerSource is ISignerSource, Source {
  uint256 internal immutable _SIGNER_COUNT;
  uint256 private immutable _QUORUM;
  address private immutable _SIGNER_0;
  address private immutable _SIGNER_1;
  address private immutable _SIGNER_2;
  address private immutable _SIGNER_3;
  address private immutable _SIGNER_4;
  address private immutable _SIGNER_5;
  address private immutable _SIGNER_6;
  address private immutable _SIGNER_7;
  address private immutable _SIGNER_8;
  address private immutable _SIGNER_9;
  address private immutable _SIGNER_10;
  address private immutable _SIGNER_11;
  address private immutable _SIGNER_12;
  address private immutable _SIGNER_13;
  address private immutable _SIGNER_14;
  address private immutable _SIGNER_15;

  /// @dev The number of signers is at most Forms.MAX_SIGNERS and has been checked; the quorum as well.
  constructor(SourceTerms memory terms, address[] memory list, uint256 fewest) Source(terms) {
    for (uint256 i = 0; i < list.length; ++i) {
      if (list[i] == address(0)) revert SignerZero(i);
      for (uint256 j = 0; j < i; ++j) if (list[j] == list[i]) revert SignerRepeated(list[i], i);
    }
    _SIGNER_COUNT = list.length;
    _QUORUM = fewest;
    _SIGNER_0 = _orZero(list, 0);
    _SIGNER_1 = _orZero(list, 1);
    _SIGNER_2 = _orZero(list, 2);
    _SIGNER_3 = _orZero(list, 3);
    _SIGNER_4 = _orZero(list, 4);
    _SIGNER_5 = _orZero(list, 5);
    _SIGNER_6 = _orZero(list, 6);
    _SIGNER_7 = _orZero(list, 7);
    _SIGNER_8 = _orZero(list, 8);
    _SIGNER_9 = _orZero(list, 9);
    _SIGNER_10 = _orZero(list, 10);
    _SIGNER_11 = _orZero(list, 11);
    _SIGNER_12 = _orZero(list, 12);
    _SIGNER_13 = _orZero(list, 13);
    _SIGNER_14 = _orZero(list, 14);
    _SIGNER_15 = _orZero(list, 15);
  }

  /* VIEWS */

  /// @inheritdoc ISignerSource
  function signers() external view returns (address[] memory list) {
    list = new address[](_SIGNER_COUNT);
    for (uint256 i = 0; i < list.length; ++i) list[i] = _signer(i);
  }

  /// @inheritdoc ISignerSource
  function quorum() public view returns (uint256 count) {
    return _QUORUM;
  }

  /* SHARED */

  /// @dev The signer of a bit below `_SIGNER_COUNT`, found in four steps.
  function _signer(uint256 index) internal view returns (address) {
    if (index < 8) {
      if (index < 4) {
        if (index < 2) return index == 0 ? _SIGNER_0 : _SIGNER_1;
        return index == 2 ? _SIGNER_2 : _SIGNER_3;
      }
      if (index < 6) return index == 4 ? _SIGNER_4 : _SIGNER_5;
      return index == 6 ? _SIGNER_6 : _SIGNER_7;
    }
    if (index < 12) {
      if (index < 10) return index == 8 ? _SIGNER_8 : _SIGNER_9;
      return index == 10 ? _SIGNER_10 : _SIGNER_11;
    }
    if (index < 14) return index == 12 ? _SIGNER_12 : _SIGNER_13;
    return index == 14 ? _SIGNER_14 : _SIGNER_15;
  }

  /// @dev All bits that name a signer.
  function _allSigners() internal view returns (uint16) {
    return uint16((1 << _SIGNER_COUNT) - 1);
  }

  /// @dev The bits name signers, and enough of them. `fullest` is the set whose values are maximal.
  function _formOf(uint256 bitmap, uint16 fullest) internal view returns (uint24 form, uint256 count) {
    if (bitmap >> _SIGNER_COUNT != 0) revert BitmapTooWide(bitmap, _SIGNER_COUNT);
    (form, count) = Forms.ofSigners(uint16(bitmap), fullest);
    if (count < _QUORUM) revert TooFewSigners(count, _QUORUM);
  }

  /// @dev The 32 bytes of the payload from `offset` on, which must be there.
  function _word(bytes calldata payload, uint256 offset) internal pure returns (uint256) {
    return uint256(bytes32(payload[offset:]));
  }

  function _orZero(address[] memory list, uint256 index) private pure returns (address) {
    return index < list.length ? list[index] : address(0);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ILibraryErrors} from "../interfaces/ILibraryErrors.sol";

/// @title BoundedRead
/// @notice Reads words from a contract that nobody vouches for, at a bounded cost and without reverting on its account.
/// @dev A read fails, and never reverts, when the target reverts, uses up `GAS_CAP`, returns too little (an address
///      without code returns nothing) or returns a word its type cannot hold. It reverts in one case alone: too little
///      gas to give the target its full `GAS_CAP`, so that a starved call is never mistaken for a dead feed.
///      Solidity's try/catch is no substitute: it copies a return bomb; a short return or dirty bits revert past it.
library BoundedRead {
  /// @dev Gas given to a read.
  uint256 internal constant GAS_CAP = 150_000;
  /// @dev Gas given to a price source, so that a bad one costs less than 155,000 with all that is around it.
  uint256 internal constant SOURCE_GAS_CAP = 147_500;
  /// @dev A call can pass on 63/64 of what is left, so GAS_CAP · 64/63 must be there; 20,000 to go on with afterwards.
  uint256 internal constant GAS_NEEDED = (GAS_CAP * 64) / 63 + 20_000;

  /// @dev Reads one word of at most `bits` bits from a function without arguments.
  function word(address target, bytes4 selector, uint256 bits) internal view returns (bool ok, uint256 value) {
    _requireGas();
    return _word(target, selector, 0, 4, bits);
  }

  /// @dev The same with whatever gas there is, for callers that revert when it fails: nobody is misled by that.
  function wordAtAnyGas(address target, bytes4 selector, uint256 bits) internal view returns (bool ok, uint256 value) {
    return _word(target, selector, 0, 4, bits);
  }

  /// @dev Reads one word of at most `bits` bits from a function of one word.
  function word(
    address target,
    bytes4 selector,
    uint256 argument,
    uint256 bits
  ) internal view returns (bool ok, uint256 value) {
    _requireGas();
    return _word(target, selector, argument, 36, bits);
  }

  /// @dev Reads `latestRoundData()`.
  function latestRound(
    address target,
    bytes4 selector
  ) internal view returns (bool ok, uint256 roundId, int256 answer, uint256 updatedAt, uint256 answeredInRound) {
    _requireGas();
    return _round(target, selector, 0, 4);
  }

  /// @dev The same with whatever gas there is, as above.
  function latestRoundAtAnyGas(
    address target,
    bytes4 selector
  ) internal view returns (bool ok, uint256 roundId, int256 answer, uint256 updatedAt, uint256 answeredInRound) {
    return _round(target, selector, 0, 4);
  }

  /// @dev Reads `getRoundData(uint80)`.
  function roundAt(
    address target,
    bytes4 selector,
    uint256 id
  ) internal view returns (bool ok, uint256 roundId, int256 answer, uint256 updatedAt, uint256 answeredInRound) {
    _requireGas();
    return _round(target, selector, id, 36);
  }

  /// @dev Reads a round of an uptime feed for what changed and when; `size` 4 for no argument, 36 for one.
  function change(
    address target,
    bytes4 selector,
    uint256 argument,
    uint256 size
  ) internal view returns (bool ok, uint256 roundId, int256 answer, uint256 startedAt) {
    _requireGas();
    assembly ("memory-safe") {
      let words := mload(0x40)
      mstore(0x00, selector)
      mstore(0x04, argument)
      ok := staticcall(GAS_CAP, target, 0x00, size, words, 0xa0)
      ok := and(ok, gt(returndatasize(), 0x9f))
      roundId := mload(words)
      answer := mload(add(words, 0x20))
      startedAt := mload(add(words, 0x40))
      ok := and(ok, iszero(shr(80, roundId)))
    }
  }

  /// @dev Calls a price source with the given calldata for the four words of a reading. When it fails, `reason` is the
  ///      selector it reverted with. A plain call: a source may keep accounts of its own.
  function reading(
    address target,
    bytes memory data
  ) internal returns (bool ok, bytes4 reason, uint256 price, uint256 time, uint256 confidence, uint256 form) {
    _requireGas();
    assembly ("memory-safe") {
      let words := mload(0x40)
      mstore(words, 0)
      ok := call(SOURCE_GAS_CAP, target, 0, add(data, 0x20), mload(data), words, 0x80)
      switch ok
      case 0 {
        reason := and(mload(words), shl(224, 0xffffffff))
        if lt(returndatasize(), 4) {
          reason := 0
        }
      }
      default {
        ok := gt(returndatasize(), 0x7f)
        price := mload(words)
        time := mload(add(words, 0x20))
        confidence := mload(add(words, 0x40))
        form := mload(add(words, 0x60))
      }
    }
  }

  /// @dev Calls a price source for a reading, with all the gas and the value there are, for a caller that reverts when it
  ///      fails: with what the source reverted with, without a reason where an answer is short or a word of it dirty. The
  ///      compiler's encoding and decoding do the same for some 500 gas more.
  function readingOrRevert(
    address target,
    bytes calldata payload,
    bytes4 selector
  ) internal returns (uint256 price, uint256 time, uint256 confidence, uint256 form) {
    assembly ("memory-safe") {
      let words := mload(0x40)
      mstore(words, selector)
      mstore(add(words, 0x04), 0x20)
      mstore(add(words, 0x24), payload.length)
      let end := add(add(words, 0x44), payload.length)
      calldatacopy(add(words, 0x44), payload.offset, payload.length)
      mstore(end, 0)
      let size := add(0x44, and(add(payload.length, 0x1f), not(0x1f)))
      if iszero(call(gas(), target, callvalue(), words, size, words, 0x80)) {
        returndatacopy(words, 0, returndatasize())
        revert(words, returndatasize())
      }
      price := mload(words)
      time := mload(add(words, 0x20))
      confidence := mload(add(words, 0x40))
      form := mload(add(words, 0x60))
      let dirt := or(or(shr(64, price), shr(40, time)), or(shr(16, confidence), shr(24, form)))
      if or(dirt, lt(returndatasize(), 0x80)) {
        revert(0, 0)
      }
    }
  }

  /// @dev Reads the first words of what a call with the given calldata answers or, if it fails, reverts with: as many as
  ///      `words` has, of which `size` bytes were written. With whatever gas there is, as above.
  function intoAtAnyGas(
    uint256[] memory words,
    address target,
    bytes memory data
  ) internal view returns (bool ok, uint256 size) {
    assembly ("memory-safe") {
      let room := mul(mload(words), 0x20)
      ok := staticcall(GAS_CAP, target, add(data, 0x20), mload(data), add(words, 0x20), room)
      size := returndatasize()
      if gt(size, room) {
        size := room
      }
    }
  }

  function _word(
    address target,
    bytes4 selector,
    uint256 argument,
    uint256 size,
    uint256 bits
  ) private view returns (bool ok, uint256 value) {
    // Assembly, because Solidity's low-level call copies whatever the target returns. Calldata and the result stay in
    // the scratch space 0x00..0x3f.
    assembly ("memory-safe") {
      mstore(0x00, selector)
      mstore(0x04, argument)
      ok := staticcall(GAS_CAP, target, 0x00, size, 0x00, 0x20)
      ok := and(ok, gt(returndatasize(), 0x1f))
      value := mload(0x00)
      ok := and(ok, iszero(shr(bits, value)))
    }
  }

  /// @dev `startedAt`, the third of the five words, is of no use.
  function _round(
    address target,
    bytes4 selector,
    uint256 argument,
    uint256 size
  ) private view returns (bool ok, uint256 roundId, int256 answer, uint256 updatedAt, uint256 answeredInRound) {
    // Assembly for the same reason. The result lies in free memory, which is not allocated.
    assembly ("memory-safe") {
      let words := mload(0x40)
      mstore(0x00, selector)
      mstore(0x04, argument)
      ok := staticcall(GAS_CAP, target, 0x00, size, words, 0xa0)
      ok := and(ok, gt(returndatasize(), 0x9f))
      roundId := mload(words)
      answer := mload(add(words, 0x20))
      updatedAt := mload(add(words, 0x60))
      answeredInRound := mload(add(words, 0x80))
      ok := and(ok, iszero(shr(80, or(roundId, answeredInRound))))
    }
  }

  function _requireGas() private view {
    uint256 gasLeft = gasleft();
    if (gasLeft <= GAS_NEEDED) revert ILibraryErrors.GasStarved(gasLeft, GAS_NEEDED);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SlotDerivation} from "@openzeppelin/contracts/utils/SlotDerivation.sol";
import {TransientSlot} from "@openzeppelin/contracts/utils/TransientSlot.sol";

/// @title Queue
/// @notice What a batch looks at again when it ends, in transient storage: positions that it left uncovered, and books in which
///         open interest rose, for their ceilings. Each once, first queued first. Emptied at its end, so that a second batch of
///         the same transaction starts from nothing.
library Queue {
  using SlotDerivation for bytes32;
  using TransientSlot for *;

  /// keccak256(abi.encode(uint256(keccak256("certus.batch.queue")) - 1)) & ~bytes32(uint256(0xff)), as in ERC-7201.
  bytes32 private constant LENGTH = 0x2ba55ccae8ce6444f59da7968172975971434241755b9cfb8668c516b23d1c00;

  /// @dev Adds a position, or with account 0 a book, unless it is queued.
  function add(uint256 account, uint256 book) internal {
    TransientSlot.BooleanSlot queued = _marker(account, book);
    if (queued.tload()) return;
    queued.tstore(true);
    uint256 size = length();
    _entry(2 * size).tstore(account);
    _entry(2 * size + 1).tstore(book);
    LENGTH.asUint256().tstore(size + 1);
  }

  /// @dev Takes out entry `index` of `size`; with the last one the queue is as it was before its first.
  function take(uint256 index, uint256 size) internal returns (uint256 account, uint256 book) {
    (TransientSlot.Uint256Slot first, TransientSlot.Uint256Slot second) = (_entry(2 * index), _entry(2 * index + 1));
    (account, book) = (first.tload(), second.tload());
    first.tstore(0);
    second.tstore(0);
    _marker(account, book).tstore(false);
    if (index + 1 == size) LENGTH.asUint256().tstore(0);
  }

  /// @dev Entries queued.
  function length() internal view returns (uint256) {
    return LENGTH.asUint256().tload();
  }

  function _entry(uint256 index) private pure returns (TransientSlot.Uint256Slot) {
    return LENGTH.deriveArray().offset(index).asUint256();
  }

  function _marker(uint256 account, uint256 book) private pure returns (TransientSlot.BooleanSlot) {
    return LENGTH.deriveMapping(account).deriveMapping(book).asBoolean();
  }
}

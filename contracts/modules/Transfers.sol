// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Writes} from "../core/Writes.sol";
import {ICore} from "../interfaces/ICore.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Sides} from "../rules/Sides.sol";
import {Move} from "../types/Room.sol";

/// @title Transfers
/// @notice Legs and collateral between accounts of one owner. Nothing is opened: an account gives at most what it holds.
abstract contract Transfers is ICore, Sides, Writes {
  /// @inheritdoc ICore
  function transferLegs(
    uint256 from,
    uint256 to,
    uint256 book,
    uint128[] calldata legs,
    uint256 collateral
  ) external entry {
    _requireScope(from, MANAGE);
    _requireScope(to, MANAGE);
    if (Ids.ownerOf(from) != Ids.ownerOf(to)) revert OwnersDiffer(from, to);
    if (from == to) revert SameAccount(from);
    _liveWord(book);
    if (legs.length == 0 && collateral == 0) revert ZeroAmount();
    uint256 scale = _markets[Ids.marketOf(book)].scale;
    uint256[] memory vector = legs.length == 0 ? new uint256[](0) : PartCheck.read(legs, 0, book, scale);
    Move memory giver;
    Move memory receiver;
    _load(giver, from, book);
    _load(receiver, to, book);
    _requireHeld(giver, book, vector, 1);
    uint256 available = Header.collateral(giver.header);
    if (collateral > available) revert CollateralShort(from, book, collateral, available);
    // Both stay below 2^112: together they are part of the pool.
    giver.collateral = available - collateral;
    receiver.collateral = Header.collateral(receiver.header) + collateral;
    _orRevert(_net(receiver, book, vector, 1, Legs.MAX));
    _orRevert(_net(giver, book, vector, -1, Legs.MAX));
    giver.requirement = Payoff.requirement(giver.legs, scale);
    receiver.requirement = Payoff.requirement(receiver.legs, scale);
    _write(giver, book, true);
    _write(receiver, book, true);
    emit LegsMoved(from, to, book, legs, collateral);
  }
}

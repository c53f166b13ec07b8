// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ILens} from "../interfaces/ILens.sol";
import {ILibraryErrors} from "../interfaces/ILibraryErrors.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {WalletSignature} from "../libraries/WalletSignature.sol";
import {Orders} from "../rules/Orders.sol";
import {Rooms} from "../rules/Rooms.sol";
import {Order, TakerLimit} from "../types/Order.sol";
import {Move, Room} from "../types/Room.sol";
import {FillPreview, PartPreview, SideView} from "../types/Views.sol";
import {LedgerReads} from "./LedgerReads.sol";

/// @title Previews
/// @notice A fill without its writes: the same rules, in the same order, on what the ledger tells.
abstract contract Previews is ILens, LedgerReads, Rooms, Orders {
  /// @inheritdoc ILens
  function previewFill(
    address caller,
    uint256 account,
    Order calldata order,
    address signer,
    bytes calldata signature,
    uint64 units,
    TakerLimit[] calldata limits
  ) external view returns (FillPreview memory preview) {
    // The first thing a fill asks: does foreign code run? Some of what follows would answer without the ledger's state.
    _LEDGER.epochOf(account);
    try this.dryFill(caller, account, order, signer, signature, units, limits) returns (FillPreview memory found) {
      return found;
    } catch (bytes memory refusal) {
      // No rule refuses without a word: what is left is a call that ran out of gas, which tells nothing about the fill.
      if (refusal.length == 0) revert ILibraryErrors.FailedCall();
      preview.refusal = refusal;
      preview.orderHash = _LEDGER.orderHash(order);
    }
  }

  /// @notice The same as `previewFill`, but reverts with the refusal itself.
  /// @param caller Who would call `fill`.
  /// @param account The taking account.
  /// @param order The maker's order.
  /// @param signer Who signed it.
  /// @param signature The signature.
  /// @param units Units to fill.
  /// @param limits One limit a part.
  /// @return preview The preview, without a refusal.
  function dryFill(
    address caller,
    uint256 account,
    Order calldata order,
    address signer,
    bytes calldata signature,
    uint64 units,
    TakerLimit[] calldata limits
  ) external view returns (FillPreview memory preview) {
    if (!_hasScope(account, caller, TRADE)) revert NotPermitted(account, caller, TRADE);
    (Room[] memory rooms, bytes32 hash) = _openRooms(order, limits.length, units);
    (bytes memory refusal, uint64 filledBefore) = _admit(order, hash, account, units);
    _orRevert(refusal);
    if (!_isSigned(order, hash, signer, signature)) revert BadSignature(order.account, signer);
    _orRevert(_moveMaker(order.account, rooms, units, filledBefore));
    int256[] memory paid = _moveTaker(account, rooms, units, limits);
    preview.orderHash = hash;
    preview.remaining = order.units - filledBefore - units;
    preview.parts = new PartPreview[](rooms.length);
    for (uint256 i; i < rooms.length; ++i) {
      Room memory room = rooms[i];
      PartPreview memory part = preview.parts[i];
      (part.book, part.premium, part.fee, part.pay) = (room.book, room.premium, room.fee, paid[i]);
      part.pool = BookWord.pool(room.word);
      _tell(part.maker, room.maker, room.scale);
      _tell(part.taker, room.taker, room.scale);
    }
  }

  function _tell(SideView memory side, Move memory move, uint256 scale) private pure {
    side.draw = move.draw;
    side.collateralBefore = Header.collateral(move.header);
    side.collateralAfter = move.collateral;
    side.requirementBefore = Payoff.requirement(move.before, scale);
    side.requirementAfter = move.requirement;
  }

  function _isSigned(
    Order calldata order,
    bytes32 hash,
    address signer,
    bytes calldata signature
  ) private view returns (bool) {
    (bool agreed, bytes32 walletDigest) = _isSignedByKey(order, hash, signer, signature);
    return agreed || (walletDigest != 0 && WalletSignature.isValid(signer, walletDigest, signature));
  }
}

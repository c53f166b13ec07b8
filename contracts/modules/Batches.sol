// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {Ledger} from "../core/Ledger.sol";
import {IAnnex} from "../interfaces/IAnnex.sol";
import {ICore} from "../interfaces/ICore.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Queue} from "../libraries/Queue.sol";

/// @title Batches
/// @notice Several calls as one step. What it left uncovered is checked at its end, and only accounts of the caller's can be;
///         so are the ceilings of the books in which it raised open interest.
abstract contract Batches is ICore, Ledger {
  /// @inheritdoc ICore
  function batch(bytes[] calldata calls) external entry returns (bytes[] memory results) {
    // Never within another: a batch is not on its own list, and foreign code cannot enter.
    _context = BATCH;
    results = new bytes[](calls.length);
    for (uint256 i; i < calls.length; ++i) {
      bytes4 selector = bytes4(calls[i]);
      if (!_isBatchable(selector)) revert NotBatchable(selector);
      results[i] = Address.functionDelegateCall(address(this), calls[i]);
    }
    uint256 size = Queue.length();
    for (uint256 i; i < size; ++i) {
      (uint256 account, uint256 book) = Queue.take(i, size);
      if (account == 0) _requireBelowCeiling(book);
      else _requireCovered(account, book);
    }
    _context = IDLE;
  }

  function _requireCovered(uint256 account, uint256 book) private view {
    Position storage position = _positions[account][book];
    uint256 header = position.header;
    uint256 requirement = Payoff.requirement(_loadLegs(position, header), _markets[Ids.marketOf(book)].scale);
    uint256 collateral = Header.collateral(header);
    if (collateral < requirement) revert Undercovered(account, book, collateral, requirement);
  }

  function _requireBelowCeiling(uint256 book) private view {
    uint256 pool = BookWord.pool(_books[book]);
    uint256 ceiling = MarketWords.ceiling(_markets[Ids.marketOf(book)].guard);
    if (pool > ceiling) revert CeilingReached(book, pool, ceiling);
  }

  function _isBatchable(bytes4 selector) private pure returns (bool) {
    return
      selector == ICore.fill.selector ||
      selector == IAnnex.fillMany.selector ||
      selector == ICore.deposit.selector ||
      selector == ICore.depositToBook.selector ||
      selector == ICore.withdraw.selector ||
      selector == ICore.allocate.selector ||
      selector == ICore.free.selector ||
      selector == ICore.transferLegs.selector ||
      selector == IAnnex.wrap.selector ||
      selector == IAnnex.unwrap.selector ||
      selector == IAnnex.redeem.selector ||
      selector == ICore.cancel.selector ||
      selector == ICore.settle.selector ||
      selector == ICore.claim.selector ||
      selector == ICore.fixPrice.selector ||
      selector == ICore.selfPermit.selector;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ILens} from "../interfaces/ILens.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {AccountView, CashView, ClaimStep, ClaimView, LegView, PositionView} from "../types/Views.sol";
import {Calendars} from "./Calendars.sol";

/// @title Accounts
/// @notice What accounts have, what they can take out, and when they are paid.
abstract contract Accounts is Calendars {
  /// @inheritdoc ILens
  function accountOf(
    uint256 account,
    address[] calldata tokens,
    uint256[] calldata books
  ) external view returns (AccountView memory found) {
    (found.account, found.owner, found.epoch) = (account, Ids.ownerOf(account), _epochOf(account));
    found.cash = new CashView[](tokens.length);
    for (uint256 i; i < tokens.length; ++i) found.cash[i] = CashView(tokens[i], _cashOf(account, tokens[i]));
    found.positions = new PositionView[](books.length);
    for (uint256 i; i < books.length; ++i) found.positions[i] = _positionView(account, books[i]);
  }

  /// @inheritdoc ILens
  function legsOf(
    uint256 account,
    uint256 book,
    uint256 from,
    uint256 count
  ) external view returns (LegView[] memory legs, uint256 total) {
    (, , uint256[] memory held) = _positionWords(account, book);
    total = held.length;
    if (from >= total) return (legs, total);
    uint256 size = total - from < count ? total - from : count;
    legs = new LegView[](size);
    for (uint256 i; i < size; ++i) legs[i] = _legView(book, held[from + i]);
  }

  /// @inheritdoc ILens
  function maxWithdraw(uint256 account, uint256 book) external view returns (uint256) {
    _openWord(book);
    (, uint256 header, uint256[] memory legs) = _positionWords(account, book);
    return _withdrawable(book, header, legs);
  }

  /// @inheritdoc ILens
  function claimable(uint256 account, uint256[] calldata books) external view returns (ClaimView[] memory views) {
    views = new ClaimView[](books.length);
    for (uint256 i; i < books.length; ++i) _claim(views[i], account, books[i]);
  }

  function _claim(ClaimView memory claim, uint256 account, uint256 book) private view {
    uint256 word = _openWord(book);
    (, uint256 header, uint256[] memory legs) = _positionWords(account, book);
    (claim.book, claim.token) = (book, _tokenOf(book));
    if (header == 0) return;
    uint256 collateral = Header.collateral(header);
    uint256 price = BookWord.price(word);
    uint40 expiry = Ids.expiryOf(book);
    if (Header.isSettled(header)) {
      (claim.step, claim.amount) = (ClaimStep.Claim, collateral);
    } else if (price != 0) {
      (claim.step, claim.amount) = (ClaimStep.Settle, _payout(book, collateral, legs, price));
    } else {
      claim.step = block.timestamp < expiry ? ClaimStep.AwaitExpiry : ClaimStep.AwaitPrice;
      if (block.timestamp < expiry) claim.from = expiry;
      claim.amount = collateral - _requirementOf(book, legs);
    }
  }

  function _positionView(uint256 account, uint256 book) private view returns (PositionView memory found) {
    (, uint256 header, uint256[] memory legs) = _positionWords(account, book);
    (found.book, found.token) = (_bookView(book), _tokenOf(book));
    (found.collateral, found.settled) = (uint112(Header.collateral(header)), Header.isSettled(header));
    found.requirement = _requirementOf(book, legs);
    found.withdrawable = _withdrawable(book, header, legs);
    uint256 price = found.book.settlementPrice;
    if (price != 0) found.payout = found.settled ? found.collateral : _payout(book, found.collateral, legs, price);
    found.legs = new LegView[](legs.length);
    for (uint256 i; i < legs.length; ++i) found.legs[i] = _legView(book, legs[i]);
  }

  /// @dev As `free` has it: never from a settled position, after expiry only without legs.
  function _withdrawable(uint256 book, uint256 header, uint256[] memory legs) private view returns (uint256) {
    if (Header.isSettled(header)) return 0;
    if (legs.length != 0 && block.timestamp >= Ids.expiryOf(book)) return 0;
    return Header.collateral(header) - _requirementOf(book, legs);
  }

  function _requirementOf(uint256 book, uint256[] memory legs) private view returns (uint256) {
    (uint256 scale, ) = _marketWords(Ids.marketOf(book));
    return Payoff.requirement(legs, scale);
  }

  /// @dev Never negative for a covered position.
  function _payout(
    uint256 book,
    uint256 collateral,
    uint256[] memory legs,
    uint256 price
  ) private view returns (uint256) {
    (uint256 scale, ) = _marketWords(Ids.marketOf(book));
    int256 payout = int256(collateral) + Payoff.valueDown(legs, price, scale);
    return payout < 0 ? 0 : uint256(payout);
  }

  function _legView(uint256 book, uint256 leg) private pure returns (LegView memory) {
    uint256 series = Ids.series(book, Legs.key(leg));
    return LegView(series, uint64(Legs.strike(leg)), Legs.isCall(leg), int64(Legs.quantity(leg)));
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Order, TakerLimit} from "../types/Order.sol";
import {AccountView, BookView, ClaimView, FillPreview, LegView, MarketView} from "../types/Views.sol";

/// @title ILens
/// @notice The ledger as people ask about it: whole accounts, calendars, requirements, and what a fill would do. Views only; it
///         holds nothing, and nothing trusts it.
/// @dev Words and units as in `IClearinghouse`. While foreign code of the ledger runs, every answer about its state reverts with
///      `InExternalCall`, as the ledger's own views do. The ledger keeps a list of its markets (`markets`) and no
///      other: books are found by a market's grid of expiries (`calendar`), an account's books by its events.
interface ILens {
  /// @notice The ledger looked at.
  /// @return The clearinghouse.
  function ledger() external view returns (address);

  /* MARKETS AND BOOKS */

  /// @notice A page of all markets as they stand now, in the order of listing. None ever leaves or moves: the retired stay.
  /// @param from Index of the first market, from 0.
  /// @param count Most markets.
  /// @return views Markets from there on; fewer at the end, none beyond it.
  /// @return total Markets there are.
  function markets(uint256 from, uint256 count) external view returns (MarketView[] memory views, uint256 total);

  /// @notice Markets as they stand now.
  /// @param keys The markets; those not listed are told so.
  /// @return views One each, in the order asked.
  function marketsOf(uint256[] calldata keys) external view returns (MarketView[] memory views);

  /// @notice Books as they stand now.
  /// @param books The books.
  /// @return views One each, in the order asked.
  function booksOf(uint256[] calldata books) external view returns (BookView[] memory views);

  /// @notice A page of a market's calendar: every expiry on its grid, opened or not.
  /// @dev Errors: MarketUnknown.
  /// @param market The market.
  /// @param from The page starts at the first expiry at or after this time, unix seconds.
  /// @param count Expiries on the page.
  /// @return views One each, ascending; fewer than asked for only where 40 bits of time end.
  /// @return next Where the next page starts; 0 when there is none.
  function calendar(
    uint256 market,
    uint40 from,
    uint256 count
  ) external view returns (BookView[] memory views, uint40 next);

  /* ACCOUNTS */

  /// @notice A whole account in one call.
  /// @param account The account.
  /// @param tokens Tokens to tell the free cash of.
  /// @param books Books to tell the positions in.
  /// @return The account.
  function accountOf(
    uint256 account,
    address[] calldata tokens,
    uint256[] calldata books
  ) external view returns (AccountView memory);

  /// @notice A page of an account's legs in a book.
  /// @param account The account.
  /// @param book The book.
  /// @param from Index of the first leg.
  /// @param count Most legs.
  /// @return legs Legs from there on, sorted by strike; fewer at the end.
  /// @return total Legs there are.
  function legsOf(
    uint256 account,
    uint256 book,
    uint256 from,
    uint256 count
  ) external view returns (LegView[] memory legs, uint256 total);

  /// @notice What `free` would take from a position now.
  /// @dev Errors: BookNotOpen.
  /// @param account The account.
  /// @param book The book.
  /// @return Base units of the book's token; 0 for a settled position, which is claimed, and with legs after expiry.
  function maxWithdraw(uint256 account, uint256 book) external view returns (uint256);

  /// @notice What becomes claimable, and when.
  /// @dev Errors: BookNotOpen. Collateral beyond the requirement need not wait for it: see `maxWithdraw`.
  /// @param account The account.
  /// @param books The books.
  /// @return views One each, in the order asked.
  function claimable(uint256 account, uint256[] calldata books) external view returns (ClaimView[] memory views);

  /* COVERAGE AND PAYOFF */

  /// @notice The least collateral that covers legs at every price.
  /// @dev Errors: BookNotOpen, LegsBound, LegsUnsorted, LegQuantity, StrikeOffTick, PutsNotListed, CallsMustNet.
  /// @param book The book.
  /// @param legs The legs, packed.
  /// @return Base units of the book's token.
  function requirement(uint256 book, uint128[] calldata legs) external view returns (uint256);

  /// @notice The requirement of a position with further legs.
  /// @dev Errors: those of `requirement`, QuantityBound, TooManyLegs.
  /// @param account The account.
  /// @param book The book.
  /// @param legs Legs per unit, packed.
  /// @param units Units, negative to take the legs away.
  /// @return before The requirement as it is, base units.
  /// @return current The requirement with them, base units.
  function requirementAfter(
    uint256 account,
    uint256 book,
    uint128[] calldata legs,
    int64 units
  ) external view returns (uint256 before, uint256 current);

  /// @notice What legs are worth at given settlement prices.
  /// @dev Errors: those of `requirement`, PriceZero.
  /// @param book The book.
  /// @param legs The legs, packed.
  /// @param prices Settlement prices, 8 decimals; from 2^63 on they count as 2^63 − 1, as when a price is fixed.
  /// @return payoffs Base units of the book's token, rounded down, one a price; negative: owed.
  function payoffAt(
    uint256 book,
    uint128[] calldata legs,
    uint64[] calldata prices
  ) external view returns (int256[] memory payoffs);

  /// @notice The payoff curve by its knots: between them, and behind the last, it is a line (in an inverse book, of 1/S).
  /// @dev Errors: those of `requirement`.
  /// @param book The book.
  /// @param legs The legs, packed.
  /// @return prices The lowest price, every strike, and twice the last strike (2^63 − 1 where that is less); ascending, none
  ///         twice.
  /// @return payoffs What the legs are worth there, base units, rounded down.
  function payoffCurve(
    uint256 book,
    uint128[] calldata legs
  ) external view returns (uint64[] memory prices, int256[] memory payoffs);

  /* FILLS */

  /// @notice What a fill would do now, or why there would be none. Runs the ledger's own rules on the ledger's state.
  /// @dev Never reverts for a reason that the fill would revert for: that is the answer, byte for byte. It speaks of a fill in the
  ///      next breath, as a call of its own: in a batch, what is short may be brought later. A wallet that signs (ERC-1271) is
  ///      asked by the lens, not by the ledger, and while the ledger's views answer: one that looks at either may tell the two
  ///      apart. A refusal `GasStarved` means that this call had too little gas to ask it.
  ///      Errors: InExternalCall; FailedCall out of gas.
  /// @param caller Who would call `fill`.
  /// @param account The taking account.
  /// @param order The maker's order.
  /// @param signer Who signed it.
  /// @param signature The signature.
  /// @param units Units to fill.
  /// @param limits One limit a part.
  /// @return The preview.
  function previewFill(
    address caller,
    uint256 account,
    Order calldata order,
    address signer,
    bytes calldata signature,
    uint64 units,
    TakerLimit[] calldata limits
  ) external view returns (FillPreview memory);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Fill, TakerLimit} from "../types/Order.sol";
import {Terms} from "../types/Terms.sol";

/// @title IAnnex
/// @notice The half of the ledger's functions that is called less often, at the same address; see `IClearinghouse` for words and
///         conventions.
interface IAnnex {
  /// @notice Lists a market, behind those listed before. Only with the access manager's leave.
  /// @dev Errors: AccessManagedUnauthorized, NoCode, StyleUnknown, LotScaleZero, LotScaleNotReduced, StrikeTickBound,
  ///      GridPeriodZero, HorizonBound, LastTradeBound, FeeCap, MarginModeUnknown, MarketTaken, those of the oracle's
  ///      `describe`, PriceExpMismatch, CeilingBound.
  /// @param terms The immutable terms.
  /// @return marketId keccak256 of the ABI-encoded terms.
  /// @return market The key of the market in every other call.
  function list(Terms calldata terms) external returns (bytes32 marketId, uint256 market);

  /// @notice Retires a market, at once and for good: no new books, no new risk; every exit stays open. Only with the
  ///         access manager's leave.
  /// @dev Errors: AccessManagedUnauthorized, MarketUnknown, MarketIsRetired.
  /// @param market The market.
  function retire(uint256 market) external;

  /// @notice Sets level and ceiling of a market. Only its guard, within the ledger's own limits.
  /// @dev Restricted: open interest may not rise. Halted: no fills. Errors: MarketUnknown, NotGuard, LevelUnknown, UntilBound,
  ///      CeilingBound, HaltBudget.
  /// @param market The market.
  /// @param level 0 Normal, 1 Restricted, 2 Halted.
  /// @param until The level reads as Normal from here on; at most six hours ahead.
  /// @param ceiling Current ceiling, at most that of the terms.
  function setGuard(uint256 market, uint8 level, uint40 until, uint112 ceiling) external;

  /// @notice Opens a book of a market and its fixing at the settlement oracle. Anyone.
  /// @dev Errors: MarketUnknown, MarketIsRetired, OffGrid, TooSoon, BeyondHorizon, BookAlreadyOpen, those of the oracle's `open`.
  /// @param market The market.
  /// @param expiry The expiry, on the market's grid.
  /// @return book The book.
  function openBook(uint256 market, uint40 expiry) external returns (uint256 book);

  /// @notice Fills orders of one shape from several makers, first come first taken, against an account of the caller's.
  ///         Owner or trade operator of it.
  /// @dev A maker's failure skips its order; the limits hold for the whole call or all reverts. So a taker that is to receive
  ///      sets maxPay to what minUnits bring. Beyond an estimate, allow 180,000 gas for each ERC-1271 signer, which may use more
  ///      than it did when it was asked first. Errors: see `docs/protocol.md`, fillMany.
  /// @param account The taking account.
  /// @param fills The orders with their signatures; all with the books and legs of the first.
  /// @param minUnits Least units to fill in all.
  /// @param maxUnits Most units to fill in all.
  /// @param limits One limit a part, for the whole call.
  /// @return units Units filled.
  /// @return paid What the taker paid in each part, fees included; negative: it received.
  function fillMany(
    uint256 account,
    Fill[] calldata fills,
    uint64 minUnits,
    uint64 maxUnits,
    TakerLimit[] calldata limits
  ) external returns (uint64 units, int256[] memory paid);

  /// @notice Makes packages of legs that an account holds; they go to the account's owner. Owner or manage operator.
  /// @dev Errors: NotPermitted, ZeroAmount, BookNotOpen, BookExpired, MarketHalted, LegsBound, LegsUnsorted, LegQuantity,
  ///      StrikeOffTick, PutsNotListed, CallsMustNet, PackageNotReduced, PackageNegative, NotHeld, Undercovered.
  /// @param account The account that gives the legs.
  /// @param book The book.
  /// @param legs Legs of one package, packed: sorted, quantities without a common divisor, never worth less than nothing.
  /// @param amount Packages.
  /// @return id Their ERC-6909 id: the series for one leg of +1, else a hash of book and legs.
  function wrap(uint256 account, uint256 book, uint128[] calldata legs, uint64 amount) external returns (uint256 id);

  /// @notice Turns packages of an account's owner back into legs of the account, before expiry. The owner; or a manage operator
  ///         of the account that the owner has also made its token operator, or given an allowance, which is spent.
  /// @dev Errors: NotPermitted, ZeroAmount, BookNotOpen, BookExpired, ERC6909InsufficientAllowance, ERC6909InsufficientBalance, QuantityBound, TooManyLegs,
  ///      Undercovered.
  /// @param account The account that receives the legs.
  /// @param book The book.
  /// @param legs Legs of one package, as they were wrapped.
  /// @param amount Packages.
  /// @return id Their ERC-6909 id.
  function unwrap(uint256 account, uint256 book, uint128[] calldata legs, uint64 amount) external returns (uint256 id);

  /// @notice Pays out packages of the caller at the settlement price. Their holder, nobody on its behalf.
  /// @dev Errors: ZeroAmount, ReceiverInvalid, BookNotOpen, NotFixed, ERC6909InsufficientBalance, QuantityBound, PoolShort, the
  ///      token's own.
  /// @param book The book.
  /// @param legs Legs of one package, as they were wrapped.
  /// @param amount Packages.
  /// @param to The receiver.
  /// @return payout Base units of the book's token, rounded down once.
  function redeem(uint256 book, uint128[] calldata legs, uint64 amount, address to) external returns (uint256 payout);

  /// @notice How many markets were ever listed.
  /// @return Markets, the retired among them.
  function marketCount() external view returns (uint256);

  /// @notice A market by its place in the order of listing, which never changes.
  /// @param index Counted from 0.
  /// @return The market; 0, which is no market, from `marketCount` on.
  function marketAt(uint256 index) external view returns (uint256);

  /// @notice The terms of a market; all zero when it is not listed.
  /// @param market The market.
  /// @return The terms.
  function termsOf(uint256 market) external view returns (Terms memory);

  /// @notice The guard word of a market, as set; a level whose `until` has passed counts as Normal.
  /// @param market The market.
  /// @return listed True once listed.
  /// @return retired True once retired.
  /// @return level 0 Normal, 1 Restricted, 2 Halted.
  /// @return until Where the level ends.
  /// @return ceiling Current ceiling, base units.
  /// @return older Start of the halt before the last, or 0.
  /// @return newer Start of the last halt, or 0.
  function guardOf(
    uint256 market
  )
    external
    view
    returns (bool listed, bool retired, uint8 level, uint40 until, uint112 ceiling, uint40 older, uint40 newer);
}

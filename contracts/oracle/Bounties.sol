// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IBounties, Purse} from "../interfaces/IBounties.sol";
import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {FixingState, IMultiSourceSettlement} from "../interfaces/IMultiSourceSettlement.sol";
import {Ids} from "../libraries/Ids.sol";
import {Terms} from "../types/Terms.sol";

/// @title Bounties
/// @notice Pays those who proved a book's price out of that book's fees; what it does not need goes to the treasury.
contract Bounties is IBounties, AccessManaged, ReentrancyGuardTransient {
  using SafeERC20 for IERC20;

  uint256 private constant MOST_LOTS = 100;
  uint256 private constant RELEASE_DELAY = 30 days;
  /// @dev Points of a value, and of the mark, at most.
  uint256 private constant POINTS = 2;

  /// @notice The ledger whose treasury this is.
  IClearinghouse public immutable LEDGER;
  /// @notice Where everything goes that is not for bounties.
  address public immutable TREASURY;

  mapping(uint256 market => uint64 perPoint) private _bounties;
  mapping(uint256 book => Purse purse) private _purses;
  mapping(uint256 book => mapping(address beneficiary => uint256 points)) private _pointsPaid;
  /// @dev What the purses of a token hold.
  mapping(address token => uint256 amount) private _kept;

  /// @param ledger The ledger; it has to make this its treasury.
  /// @param authority Access manager: who may set bounties.
  /// @param finalTreasury Where everything goes that is not for bounties.
  constructor(IClearinghouse ledger, address authority, address finalTreasury) AccessManaged(authority) {
    if (finalTreasury == address(0)) revert TreasuryZero();
    LEDGER = ledger;
    TREASURY = finalTreasury;
  }

  /// @inheritdoc IBounties
  function setBounty(uint256 market, uint64 perPoint) external restricted {
    uint256 max = MOST_LOTS * LEDGER.termsOf(market).feePerLot;
    if (perPoint > max) revert BountyTooLarge(perPoint, max);
    _bounties[market] = perPoint;
    emit BountySet(market, perPoint);
  }

  /// @inheritdoc IBounties
  function collect(uint256 book) external nonReentrant returns (uint256 kept) {
    uint256 market = Ids.marketOf(book);
    Terms memory terms = LEDGER.termsOf(market);
    IERC20 token = IERC20(terms.token);
    uint256 before = token.balanceOf(address(this));
    LEDGER.pushFees(book);
    uint256 amount = token.balanceOf(address(this)) - before;

    Purse storage purse = _purses[book];
    // Fixed with the first fees, so that no later change touches work that is under way.
    if (purse.earned == 0) purse.perPoint = _bounties[market];
    // Without a bounty the oracle is not asked: it may be one without points.
    uint256 most = purse.perPoint == 0 ? 0 : purse.perPoint * _mostPoints(terms, Ids.expiryOf(book));
    kept = Math.min(amount, Math.saturatingSub(most, purse.earned));
    // The ledger's fees of a book are below 2^80.
    purse.earned += uint96(kept);
    _kept[terms.token] += kept;
    emit FeesCollected(book, kept, amount - kept);
    token.safeTransfer(TREASURY, amount - kept);
  }

  /// @inheritdoc IBounties
  function claim(uint256 book, address beneficiary) external nonReentrant returns (uint256 amount) {
    (Terms memory terms, bytes32 fixing) = _final(book);
    uint256 points =
      IMultiSourceSettlement(terms.oracle).pointsOf(fixing, beneficiary) - _pointsPaid[book][beneficiary];
    Purse storage purse = _purses[book];
    uint256 left = purse.earned - purse.paid;
    // Whole points only: the rest of a point is paid once more fees were collected.
    if (purse.perPoint != 0) points = Math.min(points, left / purse.perPoint);
    amount = points * purse.perPoint;
    if (amount == 0) revert NothingOwed(book, beneficiary);
    _pointsPaid[book][beneficiary] += points;
    emit BountyPaid(book, beneficiary, points, amount);
    _pay(purse, terms.token, beneficiary, amount);
  }

  /// @inheritdoc IBounties
  function release(uint256 book) external nonReentrant returns (uint256 amount) {
    uint256 from = Ids.expiryOf(book) + RELEASE_DELAY;
    if (block.timestamp < from) revert ReleaseTooEarly(block.timestamp, from);
    Purse storage purse = _purses[book];
    amount = purse.earned - purse.paid;
    emit BountyReleased(book, amount);
    _pay(purse, LEDGER.termsOf(Ids.marketOf(book)).token, TREASURY, amount);
  }

  /// @inheritdoc IBounties
  function sweep(address token) external nonReentrant returns (uint256 amount) {
    amount = IERC20(token).balanceOf(address(this)) - _kept[token];
    IERC20(token).safeTransfer(TREASURY, amount);
  }

  function _pay(Purse storage purse, address token, address to, uint256 amount) private {
    purse.paid += uint96(amount);
    _kept[token] -= amount;
    IERC20(token).safeTransfer(to, amount);
  }

  /// @dev Terms and fixing of a book whose oracle has its price.
  function _final(uint256 book) private view returns (Terms memory terms, bytes32 fixing) {
    terms = LEDGER.termsOf(Ids.marketOf(book));
    IMultiSourceSettlement oracle = IMultiSourceSettlement(terms.oracle);
    fixing = oracle.fixingId(terms.feed, terms.profile, Ids.expiryOf(book));
    if (oracle.fixingState(fixing).settlementPrice == 0) revert PriceNotFinal(book);
  }

  /// @dev All points that a fixing can give.
  function _mostPoints(Terms memory terms, uint40 expiry) private view returns (uint256) {
    IMultiSourceSettlement oracle = IMultiSourceSettlement(terms.oracle);
    FixingState memory state = oracle.fixingState(oracle.fixingId(terms.feed, terms.profile, expiry));
    uint256 votes;
    for (uint256 rest = state.votes; rest != 0; rest &= rest - 1) ++votes;
    uint256 kind = uint8(uint256(terms.profile));
    return
      POINTS *
      (votes *
        (
          kind == 0
            ? 1
            : kind == 1
              ? 7
              : 30
        ) +
        1);
  }

  /* VIEWS */

  /// @inheritdoc IBounties
  function purseOf(uint256 book) external view returns (Purse memory purse) {
    return _purses[book];
  }

  /// @inheritdoc IBounties
  function pointsPaid(uint256 book, address beneficiary) external view returns (uint256 points) {
    return _pointsPaid[book][beneficiary];
  }

  /// @inheritdoc IBounties
  function bountyOf(uint256 market) external view returns (uint64 perPoint) {
    return _bounties[market];
  }
}

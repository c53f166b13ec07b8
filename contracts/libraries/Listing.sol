// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertusErrors} from "../interfaces/ICertusErrors.sol";
import {ICertusEvents} from "../interfaces/ICertusEvents.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {Market} from "../types/Market.sol";
import {Terms} from "../types/Terms.sol";
import {Ids} from "./Ids.sol";
import {MarketWords} from "./MarketWords.sol";

/// @title Listing
/// @notice Checks the terms of a new market and writes it down. A linked library: listing is rare, and the ledger's code
///         size is better spent on what is not.
/// @dev Runs in the ledger's context, which is External meanwhile, because the oracle is asked to describe itself.
library Listing {
  uint40 private constant MIN_HORIZON = 2 hours;
  uint40 private constant MAX_HORIZON = 100 days;
  uint24 private constant MAX_LAST_TRADE = 1 days;
  uint64 private constant MAX_TICK = type(uint64).max >> 1;
  uint8 private constant INVERSE = 1;
  /// Fee caps that need no price: 0.1 % of an inverse lot, a tenth of a strike tick of a linear one.
  uint256 private constant INVERSE_FEE_DIVISOR = 1_000;
  uint256 private constant LINEAR_FEE_DIVISOR = 10;

  /// @notice Lists a market; see `IClearinghouse.list`.
  /// @param markets The ledger's markets.
  /// @param listed Their keys, in the order of listing.
  /// @param terms The immutable terms.
  /// @return marketId keccak256 of the ABI-encoded terms.
  /// @return market Its key.
  function list(
    mapping(uint256 market => Market) storage markets,
    uint256[] storage listed,
    Terms calldata terms
  ) external returns (bytes32 marketId, uint256 market) {
    _checkTerms(terms);
    marketId = keccak256(abi.encode(terms));
    market = Ids.marketFromId(marketId);
    Market storage slot = markets[market];
    if (MarketWords.isListed(slot.guard)) revert ICertusErrors.MarketTaken(market);
    (uint8 priceExp, uint112 bound) = ISettlementOracle(terms.oracle).describe(terms.feed, terms.profile);
    if (terms.priceExp != priceExp) revert ICertusErrors.PriceExpMismatch(terms.priceExp, priceExp);
    if (terms.ceiling == 0 || terms.ceiling > bound) revert ICertusErrors.CeilingBound(terms.ceiling, bound);
    slot.scale = MarketWords.packScale(terms.num, terms.den, terms.feePerLot, terms.strikeTick, terms.style == INVERSE);
    slot.guard = MarketWords.newGuard(terms.ceiling, terms.lastTrade);
    slot.terms = terms;
    listed.push(market);
    emit ICertusEvents.MarketListed(marketId, market, terms);
  }

  function _checkTerms(Terms calldata terms) private view {
    if (terms.token.code.length == 0) revert ICertusErrors.NoCode(terms.token);
    if (terms.oracle.code.length == 0) revert ICertusErrors.NoCode(terms.oracle);
    if (terms.style > INVERSE) revert ICertusErrors.StyleUnknown(terms.style, INVERSE);
    if (terms.num == 0 || terms.den == 0) revert ICertusErrors.LotScaleZero(terms.num, terms.den);
    uint256 divisor = _gcd(terms.num, terms.den);
    if (divisor != 1) revert ICertusErrors.LotScaleNotReduced(terms.num, terms.den, uint64(divisor));
    if (terms.strikeTick == 0 || terms.strikeTick > MAX_TICK) {
      revert ICertusErrors.StrikeTickBound(terms.strikeTick, MAX_TICK);
    }
    if (terms.gridPeriod == 0) revert ICertusErrors.GridPeriodZero();
    if (terms.horizon < MIN_HORIZON || terms.horizon > MAX_HORIZON) {
      revert ICertusErrors.HorizonBound(terms.horizon, MIN_HORIZON, MAX_HORIZON);
    }
    if (terms.lastTrade > MAX_LAST_TRADE) revert ICertusErrors.LastTradeBound(terms.lastTrade, MAX_LAST_TRADE);
    uint256 cap =
      terms.style == INVERSE
        ? terms.num / (INVERSE_FEE_DIVISOR * terms.den)
        : (uint256(terms.strikeTick) * terms.num) / (LINEAR_FEE_DIVISOR * terms.den);
    if (terms.feePerLot > cap) revert ICertusErrors.FeeCap(terms.feePerLot, cap);
    if (terms.marginMode != 0) revert ICertusErrors.MarginModeUnknown(terms.marginMode, 0);
  }

  function _gcd(uint256 a, uint256 b) private pure returns (uint256) {
    while (b != 0) (a, b) = (b, a % b);
    return a;
  }
}

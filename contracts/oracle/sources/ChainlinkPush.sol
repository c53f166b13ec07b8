// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChainlinkPush} from "../../interfaces/IChainlinkPush.sol";
import {IChainlinkSettlement} from "../../interfaces/IChainlinkSettlement.sol";
import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {ISettlementOracle} from "../../interfaces/ISettlementOracle.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {PhaseRounds} from "../../libraries/PhaseRounds.sol";
import {Prices} from "../../libraries/Prices.sol";
import {RoundProofs} from "../../libraries/RoundProofs.sol";
import {Source} from "./Source.sol";

/// @title ChainlinkPush
/// @notice A Chainlink push feed as a source. Rules in docs/oracles.md and, for rounds and hints, docs/oracle-single-feed.md.
contract ChainlinkPush is IChainlinkPush, Source {
  using PhaseRounds for address;
  using RoundProofs for bytes;

  uint256 private constant FIRST_PHASE = 1;

  address private immutable _PROXY;
  uint8 private immutable _DECIMALS;

  /// @param proxy_ The feed's phase proxy.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that a price refers to, at most 18.
  /// @param maxAge Seconds up to which a round counts: the feed's heartbeat and some slack.
  constructor(
    address proxy_,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge
  )
    Source(
      SourceTerms({
        classes: Classes.CHAINLINK,
        push: true,
        priceExp: priceExp,
        maxAge: maxAge,
        maxAhead: 0,
        base: base,
        quote: quote
      })
    )
  {
    _PROXY = proxy_;
    _DECIMALS = uint8(proxy_.feedDecimals());
    // An aggregator in place of its proxy would never prove a round.
    proxy_.currentPhase();
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _requireFee(0);
    _requireNoPayload(payload);
    // How old a reading may be is for its reader to say.
    (uint256 scale, uint256 roundId, int256 answer, uint256 updatedAt) = _PROXY.acceptedNow();
    _requireScale(scale);
    reading.price = _price(answer);
    reading.time = uint40(updatedAt);
    reading.form = _form(roundId);
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    _requireFee(0);
    if (block.timestamp <= time) revert ISettlementOracle.TooEarlyToFix(block.timestamp, uint256(time) + 1);
    uint256 given = payload.count();
    _requireScale(_PROXY.readDecimals());
    (uint256 roundId, int256 answer, uint256 age) = payload.choose(given, _PROXY, FIRST_PHASE, time);
    if (age > RoundProofs.MAX_AGE) revert IChainlinkSettlement.MarkTooOld(age, RoundProofs.MAX_AGE);
    return (_price(answer), _form(roundId));
  }

  function _requireScale(uint256 current) private view {
    if (current != _DECIMALS) revert IChainlinkSettlement.DecimalsChanged(_DECIMALS, current);
  }

  /// @dev A round that counts answers more than 0 and less than any bound of what can be scaled.
  function _price(int256 answer) private view returns (uint64) {
    return Prices.inRange(Prices.scaled(uint256(answer), _PRICE_EXP, _DECIMALS), answer);
  }

  /// @dev Nothing is better than a phase's round except a higher phase's.
  function _form(uint256 roundId) private pure returns (uint24) {
    return Forms.MAXIMAL | uint24(roundId >> PhaseRounds.PHASE_OFFSET);
  }

  /* VIEWS */

  /// @inheritdoc IChainlinkPush
  function proxy() external view returns (address) {
    return _PROXY;
  }

  /// @inheritdoc IChainlinkPush
  function decimals() external view returns (uint8) {
    return _DECIMALS;
  }
}

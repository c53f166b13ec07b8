// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FeedWatch, ICircuitBreaker, NetworkWatch} from "../interfaces/ICircuitBreaker.sol";
import {Dispersion, Spot} from "../interfaces/IOracleHub.sol";
import {Volatility} from "../libraries/Volatility.sol";
import {Watching} from "./Watching.sol";

/// @title Observing
/// @notice What was seen of feeds and of the network: references for moves, signs of health, volatility, stress; and the
///         tightness that follows the stress, fast up and slowly down.
abstract contract Observing is Watching {
  uint256 private constant KEPT = 16;
  uint256 private constant GAP = 60;
  /// @dev A network that nobody looked at for so long says nothing.
  uint256 private constant NETWORK_MEMORY = 1 hours;
  uint256 private constant HEARD = 1 hours;

  uint256 private constant ADAPT_GAP = 10 minutes;
  uint256 private constant STEP_UP = 2_000;
  uint256 private constant STEP_DOWN = 200;
  uint256 private constant FEW_VOTES_STRESS = 5_000;

  /// @notice Distance of blocks as it should be, milliseconds; 0 where it says nothing.
  uint256 public immutable BLOCK_TIME;

  struct Seen {
    FeedWatch head;
    /// Price 64, time 40, low bits first.
    uint256[KEPT] ring;
  }

  mapping(bytes32 feed => Seen seen) private _seen;
  NetworkWatch private _network;

  constructor(uint32 blockTime) {
    BLOCK_TIME = blockTime;
  }

  /* OBSERVATIONS */

  /// @inheritdoc ICircuitBreaker
  function observe(bytes32 feed) external {
    Seen storage seen = _seen[feed];
    FeedWatch memory head = seen.head;
    if (head.count != 0 && block.timestamp < head.lastTime + GAP) revert TooEarly(block.timestamp, head.lastTime + GAP);
    Spot memory spot = HUB.spot(feed);
    if (spot.status != 0) revert SpotDegraded(feed, spot.status);
    head.variance =
      head.count == 0
        ? uint64(Volatility.ofDailyVol(_dailyVol(feed)))
        : uint64(Volatility.next(head.variance, head.lastPrice, spot.mid, block.timestamp - head.lastTime));
    (head.lastPrice, head.lastTime) = (spot.mid, uint40(block.timestamp));
    seen.ring[head.count % KEPT] = uint256(spot.mid) | (block.timestamp << 64);
    ++head.count;
    seen.head = head;
    emit Observed(feed, spot.mid, head.variance);
    _observeNetwork();
  }

  /// @dev How far apart blocks were since it was last looked, and a base fee that one look in twenty exceeds: it rises by
  ///      19 parts in 200 when it is exceeded and falls by one part when not.
  function _observeNetwork() private {
    NetworkWatch memory network = _network;
    uint256 fee = block.basefee;
    if (network.lastTime == 0) {
      _network = NetworkWatch(uint48(block.number), uint40(block.timestamp), uint80(fee), 0, 0);
      return;
    }
    uint256 elapsed = block.timestamp - network.lastTime;
    uint256 blocks = block.number - network.lastBlock;
    if (elapsed < GAP || blocks == 0) return;
    uint256 usual = network.baseFee;
    network.gapStress =
      BLOCK_TIME == 0 ? 0 : uint16(Volatility.stress((elapsed * 1_000) / blocks, 2 * BLOCK_TIME, 4 * BLOCK_TIME));
    network.feeStress = usual == 0 ? 0 : uint16(Volatility.stress(fee, 2 * usual, 8 * usual));
    network.baseFee = uint80(fee > usual ? usual + (usual * 19) / 200 + 1 : usual - usual / 200);
    (network.lastBlock, network.lastTime) = (uint48(block.number), uint40(block.timestamp));
    _network = network;
  }

  /// @dev What is kept in the place of an observation; a time of 0 for nothing.
  function _observation(bytes32 feed, uint256 index) internal view returns (uint256 price, uint256 time) {
    uint256 word = _seen[feed].ring[index % KEPT];
    return (uint64(word), uint40(word >> 64));
  }

  /// @dev Observations after a time, as far as they are kept, and over how long they stretch.
  function _observedSince(
    bytes32 feed,
    uint256 since
  ) internal view returns (uint256 count, uint256 span, uint256 last) {
    Seen storage seen = _seen[feed];
    uint256 whole = seen.head.count;
    last = seen.head.lastTime;
    for (; count < whole && count < KEPT; ++count) {
      (, uint256 time) = _observation(feed, whole - 1 - count);
      if (time <= since) break;
      span = last - time;
    }
  }

  /* STRESS */

  /// @inheritdoc ICircuitBreaker
  function adapt(uint256 market) external returns (uint16 tightness) {
    (Market storage watch, State memory state) = _stateOf(market);
    uint256 from = uint256(watch.adaptedAt) + ADAPT_GAP;
    if (watch.adaptedAt != 0 && block.timestamp < from) revert TooEarly(block.timestamp, from);
    (, , , uint256 whole) = _stress(watch);
    if (whole >= state.tightness) {
      tightness = uint16(Math.min(whole, state.tightness + STEP_UP));
    } else {
      uint256 down = STEP_DOWN * ((block.timestamp - watch.adaptedAt) / ADAPT_GAP);
      tightness = uint16(state.tightness > whole + down ? state.tightness - down : whole);
    }
    watch.adaptedAt = uint40(block.timestamp);
    state.tightness = tightness;
    emit Adapted(market, tightness, _ceiling(watch, tightness));
    // Writing a halt again would count as another one; no ceiling matters before it ends.
    if (_level(state) == 2) watch.state = state;
    else _write(market, watch, state);
  }

  function _stress(
    Market storage watch
  ) private view returns (uint256 volatility, uint256 faults, uint256 network, uint256 whole) {
    NetworkWatch memory seen = _network;
    if (seen.lastTime + NETWORK_MEMORY > block.timestamp) network = Math.max(seen.gapStress, seen.feeStress);
    bytes32 feed = watch.feed;
    if (feed != 0) {
      uint256 variance = _seen[feed].head.variance;
      if (variance != 0) volatility = Volatility.ofVariance(variance, _dailyVol(feed));
      (, uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp - HEARD);
      if (votes.seen < quorum) faults = votes.seen == 0 ? Volatility.WHOLE : FEW_VOTES_STRESS;
    }
    whole = Math.max(Math.max(volatility, faults), network);
  }

  function _dailyVol(bytes32 feed) private view returns (uint256 dailyVol) {
    (, , , , dailyVol, ) = HUB.feedTerms(feed);
  }

  /* VIEWS */

  /// @inheritdoc ICircuitBreaker
  function feedWatchOf(bytes32 feed) external view returns (FeedWatch memory watch) {
    return _seen[feed].head;
  }

  /// @inheritdoc ICircuitBreaker
  function observationAt(bytes32 feed, uint256 index) external view returns (uint64 price, uint40 time) {
    uint256 count = _seen[feed].head.count;
    if (index >= count || count - index > KEPT) return (0, 0);
    (uint256 price_, uint256 time_) = _observation(feed, index);
    return (uint64(price_), uint40(time_));
  }

  /// @inheritdoc ICircuitBreaker
  function networkWatch() external view returns (NetworkWatch memory watch) {
    return _network;
  }

  /// @inheritdoc ICircuitBreaker
  function stressOf(
    uint256 market
  ) external view returns (uint256 volatility, uint256 faults, uint256 network, uint256 whole) {
    return _stress(_market(market));
  }
}

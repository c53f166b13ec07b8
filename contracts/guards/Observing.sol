// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {FeedWatch, ICircuitBreaker, NetworkWatch} from "../interfaces/ICircuitBreaker.sol";
import {Dispersion, Spot} from "../interfaces/IOracleHub.sol";
import {Volatility} from "../libraries/Volatility.sol";
import {Watching} from "./Watching.sol";

/// @title Observing
/// @notice What was seen of feeds and of the network: references for moves, signs of health, volatility, base fees.
abstract contract Observing is Watching {
  uint256 internal constant KEPT = 16;
  uint256 private constant GAP = 60;
  /// @dev Votes that agree are nearer together, bps: the loosest `apart`.
  uint256 private constant AGREED = 300;
  uint256 private constant HEALTHY_BIT = 1 << 168;

  /// @notice Distance of blocks as it should be, milliseconds; 0 where it says nothing, as where `block.number` is another
  ///         chain's.
  uint256 public immutable BLOCK_TIME;

  struct Seen {
    FeedWatch head;
    /// Low 64, high 64, time 40, healthy 1, low bits first.
    uint256[KEPT] ring;
  }

  mapping(bytes32 feed => Seen seen) internal _seen;
  NetworkWatch internal _network;

  constructor(uint32 blockTime) {
    BLOCK_TIME = blockTime;
  }

  /// @inheritdoc ICircuitBreaker
  function observe(bytes32 feed) external {
    Seen storage seen = _seen[feed];
    FeedWatch memory head = seen.head;
    Spot memory spot = HUB.spot(feed);
    bool healthy = spot.status == 0;
    uint256 from = healthy ? head.lastTime : head.lastAny;
    if (from != 0 && block.timestamp < from + GAP) revert TooEarly(block.timestamp, from + GAP);
    (uint8 quorum, Dispersion memory votes) = HUB.dispersion(feed, block.timestamp);
    _requireCore(votes, quorum, AGREED);
    if (healthy) {
      head.variance =
        head.lastTime == 0
          ? uint64(Volatility.ofDailyVol(_dailyVol(feed)))
          : uint64(Volatility.next(head.variance, head.lastPrice, spot.mid, block.timestamp - head.lastTime));
      (head.lastPrice, head.lastTime) = (spot.mid, uint40(block.timestamp));
    }
    head.lastAny = uint40(block.timestamp);
    seen.ring[head.count % KEPT] =
      uint256(votes.coreLow) |
      (uint256(votes.coreHigh) << 64) |
      (block.timestamp << 128) |
      (healthy ? HEALTHY_BIT : 0);
    ++head.count;
    seen.head = head;
    emit Observed(feed, votes.coreLow, votes.coreHigh, healthy, head.variance);
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

  /* SHARED */

  /// @dev What is kept in the place of an observation; a time of 0 for nothing.
  function _observation(
    bytes32 feed,
    uint256 index
  ) internal view returns (uint256 low, uint256 high, uint256 time, bool healthy) {
    uint256 word = _seen[feed].ring[index % KEPT];
    return (uint64(word), uint64(word >> 64), uint40(word >> 128), word & HEALTHY_BIT != 0);
  }

  /// @dev Healthy observations after a time, as far as they are kept, over how long they stretch, and the last one's time.
  function _healthySince(
    bytes32 feed,
    uint256 since
  ) internal view returns (uint256 count, uint256 span, uint256 last) {
    uint256 whole = _seen[feed].head.count;
    last = _seen[feed].head.lastTime;
    for (uint256 i = 0; i < whole && i < KEPT; ++i) {
      (, , uint256 time, bool healthy) = _observation(feed, whole - 1 - i);
      if (time <= since) break;
      if (!healthy) continue;
      ++count;
      span = last - time;
    }
  }

  /// @dev As many votes as hold an honest one agree to less than `bound`, bps.
  function _requireCore(Dispersion memory votes, uint256 quorum, uint256 bound) internal pure {
    uint256 distance = _distance(votes.coreLow, votes.coreHigh);
    if (votes.coreLow == 0 || distance >= bound) revert NoAgreement(votes.recent, quorum / 2 + 1, distance);
  }

  /// @dev Distance of two prices, bps of the lower one; 0 without any.
  function _distance(uint256 low, uint256 high) internal pure returns (uint256) {
    return low == 0 ? 0 : ((high - low) * BPS) / low;
  }

  function _dailyVol(bytes32 feed) internal view returns (uint256 dailyVol) {
    (, , , , dailyVol, ) = HUB.feedTerms(feed);
  }

  /* VIEWS */

  /// @inheritdoc ICircuitBreaker
  function feedWatchOf(bytes32 feed) external view returns (FeedWatch memory watch) {
    return _seen[feed].head;
  }

  /// @inheritdoc ICircuitBreaker
  function observationAt(
    bytes32 feed,
    uint256 index
  ) external view returns (uint64 low, uint64 high, uint40 time, bool healthy) {
    uint256 count = _seen[feed].head.count;
    if (index >= count || count - index > KEPT) return (0, 0, 0, false);
    (uint256 low_, uint256 high_, uint256 time_, bool healthy_) = _observation(feed, index);
    return (uint64(low_), uint64(high_), uint40(time_), healthy_);
  }

  /// @inheritdoc ICircuitBreaker
  function networkWatch() external view returns (NetworkWatch memory watch) {
    return _network;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Dispersion, IOracleHub, Spot, Verdict, VoteReport} from "../../interfaces/IOracleHub.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Samples} from "../../libraries/Samples.sol";
import {Sequencer} from "../../libraries/Sequencer.sol";
import {StoreWord} from "../../libraries/StoreWord.sol";
import {Feeds} from "./Feeds.sol";

/// @title Spots
/// @notice The spot of a feed: the median of its live votes, the band that a minority of liars cannot leave, what is wrong.
abstract contract Spots is Feeds {
  uint8 private constant NO_PRICE = 1 << 0;
  uint8 private constant FEW_VOTES = 1 << 1;
  uint8 private constant APART = 1 << 2;
  uint8 private constant NOT_FRESH = 1 << 3;
  uint8 private constant GUARD_APART = 1 << 4;
  uint8 private constant SEQUENCER_DOWN = 1 << 5;
  uint8 private constant SEQUENCER_GRACE = 1 << 6;

  uint256 private constant APART_PERCENT = 1;
  uint256 private constant GUARD_PERCENT = 15;
  uint256 private constant FRESH = 60;
  /// @dev Seconds within which votes say so at the same moment.
  uint256 private constant CONTEMPORARY = 60;
  uint256 private constant NARROWEST = 5;
  uint256 private constant BPS = 10_000;
  /// @dev Scale of the square root of the age in days, and its square.
  uint256 private constant ROOT_SCALE = 10 ** 6;

  /// @notice Chainlink's sequencer uptime feed of this chain, or 0 where there is no sequencer.
  address public immutable UPTIME_FEED;

  constructor(address uptimeFeed) {
    if (uptimeFeed != address(0) && uptimeFeed.code.length == 0) revert SourceWithoutCode(uptimeFeed);
    UPTIME_FEED = uptimeFeed;
  }

  /* VIEWS */

  /// @inheritdoc IOracleHub
  function spot(bytes32 feed) external view returns (Spot memory current) {
    return _spot(_feed(feed));
  }

  /// @inheritdoc IOracleHub
  function dispersion(bytes32 feed, uint256 since) external view returns (uint8 quorum, Dispersion memory votes) {
    Feed storage state = _feed(feed);
    quorum = state.quorum;
    uint256 count = state.voteCount;
    uint256 guards = state.guardVotes;
    uint256[] memory prices = new uint256[](count);
    uint256 recent;
    for (uint256 i = 0; i < count; ++i) {
      uint256 word = state.stores[i];
      if (word == 0 || (guards >> i) & 1 == 1 || StoreWord.standing(word) == StoreWord.QUARANTINED) continue;
      if (StoreWord.time(word) + StoreWord.maxAge(word) >= since) ++votes.seen;
      if (!StoreWord.isFresh(word) || StoreWord.seenAt(word) + CONTEMPORARY < block.timestamp) continue;
      prices[recent++] = StoreWord.price(word);
    }
    if (recent == 0) return (quorum, votes);
    Samples.sort(prices, recent);
    votes.recent = uint8(recent);
    (votes.lowest, votes.highest) = (uint64(prices[0]), uint64(prices[recent - 1]));
    uint256 core = uint256(quorum) / 2 + 1;
    if (recent < core) return (quorum, votes);
    uint256 best = Samples.closest(prices, recent, core);
    (votes.coreLow, votes.coreHigh) = (uint64(prices[best]), uint64(prices[best + core - 1]));
  }

  /// @inheritdoc IOracleHub
  function report(bytes32 feed) external view returns (Spot memory current, VoteReport[] memory votes) {
    Feed storage state = _feed(feed);
    current = _spot(state);
    uint256 count = state.voteCount;
    votes = new VoteReport[](count);
    for (uint256 i = 0; i < count; ++i) {
      uint256 word = state.stores[i];
      votes[i] = VoteReport({
        classes: uint16(state.classes >> (16 * i)),
        verdict: _verdict(word, (state.guardVotes >> i) & 1 == 1),
        source: uint8(StoreWord.source(word)),
        price: uint64(StoreWord.price(word)),
        time: uint40(StoreWord.time(word)),
        seenAt: uint40(StoreWord.seenAt(word)),
        confidence: uint16(StoreWord.confidence(word)),
        standing: uint8(StoreWord.standing(word)),
        since: uint40(StoreWord.since(word))
      });
    }
  }

  /// @inheritdoc IOracleHub
  function sequencer()
    external
    view
    returns (bool exists, bool down, bool read, uint256 since, uint256 grace, bool afterDown)
  {
    if (UPTIME_FEED == address(0)) return (false, false, false, 0, 0, false);
    exists = true;
    (down, read, since, grace, afterDown) = Sequencer.status(UPTIME_FEED);
  }

  /// @inheritdoc IOracleHub
  function storeWord(bytes32 feed, uint8 vote) external view returns (uint256 word) {
    Feed storage state = _feed(feed);
    return vote < MAX_VOTES ? state.stores[vote] : 0;
  }

  function _verdict(uint256 word, bool guard) private view returns (Verdict) {
    if (word == 0) return Verdict.Empty;
    if (!StoreWord.isFresh(word)) return Verdict.Stale;
    if (StoreWord.standing(word) == StoreWord.QUARANTINED) return Verdict.Quarantined;
    return guard ? Verdict.Guard : Verdict.Used;
  }

  /* THE SPOT */

  /// @dev What the live votes say, gathered before anything is computed.
  struct Gathered {
    uint256[] prices;
    uint256[] ages;
    uint256[] confidences;
    uint256 live;
    uint256 guardPrice;
  }

  function _spot(Feed storage state) internal view override returns (Spot memory current) {
    Gathered memory gathered = _gather(state);
    uint256 live = gathered.live;
    uint8 status = _sequencerStatus();
    current.live = uint8(live);
    if (live < state.quorum) status |= FEW_VOTES;
    if (live == 0) {
      current.status = status | NO_PRICE | NOT_FRESH;
      return current;
    }
    Samples.sort(gathered.prices, live);
    Samples.sort(gathered.ages, live);
    Samples.sort(gathered.confidences, live);
    uint256 mid = Samples.median(gathered.prices, live);
    uint256 faults = live < state.quorum ? 0 : (uint256(state.quorum) - 1) / 2;
    uint256 half = _halfWidth(mid, gathered, state.dailyVol);
    uint256 low = Math.min(gathered.prices[faults], mid > half ? mid - half : 1);
    uint256 high = Math.max(gathered.prices[live - 1 - faults], mid + half);

    if (Samples.apart(gathered.prices[0], gathered.prices[live - 1], APART_PERCENT)) status |= APART;
    if (gathered.ages[0] > FRESH) status |= NOT_FRESH;
    if (gathered.guardPrice != 0 && Samples.off(gathered.guardPrice, mid, GUARD_PERCENT)) status |= GUARD_APART;
    current.mid = uint64(mid);
    current.low = uint64(low);
    current.high = uint64(Math.min(high, Prices.MAX));
    current.faults = uint8(faults);
    current.status = status;
  }

  function _gather(Feed storage state) private view returns (Gathered memory gathered) {
    uint256 count = state.voteCount;
    uint256 guards = state.guardVotes;
    gathered.prices = new uint256[](count);
    gathered.ages = new uint256[](count);
    gathered.confidences = new uint256[](count);
    uint256 live;
    for (uint256 i = 0; i < count; ++i) {
      uint256 word = state.stores[i];
      if (!StoreWord.isLive(word)) continue;
      if ((guards >> i) & 1 == 1) {
        gathered.guardPrice = StoreWord.price(word);
        continue;
      }
      gathered.prices[live] = StoreWord.price(word);
      gathered.ages[live] = StoreWord.age(word);
      gathered.confidences[live++] = StoreWord.confidence(word);
    }
    gathered.live = live;
  }

  /// @dev The widest of what the sources state, what may have happened since, and 5 bps; each rounded up.
  function _halfWidth(uint256 mid, Gathered memory gathered, uint256 dailyVol) private pure returns (uint256) {
    uint256 stated = Math.max(Samples.median(gathered.confidences, gathered.live), NARROWEST);
    uint256 root = Math.sqrt((Samples.median(gathered.ages, gathered.live) * ROOT_SCALE ** 2) / 1 days);
    return Math.max(Math.ceilDiv(mid * stated, BPS), Math.ceilDiv(mid * dailyVol * root, 2 * BPS * ROOT_SCALE));
  }

  function _sequencerStatus() private view returns (uint8) {
    if (UPTIME_FEED == address(0)) return 0;
    (bool down, , uint256 since, uint256 grace, ) = Sequencer.status(UPTIME_FEED);
    if (down) return SEQUENCER_DOWN;
    return block.timestamp < since + grace ? SEQUENCER_GRACE : 0;
  }
}

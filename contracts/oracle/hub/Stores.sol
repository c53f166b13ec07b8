// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IOracleHub, ShadowReport, Spot} from "../../interfaces/IOracleHub.sol";
import {IPriceSource} from "../../interfaces/IPriceSource.sol";
import {BoundedRead} from "../../libraries/BoundedRead.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Samples} from "../../libraries/Samples.sol";
import {StoreWord} from "../../libraries/StoreWord.sol";
import {Words} from "../../libraries/Words.sol";
import {Feeds} from "./Feeds.sol";

/// @title Stores
/// @notice Readings come in, by anyone, and only newer ones. A vote that leaves the others twice is quarantined; a source
///         in shadow is only compared.
abstract contract Stores is Feeds, ReentrancyGuardTransient {
  using Words for uint256[];

  uint256 private constant MAX_FORM = 2 ** 22 - 1;
  /// @dev Bits of the rank, which is never 0.
  uint256 private constant RANK_MASK = 2 ** 21 - 1;
  uint256 private constant MAX_CONFIDENCE = 300;

  uint256 private constant CONTEMPORARY = 60;
  uint256 private constant JUDGES_PERCENT = 1;
  uint256 private constant OFF_PERCENT = 3;
  uint256 private constant AGREE_PERCENT = 1;
  uint256 private constant SUSPICION = 15;
  uint256 private constant PROBATION = 600;

  uint256 private constant SAMPLE_GAP = 300;
  uint256 private constant SHADOW_TIME = 7 days;
  uint256 private constant SHADOW_SAMPLES = 500;

  /* READINGS */

  /// @inheritdoc IOracleHub
  function update(bytes32 feed, uint8 index, bytes calldata payload) external payable nonReentrant {
    Feed storage state = _feeds[feed];
    (uint256 price, uint256 time, uint256 confidence, uint256 form) = BoundedRead.readingOrRevert(
      address(uint160(_source(feed, state, index))),
      payload,
      IPriceSource.latest.selector
    );
    bytes4 refused = _keep(feed, state, index, price, time, confidence, form);
    if (refused != 0) _refuse(refused, state, index, price, time, confidence, form);
  }

  /// @inheritdoc IOracleHub
  function poke(bytes32 feed) external nonReentrant returns (uint256 stored) {
    Feed storage state = _feed(feed);
    uint256 pushing = state.pushing & (state.voting | state.guards);
    bytes memory call = abi.encodeCall(IPriceSource.latest, (""));
    for (uint8 index = 0; pushing >> index != 0; ++index) {
      if ((pushing >> index) & 1 == 0) continue;
      (bool ok, bytes4 reason, uint256 price, uint256 time, uint256 confidence, uint256 form) = BoundedRead.reading(
        address(uint160(state.sources[index])),
        call
      );
      if (ok) reason = _keep(feed, state, index, price, time, confidence, form);
      if (ok && reason == 0) ++stored;
      else emit ReadingDropped(feed, index, reason);
    }
  }

  /// @dev Keeps a reading in the store or the shadow of its source; a rule it breaks comes back as that error's selector.
  ///      The source's word is read here, once it has answered: what it became meanwhile holds.
  function _keep(
    bytes32 feed,
    Feed storage state,
    uint8 index,
    uint256 price,
    uint256 time,
    uint256 confidence,
    uint256 form
  ) private returns (bytes4) {
    unchecked {
      uint256 packed = _sourceAt(state, index);
      uint256 maxAge = uint24(packed >> 168);
      // Zero wraps round to the greatest number.
      if (price - 1 >= Prices.MAX) return PriceOutOfRange.selector;
      if (time > block.timestamp + uint8(packed >> 192)) return ReadingFromFuture.selector;
      if (time + maxAge < block.timestamp) return ReadingTooOld.selector;
      if (confidence > MAX_CONFIDENCE) return ConfidenceTooWide.selector;
      if (form > MAX_FORM) return FormInvalid.selector;
      if (form & RANK_MASK == 0) return FormInvalid.selector;

      uint256 seenAt = packed & PUSH != 0 ? block.timestamp : Math.min(time, block.timestamp);
      uint256 word = StoreWord.ofReading(price, time, seenAt, maxAge, confidence, index, form);
      if (packed & COUNTED == 0) return _sample(feed, state, index, word);
      uint256 vote = uint8(packed >> 160);
      uint256 stored = _storeAt(state, vote);
      if (!_isNewer(stored, word, packed & PUSH != 0)) return NotNewer.selector;
      emit ReadingStored(feed, index, uint64(price), uint40(time), uint16(confidence), uint24(form));
      _putStore(state, vote, _judged(feed, state, packed, stored, word));
      return 0;
    }
  }

  /// @dev The same refusal with its figures.
  function _refuse(
    bytes4 refused,
    Feed storage state,
    uint8 index,
    uint256 price,
    uint256 time,
    uint256 confidence,
    uint256 form
  ) private view {
    uint256 packed = state.sources[index];
    if (refused == PriceOutOfRange.selector) revert PriceOutOfRange(price);
    if (refused == ReadingFromFuture.selector) revert ReadingFromFuture(time, block.timestamp + uint8(packed >> 192));
    if (refused == ReadingTooOld.selector) revert ReadingTooOld(block.timestamp - time, uint24(packed >> 168));
    if (refused == ConfidenceTooWide.selector) revert ConfidenceTooWide(confidence, MAX_CONFIDENCE);
    if (refused == FormInvalid.selector) revert FormInvalid(form);
    uint256 kept = packed & COUNTED == 0 ? state.shadows[index] : state.stores[uint8(packed >> 160)];
    // A store and a shadow have their time at the same place.
    revert NotNewer(time, StoreWord.time(kept));
  }

  /// @dev Nobody chooses what a push source says: its word of the same time is what holds now. What is too old to count
  ///      keeps nothing out: another source of the vote may be good for longer.
  function _isNewer(uint256 stored, uint256 word, bool push) private view returns (bool) {
    uint256 time = StoreWord.time(word);
    uint256 storedTime = StoreWord.time(stored);
    if (time > storedTime) return true;
    if (!StoreWord.isFresh(stored)) return true;
    if (time < storedTime) return false;
    if (StoreWord.form(word) > StoreWord.form(stored)) return true;
    return push && StoreWord.source(word) == StoreWord.source(stored);
  }

  /* QUARANTINE */

  /// @dev The reading in the standing it leaves its vote in.
  function _judged(
    bytes32 feed,
    Feed storage state,
    uint256 packed,
    uint256 stored,
    uint256 word
  ) private returns (uint256) {
    uint256 middle = _judgesMiddle(state, packed >> JUDGES_SHIFT, word);
    uint256 price = StoreWord.price(word);
    if (StoreWord.isSpotless(stored)) {
      if (middle == 0) return word;
      if (!Samples.off(price, middle, OFF_PERCENT)) return word;
      return StoreWord.withStanding(word, StoreWord.SUSPECT, block.timestamp, 0);
    }
    uint8 vote = uint8(packed >> 160);
    uint256 standing = StoreWord.standing(stored);
    uint256 since = StoreWord.since(stored);
    uint256 agreed = StoreWord.agreed(stored);
    if (standing == StoreWord.CLEAR && since != 0) {
      emit VoteReleased(feed, vote);
      (since, agreed) = (0, 0);
    }
    if (middle == 0) return StoreWord.withStanding(word, standing, since, agreed);

    if (standing == StoreWord.QUARANTINED) {
      if (Samples.off(price, middle, AGREE_PERCENT)) {
        return StoreWord.withStanding(word, standing, since, 0);
      }
      uint256 now_ = block.timestamp - since + 1;
      if (agreed == 0) return StoreWord.withStanding(word, standing, since, now_);
      if (now_ < agreed + PROBATION) return StoreWord.withStanding(word, standing, since, agreed);
      emit VoteReleased(feed, vote);
      return word;
    }
    if (!Samples.off(price, middle, OFF_PERCENT)) return word;
    if (standing == StoreWord.CLEAR) return StoreWord.withStanding(word, StoreWord.SUSPECT, block.timestamp, 0);
    if (block.timestamp < since + SUSPICION) return StoreWord.withStanding(word, standing, since, 0);
    emit VoteQuarantined(feed, vote, uint64(price), uint64(middle));
    return StoreWord.withStanding(word, StoreWord.QUARANTINED, block.timestamp, 0);
  }

  /// @dev Median of the judges: other votes, of which `judges` has a bit each, that say so at this moment and agree among
  ///      themselves. 0 if they cannot judge.
  function _judgesMiddle(Feed storage state, uint256 judges, uint256 word) private view returns (uint256) {
    unchecked {
      if (judges == 0 || StoreWord.seenAt(word) + CONTEMPORARY < block.timestamp) return 0;
      uint256[] memory prices = Words.make(MAX_VOTES);
      uint256 count;
      uint256 lowest = type(uint256).max;
      uint256 highest;
      for (uint256 i = 0; judges >> i != 0; ++i) {
        if ((judges >> i) & 1 == 0) continue;
        uint256 other = _storeAt(state, i);
        if (StoreWord.seenAt(other) + CONTEMPORARY < block.timestamp) continue;
        if (!StoreWord.isFresh(other)) continue;
        if (!StoreWord.isSpotless(other) && StoreWord.isQuarantined(other)) continue;
        uint256 price = StoreWord.price(other);
        prices.put(count++, price);
        if (price < lowest) lowest = price;
        if (price > highest) highest = price;
      }
      if (count < 2) return 0;
      if (Samples.apart(lowest, highest, JUDGES_PERCENT)) return 0;
      // Two of three votes: nothing to sort.
      if (count == 2) return (lowest + highest) / 2;
      Samples.sort(prices, count);
      return Samples.median(prices, count);
    }
  }

  /* SHADOW */

  /// @dev Price 64, time 40, first sample 40, last sample 40, samples 32, within 32.
  function _sample(bytes32 feed, Feed storage state, uint8 index, uint256 word) private returns (bytes4) {
    uint256 record = state.shadows[index];
    uint256 time = StoreWord.time(word);
    if (time < uint40(record >> 64)) return NotNewer.selector;
    uint256 price = StoreWord.price(word);
    uint256 history = record >> 104;
    if (block.timestamp >= uint40(history >> 40) + SAMPLE_GAP) {
      Spot memory current = _spot(state);
      if (current.status == 0) {
        bool within = !Samples.off(price, current.mid, AGREE_PERCENT);
        uint256 first = uint40(history) == 0 ? block.timestamp : uint40(history);
        uint256 samples = uint32(history >> 80) + 1;
        uint256 agreeing = (history >> 112) + (within ? 1 : 0);
        history = first | (block.timestamp << 40) | (samples << 80) | (agreeing << 112);
        emit ShadowSampled(feed, index, uint64(price), current.mid, within);
      }
    }
    state.shadows[index] = price | (time << 64) | (history << 104);
    return 0;
  }

  /// @inheritdoc IOracleHub
  function promote(bytes32 feed, uint8 index) external nonReentrant {
    Feed storage state = _feed(feed);
    uint256 packed = _source(feed, state, index);
    if (packed & COUNTED != 0) revert NotInShadow(index);
    ShadowReport memory record = _shadow(state, index);
    if (!record.proven) {
      uint256 age = record.first == 0 ? 0 : block.timestamp - record.first;
      revert ShadowUnproven(age, record.samples, record.within);
    }
    state.voting |= uint32(1) << index;
    state.sources[index] = packed | COUNTED;
    emit SourcePromoted(feed, index);
  }

  function _shadow(Feed storage state, uint256 index) private view returns (ShadowReport memory report_) {
    uint256 record = state.shadows[index];
    report_.price = uint64(record);
    report_.time = uint40(record >> 64);
    report_.first = uint40(record >> 104);
    report_.last = uint40(record >> 144);
    report_.samples = uint32(record >> 184);
    report_.within = uint32(record >> 216);
    report_.proven =
      report_.samples >= SHADOW_SAMPLES &&
      block.timestamp >= report_.first + SHADOW_TIME &&
      uint256(report_.within) * 100 >= uint256(report_.samples) * 99;
  }

  /// @inheritdoc IOracleHub
  function shadow(bytes32 feed, uint8 index) external view returns (ShadowReport memory record) {
    Feed storage state = _feed(feed);
    if (index >= state.sourceCount) revert SourceUnknown(index);
    return _shadow(state, index);
  }
}

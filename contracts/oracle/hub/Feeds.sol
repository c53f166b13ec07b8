// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IOracleHub, SourceInfo, Spot, Stage} from "../../interfaces/IOracleHub.sol";
import {IPriceSource, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Prices} from "../../libraries/Prices.sol";
import {StoreWord} from "../../libraries/StoreWord.sol";

/// @title Feeds
/// @notice Feeds, their sources and their votes. Sources are only added, proven or disabled; none is ever changed.
abstract contract Feeds is IOracleHub, AccessManaged {
  uint256 internal constant MAX_SOURCES = 32;
  uint256 internal constant MAX_VOTES = 8;
  /// @dev In a source's word: it is read without a payload; it counts, as a vote or as a guard; it is disabled; where the
  ///      bits begin of the votes that judge its readings.
  uint256 internal constant PUSH = 1 << 200;
  uint256 internal constant COUNTED = 1 << 201;
  uint256 internal constant DISABLED = 1 << 202;
  uint256 internal constant JUDGES_SHIFT = 208;
  /// @dev The part of a source's word that never changes.
  uint256 private constant TERMS_MASK = (1 << 201) - 1;
  uint256 private constant MAX_DAILY_VOL = 10_000;
  uint256 private constant LONGEST_AGE = 90_000;
  uint256 private constant FARTHEST_AHEAD = 60;
  /// @dev Percent · 10 by which disabling a source may move the spot.
  uint256 private constant MOVE_BOUND = 5;

  /* STORAGE */

  struct Feed {
    bytes32 base;
    bytes32 quote;
    /// One slot: what the spot and a reading need. Zero quorum: there is no such feed.
    uint8 quorum;
    uint8 priceExp;
    uint16 dailyVol;
    uint8 sourceCount;
    uint8 voteCount;
    uint8 guardVotes;
    uint32 voting;
    uint32 pushing;
    uint32 guards;
    /// Classes of each vote, 16 bits each.
    uint128 classes;
    /// Source by index, low bits first: address 160, vote 8, maximal age 24, maximal lead 8, push 1, counted 1, disabled 1,
    /// 5 unused, judges 8. A reading needs nothing else of its feed, which saves it a cold word.
    uint256[MAX_SOURCES] sources;
    /// See `StoreWord`.
    uint256[MAX_VOTES] stores;
    /// Shadow by source: price 64, time 40, first sample 40, last sample 40, samples 32, within 32, low bits first.
    uint256[MAX_SOURCES] shadows;
  }

  mapping(bytes32 name => Feed feed) internal _feeds;

  /* REGISTERING */

  /// @inheritdoc IOracleHub
  function createFeed(
    bytes32 feed,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint8 quorum,
    uint16 dailyVol,
    address[] calldata sources
  ) external restricted {
    if (feed == 0) revert FeedNameZero();
    Feed storage state = _feeds[feed];
    if (state.quorum != 0) revert FeedExists(feed);
    if (quorum % 2 == 0 || quorum < 3 || quorum > 7) revert QuorumInvalid(quorum);
    if (priceExp > Prices.MAX_PRICE_EXP) revert FeedExpTooLarge(priceExp, Prices.MAX_PRICE_EXP);
    if (dailyVol > MAX_DAILY_VOL) revert DailyVolTooLarge(dailyVol, MAX_DAILY_VOL);
    (state.base, state.quote) = (base, quote);
    (state.quorum, state.priceExp, state.dailyVol) = (quorum, priceExp, dailyVol);
    emit FeedCreated(feed, base, quote, priceExp, quorum, dailyVol);
    for (uint256 i = 0; i < sources.length; ++i) _add(feed, state, sources[i], true);
  }

  /// @inheritdoc IOracleHub
  function addSource(bytes32 feed, address source_) external restricted returns (uint8 index) {
    return _add(feed, _feed(feed), source_, false);
  }

  function _add(bytes32 feed, Feed storage state, address source_, bool atOnce) private returns (uint8 index) {
    if (source_.code.length == 0) revert SourceWithoutCode(source_);
    SourceTerms memory terms = IPriceSource(source_).describe();
    if (terms.base != state.base || terms.quote != state.quote || terms.priceExp != state.priceExp) {
      revert UnitMismatch(terms.base, terms.quote, terms.priceExp);
    }
    if (terms.maxAge == 0 || terms.maxAge > LONGEST_AGE) revert MaxAgeInvalid(terms.maxAge, LONGEST_AGE);
    if (terms.maxAhead > FARTHEST_AHEAD) revert MaxAheadTooLarge(terms.maxAhead, FARTHEST_AHEAD);
    uint256 vote = _voteOf(state, terms.classes);
    index = state.sourceCount;
    if (index == MAX_SOURCES) revert TooManySources(MAX_SOURCES);
    if (vote == MAX_VOTES) revert TooManyVotes(MAX_VOTES);
    for (uint256 i = 0; i < index; ++i) {
      if (address(uint160(state.sources[i])) == source_) revert SourceKnown(source_);
    }
    bool guard = terms.classes == Classes.GUARD;
    bool voting = atOnce && !guard;

    if (vote == state.voteCount) {
      state.voteCount = uint8(vote + 1);
      state.classes |= uint128(terms.classes) << uint128(16 * vote);
      if (!guard) _appointJudge(state, index, vote);
    }
    state.sourceCount = index + 1;
    uint32 bit = uint32(1) << index;
    if (terms.push) state.pushing |= bit;
    if (guard) (state.guards, state.guardVotes) = (state.guards | bit, state.guardVotes | uint8(1 << vote));
    if (voting) state.voting |= bit;
    uint256 judges = guard ? 0 : ((1 << state.voteCount) - 1) & ~(state.guardVotes | (1 << vote));
    state.sources[index] =
      uint160(source_) |
      (vote << 160) |
      (uint256(terms.maxAge) << 168) |
      (uint256(terms.maxAhead) << 192) |
      (terms.push ? PUSH : 0) |
      (voting || guard ? COUNTED : 0) |
      (judges << JUDGES_SHIFT);
    emit SourceAdded(feed, index, source_, uint8(vote), voting || guard);
  }

  /// @dev The readings of a vote are judged by all others but guards; those of guards are not. A new vote joins the judges of
  ///      the sources before it.
  function _appointJudge(Feed storage state, uint256 sources, uint256 vote) private {
    for (uint256 i = 0; i < sources; ++i) {
      uint256 packed = state.sources[i];
      if ((state.guardVotes >> uint8(packed >> 160)) & 1 == 0) state.sources[i] = packed | (1 << (JUDGES_SHIFT + vote));
    }
  }

  /// @dev The vote with exactly these classes; the next one if none has any of them.
  function _voteOf(Feed storage state, uint16 classes) private view returns (uint256 vote) {
    if (classes == 0 || (classes & Classes.GUARD != 0 && classes != Classes.GUARD)) revert ClassesInvalid(classes);
    uint256 count = state.voteCount;
    for (; vote < count; ++vote) {
      uint16 taken = uint16(state.classes >> (16 * vote));
      if (taken == classes) return vote;
      if (taken & classes != 0) revert ClassesOverlap(classes, taken);
    }
  }

  /// @inheritdoc IOracleHub
  function disable(bytes32 feed, uint8 index) external restricted {
    Feed storage state = _feed(feed);
    uint256 packed = _source(feed, state, index);
    uint32 bit = uint32(1) << index;
    uint256 vote = uint8(packed >> 160);
    uint256 store = state.stores[vote];
    bool spoke = store != 0 && StoreWord.source(store) == index;
    uint256 before = _spot(state).mid;

    state.voting &= ~bit;
    state.guards &= ~bit;
    state.sources[index] = (packed & ~COUNTED) | DISABLED;
    if (spoke) state.stores[vote] = 0;
    _requireSteady(state, before);
    emit SourceRetired(feed, index);
  }

  /// @dev What is left is a quorum, and says much the same.
  function _requireSteady(Feed storage state, uint256 before) private view {
    Spot memory left = _spot(state);
    if (left.live < state.quorum) revert TooFewVotes(left.live, state.quorum);
    uint256 moved = left.mid > before ? left.mid - before : before - left.mid;
    if (moved * 1_000 > before * MOVE_BOUND) revert SpotWouldMove(before, left.mid);
  }

  /* SHARED */

  function _feed(bytes32 feed) internal view returns (Feed storage state) {
    state = _feeds[feed];
    if (state.quorum == 0) revert FeedUnknown(feed);
  }

  /// @dev The word of a source that is not disabled.
  function _source(bytes32 feed, Feed storage state, uint256 index) internal view returns (uint256 packed) {
    packed = index < MAX_SOURCES ? _sourceAt(state, index) : 0;
    if (packed == 0) {
      _feed(feed);
      revert SourceUnknown(index);
    }
    if (packed & DISABLED != 0) revert SourceDisabled(index);
  }

  /// @dev Word `index` < MAX_SOURCES of the sources, without the compiler's bounds check.
  function _sourceAt(Feed storage state, uint256 index) internal view returns (uint256 packed) {
    uint256[MAX_SOURCES] storage sources = state.sources;
    assembly ("memory-safe") {
      packed := sload(add(sources.slot, index))
    }
  }

  /// @dev Word `vote` < MAX_VOTES of the stores, likewise.
  function _storeAt(Feed storage state, uint256 vote) internal view returns (uint256 word) {
    uint256[MAX_VOTES] storage stores = state.stores;
    assembly ("memory-safe") {
      word := sload(add(stores.slot, vote))
    }
  }

  /// @dev Writes that word. The compiler would read it once more first.
  function _putStore(Feed storage state, uint256 vote, uint256 word) internal {
    uint256[MAX_VOTES] storage stores = state.stores;
    assembly ("memory-safe") {
      sstore(add(stores.slot, vote), word)
    }
  }

  /// @dev The spot from the stores.
  function _spot(Feed storage state) internal view virtual returns (Spot memory current);

  /* VIEWS */

  /// @inheritdoc IOracleHub
  function feedTerms(
    bytes32 feed
  ) external view returns (bytes32 base, bytes32 quote, uint8 priceExp, uint8 quorum, uint16 dailyVol, uint8 sources) {
    Feed storage state = _feed(feed);
    return (state.base, state.quote, state.priceExp, state.quorum, state.dailyVol, state.sourceCount);
  }

  /// @inheritdoc IOracleHub
  function source(bytes32 feed, uint8 index) external view returns (SourceInfo memory info) {
    Feed storage state = _feed(feed);
    if (index >= state.sourceCount) revert SourceUnknown(index);
    uint256 packed = state.sources[index];
    Stage stage = Stage.Shadow;
    if (packed & DISABLED != 0) stage = Stage.Disabled;
    else if (packed & COUNTED != 0) stage = Stage.Voting;
    info = SourceInfo({
      source: address(uint160(packed)),
      vote: uint8(packed >> 160),
      push: packed & PUSH != 0,
      guard: uint16(state.classes >> (16 * uint8(packed >> 160))) == Classes.GUARD,
      stage: stage,
      maxAge: uint24(packed >> 168),
      maxAhead: uint8(packed >> 192)
    });
  }

  /// @inheritdoc IOracleHub
  function sourceWord(bytes32 feed, uint8 index) external view returns (uint256 word) {
    return _feeds[feed].sources[index] & TERMS_MASK;
  }

  /// @inheritdoc IOracleHub
  function votingSources(bytes32 feed) external view returns (uint32 sources, uint8 votes, uint8 demoted) {
    Feed storage state = _feed(feed);
    sources = state.voting;
    uint256 pushed;
    uint256 pulled;
    uint256 count = state.sourceCount;
    for (uint256 i = 0; i < count; ++i) {
      if ((sources >> i) & 1 == 0) continue;
      uint256 bit = 1 << uint8(state.sources[i] >> 160);
      if ((state.pushing >> i) & 1 == 1) pushed |= bit;
      else pulled |= bit;
    }
    return (sources, uint8(pushed | pulled), uint8(pushed & pulled));
  }
}

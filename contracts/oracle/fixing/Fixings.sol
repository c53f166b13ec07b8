// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IMultiSourceSettlement} from "../../interfaces/IMultiSourceSettlement.sol";
import {IOracleHub, Spot} from "../../interfaces/IOracleHub.sol";
import {ISettlementOracle} from "../../interfaces/ISettlementOracle.sol";
import {FixingWord} from "../../libraries/FixingWord.sol";
import {LANE_WORDS, Lanes} from "../../libraries/Lanes.sol";

/// @title Fixings
/// @notice A fixing's state, its opening and its mark.
abstract contract Fixings is IMultiSourceSettlement, ReentrancyGuardTransient {
  uint256 private constant MAX_LEAD = 100 days;
  uint256 private constant CEILING_OFFSET = 8;
  /// @dev For the first refresh within the last hour before the expiry.
  uint256 private constant MARK_POINTS = 2;
  uint256 private constant PROFILE_BITS = 120;
  uint256 private constant LAST_KIND = 2;

  struct Fixing {
    /// See `FixingWord`.
    uint256 word;
    /// Lane vote · slots + slot is in word lane / 3; see `Lanes`.
    uint256[LANE_WORDS] lanes;
    mapping(uint256 source => uint256 proposedAt) successors;
    mapping(address beneficiary => uint256 points) points;
  }

  mapping(bytes32 fixing => Fixing state) internal _fixings;

  /// @notice Where the spot and the sources come from.
  IOracleHub public immutable HUB;

  constructor(IOracleHub hub) {
    HUB = hub;
  }

  /* OPENING */

  /// @inheritdoc ISettlementOracle
  function describe(bytes32 feed, bytes32 profile) external view returns (uint8 priceExp, uint112 maxCeiling) {
    _requireProfile(profile);
    (, , priceExp, , , ) = HUB.feedTerms(feed);
    maxCeiling = uint112(uint256(profile) >> CEILING_OFFSET);
  }

  /// @inheritdoc ISettlementOracle
  function open(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) external nonReentrant returns (bytes32 fixing, uint64 mark) {
    if (block.timestamp >= expiry) revert FixingWindowOver(block.timestamp, expiry);
    uint256 latest = block.timestamp + MAX_LEAD;
    if (expiry > latest) revert ExpiryTooFar(expiry, latest);
    _requireProfile(profile);
    mark = _undegraded(feed);
    fixing = fixingId(feed, profile, expiry);
    Fixing storage state = _fixings[fixing];
    if (state.word != 0) {
      _moveMark(fixing, state, mark);
      return (fixing, mark);
    }
    (uint32 sources, uint8 votes, uint8 demoted) = HUB.votingSources(feed);
    state.word = FixingWord.opened(mark, block.timestamp, sources, votes, demoted);
    emit FixingOpened(fixing, feed, profile, expiry, mark, sources);
  }

  /// @inheritdoc IMultiSourceSettlement
  function refreshMark(bytes32 feed, bytes32 profile, uint40 expiry) external nonReentrant returns (uint64 mark) {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    if (block.timestamp >= expiry) revert FixingWindowOver(block.timestamp, expiry);
    mark = _undegraded(feed);
    uint256 markTime = FixingWord.markTime(state.word);
    if (block.timestamp <= markTime) revert MarkNotNewer(block.timestamp, markTime);
    uint256 lastHour = expiry - 1 hours;
    if (block.timestamp >= lastHour && markTime < lastHour) state.points[msg.sender] += MARK_POINTS;
    _moveMark(fixing, state, mark);
  }

  function _moveMark(bytes32 fixing, Fixing storage state, uint64 mark) private {
    state.word = FixingWord.withMark(state.word, mark, block.timestamp);
    emit MarkRefreshed(fixing, mark, uint40(block.timestamp));
  }

  function _undegraded(bytes32 feed) private view returns (uint64) {
    Spot memory current = HUB.spot(feed);
    if (current.status != 0) revert SpotDegraded(feed, current.status);
    return current.mid;
  }

  function _requireProfile(bytes32 profile) private pure {
    uint256 bits = uint256(profile);
    if (bits >> PROFILE_BITS != 0) revert ProfileDirty(profile);
    if (uint8(bits) > LAST_KIND) revert ProfileKindUnknown(uint8(bits));
    if (bits >> CEILING_OFFSET == 0) revert ProfileWithoutCeiling(profile);
  }

  /* SHARED */

  function _open(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) internal view returns (bytes32 fixing, Fixing storage state) {
    fixing = fixingId(feed, profile, expiry);
    state = _fixings[fixing];
    if (state.word == 0) revert FixingNotOpen(fixing);
  }

  /// @dev Slots of a profile and the seconds between them; a profile of an open fixing is well formed.
  function _slots(bytes32 profile) internal pure returns (uint256 slots, uint256 step) {
    uint256 kind = uint8(uint256(profile));
    if (kind == 0) return (1, 0);
    return kind == 1 ? (7, 300) : (30, 60);
  }

  /* VIEWS */

  /// @inheritdoc IMultiSourceSettlement
  function fixingId(bytes32 feed, bytes32 profile, uint40 expiry) public pure returns (bytes32 fixing) {
    return keccak256(abi.encode(feed, profile, expiry));
  }

  /// @inheritdoc ISettlementOracle
  function price(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) external view returns (uint64 settlementPrice, uint64 mark, uint40 markTime) {
    uint256 word = _fixings[fixingId(feed, profile, expiry)].word;
    return (FixingWord.price(word), FixingWord.mark(word), FixingWord.markTime(word));
  }

  /// @inheritdoc IMultiSourceSettlement
  function provenValue(
    bytes32 fixing,
    uint8 slots,
    uint8 vote,
    uint8 slot
  ) external view returns (uint64 price_, uint24 form) {
    uint256 index = uint256(vote) * slots + slot;
    if (slot >= slots || index >= LANE_WORDS * Lanes.PER_WORD) return (0, 0);
    uint256 word = _fixings[fixing].lanes[index / Lanes.PER_WORD];
    uint256 lane = (word >> (Lanes.BITS * (index % Lanes.PER_WORD))) & Lanes.MASK;
    if (lane != 0) return (uint64(Lanes.price(lane)), Lanes.form(lane));
  }

  /// @inheritdoc IMultiSourceSettlement
  function pointsOf(bytes32 fixing, address beneficiary) external view returns (uint256 points) {
    return _fixings[fixing].points[beneficiary];
  }
}

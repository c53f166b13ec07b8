// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IChainlinkSettlement} from "../interfaces/IChainlinkSettlement.sol";
import {IPhaseProxy} from "../interfaces/IPhaseProxy.sol";
import {ISettlementOracle} from "../interfaces/ISettlementOracle.sol";
import {BoundedRead} from "../libraries/BoundedRead.sol";
import {PhaseRounds} from "../libraries/PhaseRounds.sol";
import {Prices} from "../libraries/Prices.sol";
import {RoundProofs} from "../libraries/RoundProofs.sol";

/// @title ChainlinkSettlement
/// @notice Settles on the last round a Chainlink push feed published up to the expiry.
/// @dev The rules, in the order of the checks, are in docs/oracle-single-feed.md. What the feed must keep to and what
///      it need not is told in `IChainlinkSettlement`.
contract ChainlinkSettlement is IChainlinkSettlement {
  using BoundedRead for address;
  using PhaseRounds for address;
  using RoundProofs for bytes;

  uint256 private constant MAX_AGE = RoundProofs.MAX_AGE;
  /// @dev The longest horizon of a market: no book opens on a fixing farther ahead.
  uint256 private constant MAX_LEAD = 100 days;
  uint256 private constant STALE_DELAY = 24 hours;
  uint256 private constant DEAD_FEED_DELAY = 72 hours;
  uint256 private constant MARK_DELAY = 30 days;

  uint256 private constant CEILING_OFFSET = 8;
  uint256 private constant PROFILE_BITS = 120;

  /* STORAGE */

  /// @dev 64 + 64 + 40 + 8 + 16 + 8 = 200 bits. All of it is written at opening except price and step, so that fixing
  ///      turns a nonzero word into another. Until the expiry a newer round may replace mark, mark time and phase.
  ///      bits   0.. 63 final price, 0 before it is fixed
  ///      bits  64..127 mark, never 0
  ///      bits 128..167 mark time, unix seconds
  ///      bits 168..175 decimals at opening
  ///      bits 176..191 phase: the highest of the rounds that were the mark
  ///      bits 192..199 step, 0 before it is fixed
  mapping(bytes32 fixing => uint256 word) private _words;

  uint256 private constant MARK_OFFSET = 64;
  uint256 private constant MARK_TIME_OFFSET = 128;
  uint256 private constant DECIMALS_OFFSET = 168;
  uint256 private constant PHASE_OFFSET = 176;
  uint256 private constant STEP_OFFSET = 192;
  /// @dev What moves with the mark: mark and mark time, 104 bits from MARK_OFFSET on, and the phase.
  uint256 private constant MARK_MASK = ((2 ** 104 - 1) << MARK_OFFSET) | ((2 ** 16 - 1) << PHASE_OFFSET);

  /* OPENING */

  /// @inheritdoc ISettlementOracle
  function describe(bytes32 feed, bytes32 profile) external view returns (uint8 priceExp, uint112 maxCeiling) {
    _requireKnown(feed, profile);
    return (uint8(uint256(profile)), uint112(uint256(profile) >> CEILING_OFFSET));
  }

  /// @inheritdoc ISettlementOracle
  function open(bytes32 feed, bytes32 profile, uint40 expiry) external returns (bytes32 fixing, uint64 mark) {
    if (block.timestamp >= expiry) revert FixingWindowOver(block.timestamp, expiry);
    uint256 latest = block.timestamp + MAX_LEAD;
    if (expiry > latest) revert ExpiryTooFar(expiry, latest);
    uint256 decimals = _requireKnown(feed, profile);
    fixing = fixingId(feed, profile, expiry);
    uint256 word = _words[fixing];
    if (word != 0) _requireDecimals(word, decimals);
    (uint256 roundId, int256 answer, uint256 updatedAt) = _proxyOf(feed).acceptedRound(MAX_AGE);
    // Joining needs an accepted round as well, so that a fixing prepared long ago opens no book on a silent feed.
    if (word != 0 && updatedAt <= _markTime(word)) return (fixing, uint64(word >> MARK_OFFSET));

    mark = _price(answer, profile, decimals);
    // Nor does it hand its old mark and phase on to a book that opens now.
    if (word != 0) {
      _moveMark(fixing, word, mark, updatedAt, roundId);
      return (fixing, mark);
    }
    uint256 phase = roundId >> PhaseRounds.PHASE_OFFSET;
    _words[fixing] = _markBits(mark, updatedAt, phase) | (decimals << DECIMALS_OFFSET);
    emit FixingOpened({
      fixing: fixing,
      feed: feed,
      profile: profile,
      expiry: expiry,
      mark: mark,
      markTime: uint40(updatedAt),
      decimals: uint8(decimals),
      phase: uint16(phase),
      roundId: uint80(roundId)
    });
  }

  /// @inheritdoc IChainlinkSettlement
  function refreshMark(bytes32 feed, bytes32 profile, uint40 expiry) external returns (uint64 mark) {
    bytes32 fixing = fixingId(feed, profile, expiry);
    uint256 word = _openWord(fixing);
    if (block.timestamp >= expiry) revert FixingWindowOver(block.timestamp, expiry);
    address proxy = _proxyOf(feed);
    uint256 decimals = proxy.readDecimals();
    _requireDecimals(word, decimals);
    (uint256 roundId, int256 answer, uint256 updatedAt) = proxy.acceptedRound(MAX_AGE);
    uint256 markTime = _markTime(word);
    if (updatedAt <= markTime) revert MarkNotNewer(updatedAt, markTime);
    mark = _price(answer, profile, decimals);
    _moveMark(fixing, word, mark, updatedAt, roundId);
  }

  /// @dev The mark of an open fixing is this round from now on, and the phase that of the round unless it is lower.
  function _moveMark(bytes32 fixing, uint256 word, uint64 mark, uint256 updatedAt, uint256 roundId) private {
    uint256 phase = roundId >> PhaseRounds.PHASE_OFFSET;
    uint256 reached = _phase(word);
    if (phase < reached) phase = reached;
    _words[fixing] = (word & ~MARK_MASK) | _markBits(mark, updatedAt, phase);
    emit MarkRefreshed(fixing, mark, uint40(updatedAt), uint80(roundId));
  }

  /// @dev The profile is well formed and the feed is a contract with readable decimals, which are returned.
  function _requireKnown(bytes32 feed, bytes32 profile) private view returns (uint256 decimals) {
    uint256 bits = uint256(profile);
    if (bits >> PROFILE_BITS != 0) revert ProfileDirty(profile);
    if (uint8(bits) > Prices.MAX_PRICE_EXP) revert PriceExpTooLarge(uint8(bits), Prices.MAX_PRICE_EXP);
    if (bits >> CEILING_OFFSET == 0) revert ProfileWithoutCeiling(profile);
    if (uint256(feed) >> 160 != 0) revert FeedNotAddress(feed);
    address proxy = _proxyOf(feed);
    return proxy.feedDecimals();
  }

  /* FIXING */

  /// @inheritdoc ISettlementOracle
  function fix(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) external returns (uint64 settlementPrice) {
    bytes32 fixing = fixingId(feed, profile, expiry);
    uint256 word = _openWord(fixing);
    settlementPrice = uint64(word);
    if (settlementPrice != 0) return settlementPrice;
    _requireFrom(uint256(expiry) + 1);

    Step step;
    uint256 roundId;
    if (proof.length == 0) {
      step = _markStep(_proxyOf(feed), expiry);
      settlementPrice = uint64(word >> MARK_OFFSET);
    } else {
      int256 answer;
      (step, roundId, answer) = _provenRound(_proxyOf(feed), word, expiry, proof);
      settlementPrice = _price(answer, profile, uint8(word >> DECIMALS_OFFSET));
    }
    _words[fixing] = word | settlementPrice | (uint256(step) << STEP_OFFSET);
    emit PriceSettled(fixing, settlementPrice, uint80(roundId), step);
  }

  /// @dev Whether the mark may settle now, and on what ground.
  function _markStep(address proxy, uint256 expiry) private view returns (Step) {
    _requireFrom(expiry + DEAD_FEED_DELAY);
    if (block.timestamp >= expiry + MARK_DELAY) return Step.MarkOverdue;
    (bool alive, , , , ) = proxy.latestRound(IPhaseProxy.latestRoundData.selector);
    if (alive) revert FeedStillAnswers(proxy);
    return Step.MarkFeedDead;
  }

  /// @dev The round the hints prove: the first fresh candidate from the current phase downwards, else the newest one.
  function _provenRound(
    address proxy,
    uint256 word,
    uint256 expiry,
    bytes calldata proof
  ) private view returns (Step step, uint256 roundId, int256 answer) {
    uint256 given = proof.count();
    _requireDecimals(word, proxy.readDecimals());
    uint256 age;
    (roundId, answer, age) = proof.choose(given, proxy, _phase(word), expiry);
    if (age <= MAX_AGE) return (Step.Round, roundId, answer);
    _requireFrom(expiry + STALE_DELAY);
    return (Step.StaleRound, roundId, answer);
  }

  /* SHARED */

  function _openWord(bytes32 fixing) private view returns (uint256 word) {
    word = _words[fixing];
    if (word == 0) revert FixingNotOpen(fixing);
  }

  function _requireDecimals(uint256 word, uint256 decimals) private pure {
    uint256 frozen = uint8(word >> DECIMALS_OFFSET);
    if (decimals != frozen) revert DecimalsChanged(frozen, decimals);
  }

  function _requireFrom(uint256 from) private view {
    if (block.timestamp < from) revert TooEarlyToFix(block.timestamp, from);
  }

  function _markBits(uint64 mark, uint256 updatedAt, uint256 phase) private pure returns (uint256) {
    return (uint256(mark) << MARK_OFFSET) | (updatedAt << MARK_TIME_OFFSET) | (phase << PHASE_OFFSET);
  }

  function _markTime(uint256 word) private pure returns (uint256) {
    return uint40(word >> MARK_TIME_OFFSET);
  }

  function _phase(uint256 word) private pure returns (uint256) {
    return uint16(word >> PHASE_OFFSET);
  }

  /// @dev `answer`, 0 < answer < 2^96, at 8 decimals per 10^priceExp underlying, floored, within 1..2^63−1.
  function _price(int256 answer, bytes32 profile, uint256 decimals) private pure returns (uint64) {
    uint256 scaled = Prices.scaled(uint256(answer), uint8(uint256(profile)), decimals);
    if (scaled == 0) return 1;
    return uint64(scaled > Prices.MAX ? Prices.MAX : scaled);
  }

  function _proxyOf(bytes32 feed) private pure returns (address) {
    return address(uint160(uint256(feed)));
  }

  /* VIEWS */

  /// @inheritdoc IChainlinkSettlement
  function fixingId(bytes32 feed, bytes32 profile, uint40 expiry) public pure returns (bytes32 fixing) {
    return keccak256(abi.encode(feed, profile, expiry));
  }

  /// @inheritdoc IChainlinkSettlement
  function fixingState(
    bytes32 fixing
  )
    external
    view
    returns (uint64 settlementPrice, uint64 mark, uint40 markTime, uint8 decimals, uint16 phase, Step step)
  {
    uint256 word = _words[fixing];
    settlementPrice = uint64(word);
    mark = uint64(word >> MARK_OFFSET);
    markTime = uint40(_markTime(word));
    decimals = uint8(word >> DECIMALS_OFFSET);
    phase = uint16(_phase(word));
    step = Step(uint8(word >> STEP_OFFSET));
  }

  /// @inheritdoc ISettlementOracle
  function price(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) external view returns (uint64 settlementPrice, uint64 mark, uint40 markTime) {
    uint256 word = _words[fixingId(feed, profile, expiry)];
    return (uint64(word), uint64(word >> MARK_OFFSET), uint40(_markTime(word)));
  }
}

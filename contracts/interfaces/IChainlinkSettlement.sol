// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISettlementOracle} from "./ISettlementOracle.sol";

/// @title IChainlinkSettlement
/// @notice The single-feed profile: the price at T is the last round a Chainlink push feed published up to T.
/// @dev No owner, no parameter, nobody who could write a price. Feed: bytes32(uint160(proxy)). Profile: bits 0..7
///      priceExp (≤ 18), bits 8..119 maxCeiling (uint112, not zero), all other bits zero. The proof of a round is
///      abi.encode(uint80[] hints), hints[i] for phase `current − i`: the id of that phase's last complete round up to
///      T, or 0 for "none". In any state of a feed at most one proof passes. docs/oracle-single-feed.md has every rule
///      with the order of the checks.
///
///      Trusted of the feed: within a phase `updatedAt` never goes down, rounds are numbered 1..latestRound(), what is
///      published stays, and a round is out less than 300 s after its `updatedAt`. Not trusted of it: that it answers at all, cheaply, or with clean words.
interface IChainlinkSettlement is ISettlementOracle {
  /// @notice What a final price rests on.
  /// @dev Round: a round at most 3,900 s older than T. StaleRound: an older one, from T + 24 h. MarkFeedDead: the mark,
  ///      from T + 72 h, the feed not answering. MarkOverdue: the mark, from T + 30 d in any case.
  enum Step {
    None,
    Round,
    StaleRound,
    MarkFeedDead,
    MarkOverdue
  }

  /// @notice A fixing was opened; its configuration is frozen.
  /// @param fixing keccak256(abi.encode(feed, profile, expiry)).
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param mark The mark, 8 decimals.
  /// @param markTime When the mark's round was updated, unix seconds.
  /// @param decimals Decimals of the feed's answers.
  /// @param phase Phase of the mark's round; settlement looks at no phase below it.
  /// @param roundId Round of the mark.
  event FixingOpened(
    bytes32 indexed fixing,
    bytes32 indexed feed,
    bytes32 profile,
    uint40 expiry,
    uint64 mark,
    uint40 markTime,
    uint8 decimals,
    uint16 phase,
    uint80 roundId
  );

  /// @notice The mark moved to a newer round: a book joined, or `refreshMark` was called.
  /// @dev The fixing's phase becomes roundId >> 64, unless it is higher already.
  /// @param fixing Identifier of the fixing.
  /// @param mark The mark, 8 decimals.
  /// @param markTime When the mark's round was updated, unix seconds.
  /// @param roundId Round of the mark.
  event MarkRefreshed(bytes32 indexed fixing, uint64 mark, uint40 markTime, uint80 roundId);

  /// @notice The price is final.
  /// @param fixing Identifier of the fixing.
  /// @param price The final price, 8 decimals.
  /// @param roundId The round it was taken from, 0 when it is the mark.
  /// @param step What it rests on.
  event PriceSettled(bytes32 indexed fixing, uint64 price, uint80 roundId, Step step);

  /* PROFILE AND FEED */

  /// @notice The price unit is beyond 10^18 underlying.
  /// @dev Use an exponent within the bound.
  /// @param priceExp Asked for.
  /// @param max Largest allowed.
  error PriceExpTooLarge(uint256 priceExp, uint256 max);

  /// @notice The feed's name is not a left-padded address.
  /// @dev Pass bytes32(uint160(proxy)).
  /// @param feed Name of the feed.
  error FeedNotAddress(bytes32 feed);

  /// @notice There is no contract at the feed's address.
  /// @dev Check the feed's address and the chain.
  /// @param proxy The feed.
  error FeedWithoutCode(address proxy);

  /// @notice `decimals()` of the feed does not read.
  /// @dev Name a Chainlink proxy; if it is one, try again later: from T + 30 d an empty proof settles on the mark.
  /// @param proxy The feed.
  error DecimalsUnreadable(address proxy);

  /// @notice The feed's answers have too many decimals.
  /// @dev Choose a feed within the bound.
  /// @param decimals What the feed says.
  /// @param max Largest allowed.
  error DecimalsTooLarge(uint256 decimals, uint256 max);

  /// @notice The feed changed its decimals after the fixing opened; no answer of it is used, none is rescaled.
  /// @dev Open another expiry; this one settles on the mark, with an empty proof, from T + 30 d.
  /// @param frozen Decimals at opening.
  /// @param current Decimals now.
  error DecimalsChanged(uint256 frozen, uint256 current);

  /* MARK */

  /// @notice `latestRoundData()` of the feed does not read.
  /// @dev Name a Chainlink proxy; if it is one, try again when it answers.
  /// @param proxy The feed.
  error FeedUnreadable(address proxy);

  /// @notice The latest round has no phase: this is no phase proxy.
  /// @dev Name the feed's proxy, not its aggregator.
  /// @param roundId The latest round.
  error RoundWithoutPhase(uint256 roundId);

  /// @notice An answer of zero or less is no price.
  /// @dev Try again after the feed's next round.
  /// @param answer The answer.
  error AnswerNotPositive(int256 answer);

  /// @notice An answer of 2^96 or more is no price.
  /// @dev Try again after the feed's next round, or choose a feed with fewer decimals.
  /// @param answer The answer.
  /// @param bound First value that is too large.
  error AnswerTooLarge(int256 answer, int256 bound);

  /// @notice The round has no answer yet.
  /// @dev Try again after the feed's next round.
  /// @param roundId The latest round.
  error RoundNotUpdated(uint256 roundId);

  /// @notice The round is dated in the future.
  /// @dev Try again when the chain's time has reached the round's.
  /// @param updatedAt Unix time of the round.
  /// @param timestamp Unix time of the call.
  error RoundFromFuture(uint256 updatedAt, uint256 timestamp);

  /// @notice The latest round is too old to be a mark.
  /// @dev Try again after the feed's next round; a heartbeat above the bound cannot serve.
  /// @param age Its age, in seconds.
  /// @param maxAge Largest allowed.
  error MarkTooOld(uint256 age, uint256 maxAge);

  /// @notice The latest round carries over the answer of an earlier one.
  /// @dev Try again after the feed's next round.
  /// @param answeredInRound Round in which the answer was computed.
  /// @param roundId The latest round.
  error AnsweredInEarlierRound(uint256 answeredInRound, uint256 roundId);

  /* SETTLEMENT */

  /// @notice The mark was asked for while the feed answers.
  /// @dev Prove a round: `scripts/lib/roundHints.ts` finds the hints. An empty proof passes from T + 30 d.
  /// @param proxy The feed.
  error FeedStillAnswers(address proxy);

  /// @notice The proof is not abi.encode(uint80[]) of at least one hint.
  /// @dev Pass abi.encode(uint80[] hints), or nothing at all to ask for the mark.
  /// @param length Its length in bytes.
  error ProofMalformed(uint256 length);

  /// @notice `phaseId()` of the feed does not read.
  /// @dev Try again when the feed answers; from T + 30 d an empty proof settles on the mark.
  /// @param proxy The feed.
  error PhaseUnreadable(address proxy);

  /// @notice The feed is in an earlier phase than it was in for the mark.
  /// @dev Try again when the feed is back in that phase or a later one; from T + 30 d an empty proof settles on the mark.
  /// @param current Phase now.
  /// @param opening Phase of the fixing.
  error PhaseWentBack(uint256 current, uint256 opening);

  /// @notice No hint so far is fresh and there are phases left without one.
  /// @dev Add a hint for each next lower phase, 0 for a phase without a round up to T.
  /// @param given Number of hints.
  /// @param needed Number of phases from the current one down to the fixing's; a fresh round may need fewer.
  error HintsIncomplete(uint256 given, uint256 needed);

  /// @notice The choice was made before all hints were used.
  /// @dev Drop the hints after the first `used`.
  /// @param given Number of hints.
  /// @param used Number of hints that decide.
  error HintsLeftOver(uint256 given, uint256 used);

  /// @notice The hint is no round of the phase it stands for.
  /// @dev Give full round ids, phase << 64 | round, from the current phase downwards; find them again if the feed
  ///      has changed its phase.
  /// @param hint The hint.
  /// @param phase The phase.
  error HintOutOfPhase(uint256 hint, uint256 phase);

  /// @notice The hinted round is missing or has no usable answer.
  /// @dev Hint the phase's last complete round up to T, or 0 if it has none.
  /// @param hint The hint.
  error RoundIncomplete(uint256 hint);

  /// @notice The hinted round was published after the expiry.
  /// @dev Hint the phase's last complete round up to T, or 0 if it has none.
  /// @param updatedAt Unix time of the round.
  /// @param expiry Unix time of the fixing.
  error RoundAfterExpiry(uint256 updatedAt, uint256 expiry);

  /// @notice A later complete round is not after the expiry either; for a hint of 0: the phase has such a round.
  /// @dev Hint the phase's last complete round up to T; look from `next` on.
  /// @param hint The hint.
  /// @param next The later round.
  error NotLastRound(uint256 hint, uint256 next);

  /// @notice More incomplete rounds follow than a proof may step over.
  /// @dev Hint a later complete round up to T; if there is none, from T + 30 d an empty proof settles on the mark.
  /// @param hint The hint.
  /// @param max Largest number of incomplete rounds stepped over.
  error TooManyIncomplete(uint256 hint, uint256 max);

  /// @notice The aggregator of a replaced phase does not read.
  /// @dev Try again when the feed answers; from T + 30 d an empty proof settles on the mark.
  /// @param phase The phase.
  error AggregatorUnreadable(uint256 phase);

  /// @notice The latest round of a phase does not read, so nothing shows that no round follows.
  /// @dev Try again when the next round is out or the aggregator answers; from T + 30 d an empty proof settles on the mark.
  /// @param phase The phase.
  error LatestRoundUnreadable(uint256 phase);

  /// @notice No phase has a complete round up to the expiry.
  /// @dev Settle on the mark, with an empty proof, from T + 30 d.
  /// @param expiry Unix time of the fixing.
  error NoRoundBeforeExpiry(uint256 expiry);

  /* FUNCTIONS */

  /// @notice Moves the mark of an open fixing, and its phase, to the feed's latest round.
  /// @dev Anyone, before the expiry; only an accepted round, strictly newer than the mark, of unchanged decimals.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return mark The new mark, 8 decimals.
  function refreshMark(bytes32 feed, bytes32 profile, uint40 expiry) external returns (uint64 mark);

  /// @notice The identifier of a fixing, open or not.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return fixing keccak256(abi.encode(feed, profile, expiry)).
  function fixingId(bytes32 feed, bytes32 profile, uint40 expiry) external pure returns (bytes32 fixing);

  /// @notice All that is stored of a fixing; zeros when it is not open.
  /// @param fixing Identifier of the fixing.
  /// @return settlementPrice The final price, or 0 before it is fixed.
  /// @return mark The mark, 8 decimals.
  /// @return markTime When the mark's round was updated, unix seconds.
  /// @return decimals Decimals of the feed, frozen at opening.
  /// @return phase Highest phase of the rounds that were its mark; settlement looks at no phase below it.
  /// @return step What the final price rests on.
  function fixingState(
    bytes32 fixing
  )
    external
    view
    returns (uint64 settlementPrice, uint64 mark, uint40 markTime, uint8 decimals, uint16 phase, Step step);
}

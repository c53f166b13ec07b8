// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice The spot of a feed. Prices have 8 decimals, quote per 10^priceExp underlying.
/// @param mid Median of the live votes; 0 without one.
/// @param low Lower end of the band.
/// @param high Upper end of the band.
/// @param live Votes that count.
/// @param faults Votes among them that may lie without `mid` leaving the range of the honest ones.
/// @param status Bits of what is wrong, 0 when nothing is: see `IOracleHub`.
struct Spot {
  uint64 mid;
  uint64 low;
  uint64 high;
  uint8 live;
  uint8 faults;
  uint8 status;
}

/// @notice How far the votes of a feed are apart, and how many have been heard.
/// @param lowest Least price among the live votes of this minute, 8 decimals; 0 without one.
/// @param highest Greatest price among them.
/// @param coreLow Lower end of the core: the nearest together of as many of them as hold an honest one, more than half the
///        quorum; 0 if they are fewer.
/// @param coreHigh Its upper end.
/// @param recent How many votes are of this minute.
/// @param seen Votes, not in quarantine, whose reading was good at some time since the one asked for.
struct Dispersion {
  uint64 lowest;
  uint64 highest;
  uint64 coreLow;
  uint64 coreHigh;
  uint8 recent;
  uint8 seen;
}

/// @notice Why a vote counts in the spot, or does not.
enum Verdict {
  Empty,
  Stale,
  Quarantined,
  Guard,
  Used
}

/// @notice One vote of a feed and its store.
/// @param classes Independence classes, a bit each.
/// @param verdict Whether it counts, or why not.
/// @param source Index of the source the reading came from.
/// @param price Price, 8 decimals.
/// @param time Time of the reading, unix seconds.
/// @param seenAt When the source was last known to say so, unix seconds.
/// @param confidence Half-width stated by the source, bps.
/// @param standing 0 clear, 1 suspect, 2 quarantined.
/// @param since Beginning of suspicion or quarantine, unix seconds.
struct VoteReport {
  uint16 classes;
  Verdict verdict;
  uint8 source;
  uint64 price;
  uint40 time;
  uint40 seenAt;
  uint16 confidence;
  uint8 standing;
  uint40 since;
}

/// @notice Where a source stands in its feed.
enum Stage {
  None,
  Shadow,
  Voting,
  Disabled
}

/// @notice A source as the hub knows it.
/// @param source The adapter.
/// @param vote The vote it speaks for.
/// @param push Whether it is read without a payload.
/// @param guard Whether it only guards.
/// @param stage Where it stands.
/// @param maxAge Seconds up to which a reading counts.
/// @param maxAhead Seconds by which a reading may be ahead.
struct SourceInfo {
  address source;
  uint8 vote;
  bool push;
  bool guard;
  Stage stage;
  uint24 maxAge;
  uint8 maxAhead;
}

/// @notice What a source in shadow has shown.
/// @param price Its last price, 8 decimals.
/// @param time Time of that reading, unix seconds.
/// @param first Time of its first sample, unix seconds.
/// @param last Time of its last sample, unix seconds.
/// @param samples Samples so far.
/// @param within Those within 1 % of the spot.
/// @param proven Whether it may be promoted now.
struct ShadowReport {
  uint64 price;
  uint40 time;
  uint40 first;
  uint40 last;
  uint32 samples;
  uint32 within;
  bool proven;
}

/// @title IOracleHub
/// @notice The spot: per feed several independent votes, of which a minority may lie without moving the middle.
/// @dev Anyone adds newer readings; nobody selects, drops or writes one. docs/oracles.md has every rule. Status bits:
///      0 NoPrice, 1 FewVotes, 2 Apart, 3 NotFresh, 4 GuardApart, 5 SequencerDown, 6 SequencerGrace.
interface IOracleHub {
  /* EVENTS */

  /// @notice A feed was made; its pair and unit never change.
  /// @param feed Name of the feed.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that one price unit refers to.
  /// @param quorum Votes without which the spot is degraded.
  /// @param dailyVol Volatility of a day, bps, by which the band widens with age.
  event FeedCreated(bytes32 indexed feed, bytes32 base, bytes32 quote, uint8 priceExp, uint8 quorum, uint16 dailyVol);
  /// @notice A source was added to a feed.
  /// @param feed Name of the feed.
  /// @param index Its index from now on.
  /// @param source The adapter.
  /// @param vote The vote it speaks for.
  /// @param voting Whether it counts at once; else it is in shadow.
  event SourceAdded(bytes32 indexed feed, uint8 indexed index, address source, uint8 vote, bool voting);
  /// @notice A source left its shadow and votes.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  event SourcePromoted(bytes32 indexed feed, uint8 indexed index);
  /// @notice A source counts no more, for good.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  event SourceRetired(bytes32 indexed feed, uint8 indexed index);
  /// @notice A vote's store has a new reading, or a push source said the same again.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @param price Price, 8 decimals.
  /// @param time Time of the reading, unix seconds.
  /// @param confidence Half-width stated by the source, bps.
  /// @param form Form of the reading.
  event ReadingStored(
    bytes32 indexed feed,
    uint8 indexed index,
    uint64 price,
    uint40 time,
    uint16 confidence,
    uint24 form
  );
  /// @notice A push source gave `poke` no reading.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @param reason Selector of the error; 0 if there is none.
  event ReadingDropped(bytes32 indexed feed, uint8 indexed index, bytes4 reason);
  /// @notice A vote was off its judges twice and counts no more for the time being.
  /// @param feed Name of the feed.
  /// @param vote The vote.
  /// @param price What it said, 8 decimals.
  /// @param middle Median of the judges, 8 decimals.
  event VoteQuarantined(bytes32 indexed feed, uint8 indexed vote, uint64 price, uint64 middle);
  /// @notice A vote agreed long enough and counts again.
  /// @param feed Name of the feed.
  /// @param vote The vote.
  event VoteReleased(bytes32 indexed feed, uint8 indexed vote);
  /// @notice A source in shadow was compared with the spot.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @param price What it said, 8 decimals.
  /// @param mid The spot, 8 decimals.
  /// @param within Whether it was within 1 %.
  event ShadowSampled(bytes32 indexed feed, uint8 indexed index, uint64 price, uint64 mid, bool within);

  /* ERRORS */

  /// @notice A feed's name is not zero.
  /// @dev Name the feed.
  error FeedNameZero();
  /// @notice The feed exists already.
  /// @dev Choose another name, or add sources to this feed.
  error FeedExists(bytes32 feed);
  /// @notice There is no such feed.
  /// @dev Check the name; `FeedCreated` lists feeds.
  error FeedUnknown(bytes32 feed);
  /// @notice The quorum is odd and within 3..7.
  /// @dev Use 3, 5 or 7.
  error QuorumInvalid(uint256 quorum);
  /// @notice The price exponent is above its bound.
  /// @dev Use at most `max`.
  error FeedExpTooLarge(uint256 priceExp, uint256 max);
  /// @notice The daily volatility, in bps, is above its bound.
  /// @dev Use at most `max`.
  error DailyVolTooLarge(uint256 dailyVol, uint256 max);
  /// @notice The address has no code.
  /// @dev Deploy the adapter first, or check the address and the chain.
  error SourceWithoutCode(address source);
  /// @notice The source prices another pair or in another unit than the feed.
  /// @dev Use an adapter of the feed's pair and unit; `feedTerms` has them.
  error UnitMismatch(bytes32 base, bytes32 quote, uint8 priceExp);
  /// @notice The source's maximal age is outside 1..max seconds.
  /// @dev Make the adapter with another maximal age.
  error MaxAgeInvalid(uint256 maxAge, uint256 max);
  /// @notice The source's readings may be farther ahead than `max` seconds.
  /// @dev Make the adapter with a smaller lead.
  error MaxAheadTooLarge(uint256 maxAhead, uint256 max);
  /// @notice The source's classes are empty, or mix a guard with votes.
  /// @dev Make the adapter with classes of its own; a guard has that class alone.
  error ClassesInvalid(uint16 classes);
  /// @notice The source shares some but not all classes with a vote: the same data would count twice.
  /// @dev Use an adapter whose classes are exactly a vote's, or touch none.
  error ClassesOverlap(uint16 classes, uint16 taken);
  /// @notice The feed has the source already.
  /// @dev Nothing is to be done.
  error SourceKnown(address source);
  /// @notice The feed has as many sources as it can have.
  /// @dev Make another feed; sources are never removed.
  error TooManySources(uint256 max);
  /// @notice The feed has as many votes as it can have.
  /// @dev Make another feed.
  error TooManyVotes(uint256 max);
  /// @notice The feed has no source of that index.
  /// @dev Use an index below the number of sources, see `feedTerms`.
  error SourceUnknown(uint256 index);
  /// @notice The source is disabled.
  /// @dev Use another source; disabling is for good.
  error SourceDisabled(uint256 index);
  /// @notice The source is not in shadow.
  /// @dev It votes already, or is a guard.
  error NotInShadow(uint256 index);
  /// @notice The shadow is too short, has too few samples, or too few of them within 1 %.
  /// @dev Bring more readings; it wants 7 days, 500 samples and 99 % of them within 1 %.
  error ShadowUnproven(uint256 age, uint256 samples, uint256 within);
  /// @notice Fewer votes than the quorum would be live.
  /// @dev Bring readings of the other votes first, or add a source.
  error TooFewVotes(uint256 live, uint256 quorum);
  /// @notice The spot would move by more than 0.5 %.
  /// @dev Wait until the votes agree, or until a lying one is in quarantine.
  error SpotWouldMove(uint256 before, uint256 afterwards);
  /// @notice The price is outside 1..2^63 − 1.
  /// @dev Bring another reading.
  error PriceOutOfRange(uint256 price);
  /// @notice The reading is farther ahead than its source may be.
  /// @dev Bring it once the block's time has come near it.
  error ReadingFromFuture(uint256 time, uint256 latest);
  /// @notice The reading is older than its source's maximal age.
  /// @dev Bring a newer one.
  error ReadingTooOld(uint256 age, uint256 maxAge);
  /// @notice The stated half-width is above its bound, both in bps.
  /// @dev Wait for a narrower one.
  error ConfidenceTooWide(uint256 confidence, uint256 max);
  /// @notice The form has more than 22 bits or no rank.
  /// @dev The adapter is broken; do not use it.
  error FormInvalid(uint256 form);
  /// @notice The store has a reading that is as new or newer.
  /// @dev Bring one that is newer than `stored`.
  error NotNewer(uint256 time, uint256 stored);

  /* REGISTERING */

  /// @notice Makes a feed with its first sources, which count at once. Governance only.
  /// @dev There is nothing yet to compare them with; no book opens before as many as the quorum agree within 1 %.
  /// @param feed Name, not 0, not taken.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that one price unit refers to, ≤ 18.
  /// @param quorum Votes without which the spot is degraded: 3, 5 or 7.
  /// @param dailyVol Volatility of a day in bps, ≤ 10,000.
  /// @param sources Adapters of this pair and unit.
  function createFeed(
    bytes32 feed,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint8 quorum,
    uint16 dailyVol,
    address[] calldata sources
  ) external;

  /// @notice Adds a source in shadow; a guard counts at once. Governance only.
  /// @param feed Name of the feed.
  /// @param source The adapter.
  /// @return index Its index.
  function addSource(bytes32 feed, address source) external returns (uint8 index);

  /// @notice Lets a proven source vote. Anyone may call.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  function promote(bytes32 feed, uint8 index) external;

  /// @notice Takes a source out for good. Stewards only; it can only tighten and must leave a quorum.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  function disable(bytes32 feed, uint8 index) external;

  /* READINGS */

  /// @notice Brings a newer reading. Anyone may call; the value sent goes to the source's network as its fee.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @param payload What the network signed; empty for a push source.
  function update(bytes32 feed, uint8 index, bytes calldata payload) external payable;

  /// @notice Reads every push source that counts, each with 147,500 gas at most. Anyone may call.
  /// @dev Never reverts because of a source; `GasStarved` when there is too little gas to give one its full share.
  /// @param feed Name of the feed.
  /// @return stored How many readings were kept.
  function poke(bytes32 feed) external returns (uint256 stored);

  /* VIEWS */

  /// @notice Price, band and status, from the stores alone.
  /// @param feed Name of the feed.
  /// @return current The spot.
  function spot(bytes32 feed) external view returns (Spot memory current);

  /// @notice How far the votes are apart and how many were heard, from the stores alone: what a guard needs for its evidence.
  /// @param feed Name of the feed.
  /// @param since Time from which on a vote counts as heard, unix seconds.
  /// @return quorum Votes without which the spot is degraded.
  /// @return votes How far they are apart, and how many were heard.
  function dispersion(bytes32 feed, uint256 since) external view returns (uint8 quorum, Dispersion memory votes);

  /// @notice The spot, with every vote and why it counts or not.
  /// @param feed Name of the feed.
  /// @return current The spot.
  /// @return votes One report a vote.
  function report(bytes32 feed) external view returns (Spot memory current, VoteReport[] memory votes);

  /// @notice Pair and terms of a feed.
  /// @param feed Name of the feed.
  /// @return base What is priced.
  /// @return quote What it is priced in.
  /// @return priceExp Power of ten of underlying that one price unit refers to.
  /// @return quorum Votes without which the spot is degraded.
  /// @return dailyVol Volatility of a day, bps.
  /// @return sources How many sources there are.
  function feedTerms(
    bytes32 feed
  ) external view returns (bytes32 base, bytes32 quote, uint8 priceExp, uint8 quorum, uint16 dailyVol, uint8 sources);

  /// @notice A source of a feed.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @return info The source.
  function source(bytes32 feed, uint8 index) external view returns (SourceInfo memory info);

  /// @notice A source as it lies in storage, for other contracts: address 160, vote 8, maximal age 24, maximal lead 8,
  ///         push 1, low bits first. It never changes.
  /// @param feed Name of the feed.
  /// @param index Index of the source, < 32.
  /// @return word The source; 0 if there is none.
  function sourceWord(bytes32 feed, uint8 index) external view returns (uint256 word);

  /// @notice What a source has shown in shadow.
  /// @param feed Name of the feed.
  /// @param index Index of the source.
  /// @return record Its record.
  function shadow(bytes32 feed, uint8 index) external view returns (ShadowReport memory record);

  /// @notice A vote's store as it lies in storage; docs/oracles.md has its bits.
  /// @param feed Name of the feed.
  /// @param vote The vote.
  /// @return word The store.
  function storeWord(bytes32 feed, uint8 vote) external view returns (uint256 word);

  /// @notice The sources that vote now, as a fixing freezes them.
  /// @param feed Name of the feed.
  /// @return sources A bit for each source that votes.
  /// @return votes A bit for each vote with such a source.
  /// @return demoted A bit for each vote in which a push source has a better one beside it.
  function votingSources(bytes32 feed) external view returns (uint32 sources, uint8 votes, uint8 demoted);

  /// @notice The L2 sequencer's uptime feed.
  /// @return exists Whether the hub has such a feed.
  /// @return down Whether it says down, cannot be read, or has no valid time.
  /// @return read Whether it could be read and says something: down, or up since a valid time.
  /// @return since Its last change, unix seconds.
  /// @return grace Seconds after `since` in which it is up but not yet trusted; 0 when down.
  /// @return afterDown Whether that change ended a down.
  function sequencer()
    external
    view
    returns (bool exists, bool down, bool read, uint256 since, uint256 grace, bool afterDown);
}

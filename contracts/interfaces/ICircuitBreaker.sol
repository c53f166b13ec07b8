// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice Why a market is tripped. docs/breakers.md has the table; `ruleOf` answers a row of it.
enum Trigger {
  None,
  FewVotes,
  NoVotes,
  Apart,
  FarApart,
  Move,
  BigMove,
  HugeMove,
  Sequencer,
  Depeg,
  Shortfall,
  Guardian
}

/// @notice A row of the table of triggers. Times in seconds.
/// @param level Level the market is tripped to: 1 Restricted, 2 Halted.
/// @param stay How long the first time.
/// @param noticeMin A notice has to stand so long before the trip; 0: no notice is needed.
/// @param noticeMax A notice is good for so long.
/// @param escalates Whether repetition prolongs the stay.
/// @param releasable Whether observations of health end it early.
struct Rule {
  uint8 level;
  uint32 stay;
  uint32 noticeMin;
  uint32 noticeMax;
  bool escalates;
  bool releasable;
}

/// @notice Thresholds of a market; bps unless said otherwise. Each has bounds in code, see `policyBounds`.
/// @param apart Distance of the lowest and the highest vote at which they are apart.
/// @param farApart Distance at which they are far apart.
/// @param move Move within five minutes; twice and three and a half times as much are the bigger ones.
/// @param depegBelow The collateral's price, in 1 / 10,000, below which it is off its peg.
/// @param pegAbove The price at which it is back.
/// @param ceiling Share of the terms' ceiling that the market uses.
/// @param floor Share of that which stress leaves.
struct Policy {
  uint16 apart;
  uint16 farApart;
  uint16 move;
  uint16 depegBelow;
  uint16 pegAbove;
  uint16 ceiling;
  uint16 floor;
}

/// @notice A market as the breaker knows it. Times in unix seconds, 0 for never.
/// @param feed Feed of the hub that prices the underlying; 0 where the hub has none.
/// @param tokenFeed Feed of the hub that prices the collateral; 0 for none.
/// @param policy Thresholds in force.
/// @param policySince When they were last set; 0 for the initial ones.
/// @param previous Thresholds before, to which the guardian may roll back; all 0 if it may not.
/// @param level Level last set.
/// @param until Its end; the level reads as Normal from then on.
/// @param firmUntil Whatever ends before, the market is restricted until then.
/// @param trigger What tripped it last.
/// @param trippedAt When.
/// @param olderStart Beginning of the episode before the last one.
/// @param newerStart Beginning of the last episode.
/// @param escalation Power of four by which the last stay was prolonged.
/// @param tightness Stress that is applied, bps.
/// @param adaptedAt When it was last adapted.
/// @param olderImposed The guardian's use before its last one.
/// @param newerImposed The guardian's last use.
/// @param tightenedAt When a steward last set thresholds.
/// @param setAt When the risk role last set thresholds.
/// @param depegUntil Until when the market is restricted for its collateral.
struct MarketWatch {
  bytes32 feed;
  bytes32 tokenFeed;
  Policy policy;
  uint40 policySince;
  Policy previous;
  uint8 level;
  uint40 until;
  uint40 firmUntil;
  Trigger trigger;
  uint40 trippedAt;
  uint40 olderStart;
  uint40 newerStart;
  uint8 escalation;
  uint16 tightness;
  uint40 adaptedAt;
  uint40 olderImposed;
  uint40 newerImposed;
  uint40 tightenedAt;
  uint40 setAt;
  uint40 depegUntil;
}

/// @notice What has been observed of a feed.
/// @param count Observations so far; the last sixteen are kept.
/// @param variance Moving average of the squared move of a day, in ppm².
/// @param lastPrice Spot at the last healthy one, 8 decimals.
/// @param lastTime Its time, unix seconds.
/// @param lastAny Time of the last one, healthy or not, unix seconds.
struct FeedWatch {
  uint32 count;
  uint64 variance;
  uint64 lastPrice;
  uint40 lastTime;
  uint40 lastAny;
}

/// @notice What has been seen of the network.
/// @param lastBlock Block of the last observation.
/// @param lastTime Its time, unix seconds.
/// @param baseFee Base fee that one observation in twenty exceeds, wei.
/// @param gapStress Stress from the distance of blocks, bps.
/// @param feeStress Stress from the base fee, bps.
struct NetworkWatch {
  uint48 lastBlock;
  uint40 lastTime;
  uint80 baseFee;
  uint16 gapStress;
  uint16 feeStress;
}

/// @title ICircuitBreaker
/// @notice The guard of markets: anyone trips a market with evidence that the contract checks, the guardian for hours
///         without, and everything ends by itself.
/// @dev It writes the ledger's guard word and nothing else: no price, no position, no collateral. docs/breakers.md.
interface ICircuitBreaker {
  /* EVENTS */

  /// @notice A market is watched from now on.
  /// @param market Market of the ledger.
  /// @param feed Feed of the hub that prices the underlying; 0 where the hub has none.
  event MarketEnrolled(uint256 indexed market, bytes32 indexed feed);
  /// @notice The feed that prices a market's collateral was set.
  /// @param market Market of the ledger.
  /// @param feed Feed of the hub; 0 for none.
  event TokenFeedSet(uint256 indexed market, bytes32 indexed feed);
  /// @notice Somebody says that a condition holds; it has to hold on before it trips.
  /// @param market Market of the ledger.
  /// @param trigger The condition.
  event NoticeGiven(uint256 indexed market, Trigger indexed trigger);
  /// @notice The condition did not hold on.
  /// @param market Market of the ledger.
  /// @param trigger The condition.
  event NoticeAnswered(uint256 indexed market, Trigger indexed trigger);
  /// @notice A market was tripped, or its level prolonged.
  /// @param market Market of the ledger.
  /// @param trigger Why.
  /// @param level 1 Restricted, 2 Halted.
  /// @param until End of the level, unix seconds.
  /// @param measured What was measured, in the unit of the trigger.
  event Tripped(uint256 indexed market, Trigger indexed trigger, uint8 level, uint40 until, uint256 measured);
  /// @notice A level was ended before its time.
  /// @param market Market of the ledger.
  /// @param trigger What had tripped it.
  event Released(uint256 indexed market, Trigger indexed trigger);
  /// @notice A price of a feed was observed.
  /// @param feed Feed of the hub.
  /// @param low Lower end of the votes that agree, 8 decimals.
  /// @param high Upper end of them.
  /// @param healthy Whether the spot was undegraded.
  /// @param variance Moving average of the squared move of a day, in ppm².
  event Observed(bytes32 indexed feed, uint64 low, uint64 high, bool healthy, uint64 variance);
  /// @notice A market's tightness, and with it its ceiling, was adapted to the stress.
  /// @param market Market of the ledger.
  /// @param tightness Stress that is applied, bps.
  /// @param ceiling Ceiling in force, base units of collateral.
  event Adapted(uint256 indexed market, uint16 tightness, uint112 ceiling);
  /// @notice A market's thresholds changed.
  /// @param market Market of the ledger.
  /// @param before Thresholds before.
  /// @param policy Thresholds from now on.
  event PolicySet(uint256 indexed market, Policy before, Policy policy);

  /* ERRORS */

  /// @notice An address has no code.
  /// @dev Check the address and the chain.
  error BreakerWithoutCode(address target);
  /// @notice The market's terms name another guard.
  /// @dev Only markets listed with this breaker as their guard can be watched.
  error NotThisGuard(uint256 market, address guard);
  /// @notice The market is watched already.
  /// @dev Nothing is to be done.
  error AlreadyEnrolled(uint256 market);
  /// @notice The market is not watched yet.
  /// @dev Call `enroll` first; anyone may.
  error NotEnrolled(uint256 market);
  /// @notice The trigger does not exist for this market or this function.
  /// @dev `Move` and the like need a feed of the hub, `Depeg` a feed of the collateral, `Shortfall` its own function.
  error TriggerUnavailable(uint256 market, Trigger trigger);
  /// @notice The condition does not hold.
  /// @dev `measured` does not pass `threshold`; both are in the unit of the trigger.
  error NoEvidence(Trigger trigger, uint256 measured, uint256 threshold);
  /// @notice Too few votes are of this minute, or too few of them agree, so a price says nothing.
  /// @dev Bring the readings first (`poke`, `update`); if they are apart, trip for that. `distance` is that of the votes
  ///      nearest together, bps.
  error NoAgreement(uint256 recent, uint256 needed, uint256 distance);
  /// @notice The trigger needs a notice that has stood for a while.
  /// @dev Give notice; trip between `from` and `to`.
  error NoticeMissing(Trigger trigger, uint256 from, uint256 to);
  /// @notice A notice stands already.
  /// @dev Trip once it has stood long enough.
  error NoticeStands(Trigger trigger, uint256 since);
  /// @notice The condition holds still, there was no notice, or it is one that cannot be taken back.
  /// @dev Bring readings first.
  error NothingToAnswer(Trigger trigger);
  /// @notice What is in force is as tight and lasts as long.
  /// @dev Nothing is to be done before `until`.
  error AlreadyTripped(uint256 level, uint256 until);
  /// @notice Nothing that could be ended early is in force.
  /// @dev Timed levels and those of the collateral end by their time alone, the guardian's by `lift`.
  error NotReleasable(uint256 market, Trigger trigger);
  /// @notice The market has not been seen healthy for long enough.
  /// @dev `observe` until there are three healthy ones since the trip over ten minutes, the last within two minutes.
  error NotHealthy(uint256 observations, uint256 span);
  /// @notice There is no observation in that place, or it is too old.
  /// @dev Use an observation of the last five minutes.
  error ReferenceInvalid(uint256 index, uint256 age);
  /// @notice The spot is degraded; only an undegraded one is observed.
  /// @dev Bring readings first.
  error SpotUnhealthy(bytes32 feed, uint8 status);
  /// @notice It is too early for another one.
  /// @dev Call again at `from`.
  error TooEarly(uint256 time, uint256 from);
  /// @notice The books or accounts are not strictly ascending, or of another token.
  /// @dev Sort them and leave out what is of another token.
  error ListInvalid(uint256 index);
  /// @notice The guardian's level or duration is outside its bounds.
  /// @dev Level 1 or 2, at most six hours.
  error ImpositionInvalid(uint256 level, uint256 duration);
  /// @notice The guardian has used up its budget: once in 24 hours, twice in seven days.
  /// @dev Wait until `from`, or trip with evidence.
  error GuardianBudget(uint256 time, uint256 from);
  /// @notice A threshold is outside its bounds.
  /// @dev Field by its place in `Policy`.
  error PolicyBound(uint256 field, uint256 value, uint256 min, uint256 max);
  /// @notice A threshold moves too far in one step.
  /// @dev At most a fifth of its value in one step.
  error PolicyStep(uint256 field, uint256 value, uint256 min, uint256 max);
  /// @notice A steward only tightens.
  /// @dev Field by its place in `Policy`.
  error PolicyLoosens(uint256 field, uint256 value, uint256 current);
  /// @notice The thresholds are what they are already.
  /// @dev Nothing is to be done.
  error PolicyUnchanged(uint256 market);
  /// @notice The collateral's price is not per one unit of it.
  /// @dev Use a feed with a price exponent of 0.
  error TokenFeedUnit(bytes32 feed, uint256 priceExp);
  /// @notice There is no change of the last 72 hours to roll back.
  /// @dev Set the thresholds anew.
  error NothingToRollBack(uint256 market);

  /* ANYONE */

  /// @notice Begins to watch a market whose guard this is. Anyone may call.
  /// @dev Its terms' feed is taken for the hub's if the hub has one of that name; once the hub has it, call again.
  /// @param market Market of the ledger.
  function enroll(uint256 market) external;

  /// @notice Observes a feed: votes of this minute of which more than half the quorum agree. Anyone may call, once a minute.
  /// @dev Observations are references for moves; while the spot is undegraded also signs of health, and what volatility and
  ///      stress are worked out from. One that is healthy need only wait for the last healthy one.
  /// @param feed Feed of the hub.
  function observe(bytes32 feed) external;

  /// @notice Says that a condition holds, for a trigger that needs it to hold on. Anyone may call.
  /// @param market Market of the ledger.
  /// @param trigger The condition: FewVotes, NoVotes, Apart or Depeg.
  function notice(uint256 market, Trigger trigger) external;

  /// @notice Takes a notice back, as its condition no longer holds. Anyone may call.
  /// @param market Market of the ledger.
  /// @param trigger The condition: FewVotes, NoVotes or Depeg.
  function answer(uint256 market, Trigger trigger) external;

  /// @notice Trips a market, with evidence that is checked now. Anyone may call; the call that trips does nothing else.
  /// @dev A trigger that halts restricts instead if a halt began in the last seven days: the second one is the guardian's.
  ///      Something firm that is not tighter than what is in force is kept for when that ends.
  /// @param market Market of the ledger.
  /// @param trigger Why.
  /// @param hint For moves: the number of the observation to compare with, modulo 16 its place; else 0.
  /// @return level Level set.
  /// @return until Its end, unix seconds.
  function trip(uint256 market, Trigger trigger, uint256 hint) external returns (uint8 level, uint40 until);

  /// @notice Trips a market whose collateral the ledger holds too little of: the pools, fees and cash that are named
  ///         already exceed its balance. Anyone may call.
  /// @param market Market of the ledger.
  /// @param books Books of that token, strictly ascending.
  /// @param accounts Accounts with cash of that token, strictly ascending.
  /// @return level Level set.
  /// @return until Its end, unix seconds.
  function tripShortfall(
    uint256 market,
    uint256[] calldata books,
    uint256[] calldata accounts
  ) external returns (uint8 level, uint40 until);

  /// @notice Ends a level whose condition is gone: three healthy observations since the trip over ten minutes. Anyone may
  ///         call. What is firm beyond it stays, as a restriction.
  /// @param market Market of the ledger.
  function release(uint256 market) external;

  /// @notice Writes what ought to be in force, after a halt: what is firm beyond it, and the ceiling. Anyone may call.
  /// @param market Market of the ledger.
  function sync(uint256 market) external;

  /// @notice Adapts a market's tightness and ceiling to the stress, a step at a time. Anyone may call.
  /// @dev At most once in ten minutes: up by a fifth of the whole, down by a fiftieth for each ten minutes passed.
  /// @param market Market of the ledger.
  /// @return tightness Stress that is applied from now on, bps.
  function adapt(uint256 market) external returns (uint16 tightness);

  /* ROLES */

  /// @notice Restricts or halts a market without evidence. Guardian only, within its budget and the ledger's.
  /// @param market Market of the ledger.
  /// @param level 1 Restricted, 2 Halted.
  /// @param duration Seconds, at most six hours.
  function impose(uint256 market, uint8 level, uint32 duration) external;

  /// @notice Ends what the guardian imposed; what it had replaced stays, as a restriction. Guardian only.
  /// @param market Market of the ledger.
  function lift(uint256 market) external;

  /// @notice Sets tighter thresholds, by at most a fifth each, once a day. Stewards only.
  /// @param market Market of the ledger.
  /// @param policy Thresholds from now on.
  function tighten(uint256 market, Policy calldata policy) external;

  /// @notice Sets thresholds, by at most a fifth each, once a day. The risk role only, with its delay.
  /// @param market Market of the ledger.
  /// @param policy Thresholds from now on.
  function setPolicy(uint256 market, Policy calldata policy) external;

  /// @notice Puts back the thresholds before the last change, within 72 hours of it, once. Guardian only.
  /// @param market Market of the ledger.
  function rollBack(uint256 market) external;

  /// @notice Names the feed that prices a market's collateral. The source role only, with its delay.
  /// @param market Market of the ledger.
  /// @param feed Feed of the hub; 0 for none.
  function setTokenFeed(uint256 market, bytes32 feed) external;

  /* VIEWS */

  /// @notice A row of the table of triggers.
  /// @param trigger The trigger.
  /// @return rule Its row.
  function ruleOf(Trigger trigger) external pure returns (Rule memory rule);

  /// @notice Bounds of the thresholds.
  /// @return min Least values.
  /// @return initial Values of a market that was just enrolled.
  /// @return max Greatest values.
  function policyBounds() external pure returns (Policy memory min, Policy memory initial, Policy memory max);

  /// @notice A market as it is watched.
  /// @param market Market of the ledger.
  /// @return watch What is known of it.
  function watchOf(uint256 market) external view returns (MarketWatch memory watch);

  /// @notice When a notice was given, and until when it is good.
  /// @param market Market of the ledger.
  /// @param trigger The condition.
  /// @return since Unix seconds; 0 for none.
  /// @return from When it may trip.
  /// @return to Until when.
  function noticeOf(uint256 market, Trigger trigger) external view returns (uint40 since, uint40 from, uint40 to);

  /// @notice What has been observed of a feed.
  /// @param feed Feed of the hub.
  /// @return watch What is known of it.
  function feedWatchOf(bytes32 feed) external view returns (FeedWatch memory watch);

  /// @notice An observation of a feed.
  /// @param feed Feed of the hub.
  /// @param index Its number, from 0; the last sixteen are kept.
  /// @return low Lower end of the votes that agreed, 8 decimals; 0 if it is not kept.
  /// @return high Upper end of them.
  /// @return time Its time, unix seconds.
  /// @return healthy Whether the spot was undegraded.
  function observationAt(
    bytes32 feed,
    uint256 index
  ) external view returns (uint64 low, uint64 high, uint40 time, bool healthy);

  /// @notice What has been seen of the network.
  /// @return watch What is known of it.
  function networkWatch() external view returns (NetworkWatch memory watch);

  /// @notice The stress of a market now, and what it comes from; bps.
  /// @param market Market of the ledger.
  /// @return volatility From realised volatility.
  /// @return faults From votes that are missing although somebody asked for them.
  /// @return network From blocks and base fees.
  /// @return whole The greatest of them.
  function stressOf(
    uint256 market
  ) external view returns (uint256 volatility, uint256 faults, uint256 network, uint256 whole);

  /// @notice The ceiling that policy and tightness give.
  /// @param market Market of the ledger.
  /// @return ceiling Base units of collateral.
  function ceilingOf(uint256 market) external view returns (uint112 ceiling);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISettlementOracle} from "./ISettlementOracle.sol";

/// @notice A value to be proven.
/// @param source Index of the source in the hub.
/// @param slot Slot of the profile: 0 is the expiry, each further one lies a step before.
/// @param fee Value passed on to the source's network, in wei.
/// @param payload What proves it, as the source wants it.
struct Proof {
  uint8 source;
  uint8 slot;
  uint96 fee;
  bytes payload;
}

/// @notice A fixing as it stands.
/// @param settlementPrice The final price, 0 before.
/// @param mark The mark.
/// @param markTime When it was taken, unix seconds.
/// @param sources Frozen sources, a bit each.
/// @param votes Frozen votes, a bit each.
/// @param demoted Votes in which a push source has a better one beside it, a bit each.
/// @param succeeded Votes that had a succession, a bit each.
/// @param stage Closings that passed without a price.
/// @param step What the price rests on.
/// @param prolonged Whether an outage moved the closings by 24 h.
struct FixingState {
  uint64 settlementPrice;
  uint64 mark;
  uint40 markTime;
  uint32 sources;
  uint8 votes;
  uint8 demoted;
  uint8 succeeded;
  uint8 stage;
  uint8 step;
  bool prolonged;
}

/// @title IMultiSourceSettlement
/// @notice The price at an expiry from several independent sources, each proven by anyone, weighed by nobody.
/// @dev Feed: a name in the hub. Profile: bits 0..7 kind (0 the expiry alone, 1 seven samples 5 min apart, 2 thirty
///      samples 1 min apart), bits 8..119 maxCeiling, not zero. The proof that `fix` takes is abi.encode(Proof[]). Prices
///      have 8 decimals. Steps: 1 F0, 2 F1, 3 F2, 4 F3, 5 F4. Flags: bit 0 Mark, bit 1 Apart, bit 2 Jump.
///      docs/oracles.md has every rule.
interface IMultiSourceSettlement is ISettlementOracle {
  /* EVENTS */

  /// @notice A fixing was opened; its sources are frozen.
  /// @param fixing keccak256(abi.encode(feed, profile, expiry)).
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param mark The spot of this moment.
  /// @param sources The sources whose values count, a bit each.
  event FixingOpened(
    bytes32 indexed fixing,
    bytes32 indexed feed,
    bytes32 profile,
    uint40 expiry,
    uint64 mark,
    uint32 sources
  );
  /// @notice The mark moved to the spot of this moment.
  /// @param fixing Identifier of the fixing.
  /// @param mark The mark.
  /// @param markTime Now, unix seconds.
  event MarkRefreshed(bytes32 indexed fixing, uint64 mark, uint40 markTime);
  /// @notice A vote has a value, or a better one, in a slot.
  /// @param fixing Identifier of the fixing.
  /// @param vote The vote.
  /// @param slot The slot.
  /// @param price The value.
  /// @param form Its form.
  /// @param beneficiary Who is credited; 0 if nobody asked for it.
  event ValueAccepted(bytes32 indexed fixing, uint8 vote, uint8 slot, uint64 price, uint24 form, address beneficiary);
  /// @notice A closing passed without a price.
  /// @param fixing Identifier of the fixing.
  /// @param stage How many have.
  event WindowClosed(bytes32 indexed fixing, uint8 stage);
  /// @notice The closings to come moved by 24 h.
  /// @param fixing Identifier of the fixing.
  /// @param since Last change of the sequencer, unix seconds.
  event OutageNoted(bytes32 indexed fixing, uint256 since);
  /// @notice A source was proposed in place of a vote's silent ones.
  /// @param fixing Identifier of the fixing.
  /// @param vote The vote.
  /// @param index The source.
  event SuccessorProposed(bytes32 indexed fixing, uint8 indexed vote, uint8 index);
  /// @notice The source took the place of the vote's silent ones.
  /// @param fixing Identifier of the fixing.
  /// @param vote The vote.
  /// @param index The source.
  event SuccessorConfirmed(bytes32 indexed fixing, uint8 indexed vote, uint8 index);
  /// @notice The price is final.
  /// @param fixing Identifier of the fixing.
  /// @param price The final price.
  /// @param step What it rests on: 1 F0 .. 5 F4.
  /// @param flags What was odd about it; a flag delays and never changes a number.
  event PriceSettled(bytes32 indexed fixing, uint64 price, uint8 step, uint8 flags);

  /* ERRORS */

  /// @notice There is no such kind of profile.
  /// @dev Use 0, 1 or 2.
  error ProfileKindUnknown(uint256 kind);
  /// @notice The spot is degraded; `status` tells why, see `IOracleHub`.
  /// @dev Bring readings of every class to the hub with `update` and `poke`, then try again.
  error SpotDegraded(bytes32 feed, uint8 status);
  /// @notice The fixing has its price.
  /// @dev Take the price.
  error FixingFinal(uint64 price);
  /// @notice The source is none of the fixing's.
  /// @dev Use a source that voted when the fixing was opened; `fixingState` has them.
  error SourceNotInFixing(uint256 index);
  /// @notice The profile has fewer slots.
  /// @dev Use a slot below `slots`.
  error SlotUnknown(uint256 slot, uint256 slots);
  /// @notice The source's price is outside 1..2^63 − 1.
  /// @dev The adapter is broken; bring values of other sources.
  error ValueOutOfRange(uint256 price);
  /// @notice The source's form has more than 22 bits or no rank.
  /// @dev The adapter is broken; bring values of other sources.
  error ValueFormInvalid(uint256 form);
  /// @notice The proof of `fix` is not an encoded list of proofs.
  /// @dev Encode `Proof[]` with abi.encode.
  error ProofsMalformed(uint256 length);
  /// @notice The value sent is not the sum of the proofs' fees.
  /// @dev Send the sum of the fees; `fix` takes proofs without fees only.
  error FeesMismatch(uint256 sent, uint256 fees);
  /// @notice No outage of the sequencer touches the fixing's window.
  /// @dev Nothing is to be done.
  error NoOutage(uint256 since);
  /// @notice An outage was noted already.
  /// @dev Nothing is to be done.
  error OutageKnown(bytes32 fixing);
  /// @notice The vote's store is younger than 72 h.
  /// @dev Nothing is to be done; the vote speaks.
  error VoteAlive(uint256 vote, uint256 time);
  /// @notice The expiry is less than 24 h away.
  /// @dev Nothing more can be done; the fixing does without the vote.
  error TooLateToSucceed(uint256 now_, uint256 latest);
  /// @notice The vote is none of the fixing's, or had its succession.
  /// @dev Use a source of a vote of the fixing that has had no succession.
  error VoteNotOpenToSuccession(uint256 vote);
  /// @notice The source is not in shadow or not proven there.
  /// @dev Let it prove itself in shadow, without promoting it.
  error SuccessorUnproven(uint256 index);
  /// @notice The source's last price is too old.
  /// @dev Bring a reading of it to the hub first.
  error SuccessorSilent(uint256 age, uint256 maxAge);
  /// @notice The source's last price is more than 3 % off the mark.
  /// @dev Use another source, or refresh the mark.
  error SuccessorOffMark(uint256 price, uint256 mark);
  /// @notice The source was not proposed within the last 14 days.
  /// @dev Propose it first, or anew.
  error NoSuccessor(uint256 index);
  /// @notice The source was proposed already, and its 14 days are not over.
  /// @dev Confirm it 7 days after it was proposed.
  error SuccessorKnown(uint256 index);

  /* FIXING */

  /// @notice Moves the mark to the spot of this moment. Anyone may call, before the expiry.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return mark The mark.
  function refreshMark(bytes32 feed, bytes32 profile, uint40 expiry) external returns (uint64 mark);

  /// @notice Brings values. Anyone may call, in any order, any number of times, until the window closes.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param proofs The values; the value sent is the sum of their fees.
  /// @param beneficiary Who is credited for them, or 0.
  function submit(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    Proof[] calldata proofs,
    address beneficiary
  ) external payable;

  /// @notice `fix` without a proof. Anyone may call.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return settlementPrice The final price.
  function finalise(bytes32 feed, bytes32 profile, uint40 expiry) external returns (uint64 settlementPrice);

  /// @notice Moves the closings to come by 24 h, once, when the sequencer was down in the window. Anyone may call.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  function noteOutage(bytes32 feed, bytes32 profile, uint40 expiry) external;

  /// @notice Proposes a proven source in shadow in place of a vote's silent ones. Anyone may call.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param index The source.
  function proposeSuccessor(bytes32 feed, bytes32 profile, uint40 expiry, uint8 index) external;

  /// @notice Puts the proposed source in their place, 7 to 14 days later, if all still holds. Anyone may call.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @param index The source.
  function confirmSuccessor(bytes32 feed, bytes32 profile, uint40 expiry, uint8 index) external;

  /* VIEWS */

  /// @notice Identifier of a fixing, open or not.
  /// @param feed Name of the feed.
  /// @param profile How the price is formed.
  /// @param expiry Unix time of the fixing, in seconds.
  /// @return fixing Its identifier.
  function fixingId(bytes32 feed, bytes32 profile, uint40 expiry) external pure returns (bytes32 fixing);

  /// @notice A fixing as it stands; zeros when it is not open.
  /// @param fixing Identifier of the fixing.
  /// @return state The fixing.
  function fixingState(bytes32 fixing) external view returns (FixingState memory state);

  /// @notice A fixing's value of one vote in one slot.
  /// @param fixing Identifier of the fixing.
  /// @param slots Slots of its profile: 1, 7 or 30.
  /// @param vote The vote.
  /// @param slot The slot.
  /// @return price The value, 0 if there is none.
  /// @return form Its form.
  function provenValue(
    bytes32 fixing,
    uint8 slots,
    uint8 vote,
    uint8 slot
  ) external view returns (uint64 price, uint24 form);

  /// @notice Points of a beneficiary: 1 for a value, 2 for a maximal one, less those of the value replaced; and 2 for
  ///         whoever first refreshed the mark in the last hour before the expiry.
  /// @param fixing Identifier of the fixing.
  /// @param beneficiary Who was credited.
  /// @return points The points.
  function pointsOf(bytes32 fixing, address beneficiary) external view returns (uint256 points);
}

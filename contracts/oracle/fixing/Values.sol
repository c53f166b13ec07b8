// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IMultiSourceSettlement, Proof} from "../../interfaces/IMultiSourceSettlement.sol";
import {IPriceSource} from "../../interfaces/IPriceSource.sol";
import {ISettlementOracle} from "../../interfaces/ISettlementOracle.sol";
import {FixingWord} from "../../libraries/FixingWord.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Lanes} from "../../libraries/Lanes.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Ladder} from "./Ladder.sol";

/// @title Values
/// @notice Values come in, by anyone and in any order; a lane keeps the greatest.
abstract contract Values is Ladder {
  uint256 private constant MAX_FORM = 2 ** 22 - 1;
  /// @dev In a source's word in the hub: it is read without a payload.
  uint256 private constant PUSH = 1 << 200;

  /// @dev What a call's proofs share.
  struct Submission {
    bytes32 feed;
    bytes32 fixing;
    uint256 expiry;
    uint256 word;
    uint256 slots;
    uint256 step;
    address beneficiary;
    /// The last proof's source and its word, for the many proofs that follow of the same.
    uint256 source;
    uint256 sourceWord;
  }

  /// @inheritdoc IMultiSourceSettlement
  function submit(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    Proof[] calldata proofs,
    address beneficiary
  ) external payable nonReentrant {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    uint256 word = _closeDue(fixing, state, profile, expiry);
    if (FixingWord.price(word) != 0) revert FixingFinal(FixingWord.price(word));
    uint256 fees = _submit(feed, fixing, state, profile, expiry, proofs, beneficiary);
    if (fees != msg.value) revert FeesMismatch(msg.value, fees);
  }

  /// @inheritdoc ISettlementOracle
  function fix(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) external nonReentrant returns (uint64 settlementPrice) {
    return _fix(feed, profile, expiry, proof);
  }

  /// @inheritdoc IMultiSourceSettlement
  function finalise(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry
  ) external nonReentrant returns (uint64 settlementPrice) {
    return _fix(feed, profile, expiry, msg.data[:0]);
  }

  function _fix(
    bytes32 feed,
    bytes32 profile,
    uint40 expiry,
    bytes calldata proof
  ) private returns (uint64 settlementPrice) {
    (bytes32 fixing, Fixing storage state) = _open(feed, profile, expiry);
    uint256 word = _closeDue(fixing, state, profile, expiry);
    if (FixingWord.price(word) != 0) return FixingWord.price(word);
    if (proof.length != 0) {
      uint256 fees = _submit(feed, fixing, state, profile, expiry, _proofs(proof), address(0));
      if (fees != 0) revert FeesMismatch(0, fees);
    }
    word = _tryAtOnce(fixing, state, word, profile, expiry);
    if (FixingWord.price(word) == 0) revert TooEarlyToFix(block.timestamp, _closing(word, expiry));
    return FixingWord.price(word);
  }

  function _submit(
    bytes32 feed,
    bytes32 fixing,
    Fixing storage state,
    bytes32 profile,
    uint40 expiry,
    Proof[] calldata proofs,
    address beneficiary
  ) private returns (uint256 fees) {
    Submission memory call;
    call.word = state.word;
    uint256 end = uint256(expiry) + LAST_SUBMISSION + (FixingWord.isProlonged(call.word) ? PROLONGATION : 0);
    if (block.timestamp >= end) revert FixingWindowOver(block.timestamp, end);
    (call.feed, call.fixing, call.expiry, call.beneficiary) = (feed, fixing, expiry, beneficiary);
    (call.slots, call.step) = _slots(profile);
    uint256 points;
    for (uint256 i = 0; i < proofs.length; ++i) {
      points += _accept(call, state, proofs[i]);
      fees += proofs[i].fee;
    }
    if (beneficiary != address(0) && points != 0) state.points[beneficiary] += points;
  }

  /// @dev The list in its encoding, in place. Elements are checked by the compiler's own code as they are read.
  function _proofs(bytes calldata proof) private pure returns (Proof[] calldata proofs) {
    uint256 length = proof.length;
    if (length < 64 || uint256(bytes32(proof)) != 32) revert ProofsMalformed(length);
    uint256 count = uint256(bytes32(proof[32:]));
    // Each takes a word for its place and at least five for itself.
    if (count > length / 192) revert ProofsMalformed(length);
    assembly ("memory-safe") {
      proofs.offset := add(proof.offset, 64)
      proofs.length := count
    }
  }

  /// @dev Takes one value into its lane if it is better; points for what was gained.
  function _accept(Submission memory call, Fixing storage state, Proof memory proof) private returns (uint256 points) {
    uint256 source = _sourceWord(call, proof.source);
    uint256 time = _slotTime(call, proof.slot);
    (uint256 price_, uint256 form) = IPriceSource(address(uint160(source))).valueAt{value: proof.fee}(
      uint40(time),
      proof.payload
    );
    if (price_ == 0 || price_ > Prices.MAX) revert ValueOutOfRange(price_);
    if (form > MAX_FORM || form & Forms.RANK_MASK == 0) revert ValueFormInvalid(form);
    uint256 vote = uint8(source >> 160);
    if (source & PUSH != 0 && (FixingWord.demoted(call.word) >> vote) & 1 == 1) form &= Forms.RANK_MASK;

    uint256 index = vote * call.slots + proof.slot;
    uint256 shift = Lanes.BITS * (index % Lanes.PER_WORD);
    uint256 word = state.lanes[index / Lanes.PER_WORD];
    uint256 old = (word >> shift) & Lanes.MASK;
    uint256 lane = Lanes.pack(price_, form);
    if (lane <= old) return 0;
    state.lanes[index / Lanes.PER_WORD] = word ^ ((old ^ lane) << shift);
    emit ValueAccepted(call.fixing, uint8(vote), proof.slot, uint64(price_), uint24(form), call.beneficiary);
    return _worth(lane) - _worth(old);
  }

  function _slotTime(Submission memory call, uint256 slot) private view returns (uint256 time) {
    if (slot >= call.slots) revert SlotUnknown(slot, call.slots);
    time = call.expiry - slot * call.step;
    if (block.timestamp <= time) revert TooEarlyToFix(block.timestamp, time + 1);
  }

  function _sourceWord(Submission memory call, uint8 index) private view returns (uint256 word) {
    if (call.sourceWord != 0 && call.source == index) return call.sourceWord;
    if ((FixingWord.sources(call.word) >> index) & 1 == 0) revert SourceNotInFixing(index);
    word = HUB.sourceWord(call.feed, index);
    (call.source, call.sourceWord) = (index, word);
  }

  function _worth(uint256 lane) private pure returns (uint256) {
    if (lane == 0) return 0;
    return Lanes.isMaximal(lane) ? 2 : 1;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {ISignedFeed} from "../../interfaces/ISignedFeed.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Prices} from "../../libraries/Prices.sol";
import {Samples} from "../../libraries/Samples.sol";
import {SignerSource} from "./SignerSource.sol";

/// @title SignedFeed
/// @notice The median of what at least 2f+1 of 3f+1 own signers observed at one time. Nobody can change the signers, but
///         whoever shows that one of them signed two prices for one time removes it.
/// @dev docs/oracles.md has the rule; what is signed and what a payload holds is told in `ISignedFeed`.
contract SignedFeed is ISignedFeed, SignerSource, EIP712 {
  uint256 private constant MIN_SIGNERS = 4;
  bytes32 private constant OBSERVATION = keccak256("Observation(bytes32 pair,uint64 time,uint64 price)");

  /// @dev Offset of the number of prices, after the four words of the head.
  uint256 private constant HEAD = 128;

  bytes32 private immutable _PAIR;

  /// @dev Bits of the signers that were removed; while it is zero, no time of removal is read.
  uint16 private _removed;
  uint40[16] private _removedAt;

  /// @notice Fixes the pair, its unit, its ages and its signers.
  /// @dev Reverts with SignerCountInvalid, SignerZero, SignerRepeated.
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that one price unit refers to.
  /// @param maxAge Seconds after its time up to which a reading counts.
  /// @param maxAhead Seconds by which a reading's time may be ahead of the block's.
  /// @param list The signers: 4, 7, 10, 13 or 16.
  constructor(
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge,
    uint8 maxAhead,
    address[] memory list
  )
    SignerSource(
      SourceTerms(Classes.OWN_SIGNERS, false, priceExp, maxAge, maxAhead, base, quote),
      list,
      _quorumOf(list.length)
    )
    EIP712("Certus Signed Feed", "1")
  {
    _PAIR = keccak256(abi.encode(base, quote, priceExp));
  }

  /// @dev 2f+1 of 3f+1.
  function _quorumOf(uint256 count) private pure returns (uint256) {
    if (count < MIN_SIGNERS || count > Forms.MAX_SIGNERS || count % 3 != 1) {
      revert SignerCountInvalid(count, MIN_SIGNERS, Forms.MAX_SIGNERS);
    }
    return (count / 3) * 2 + 1;
  }

  /* READING */

  /// @inheritdoc IPriceSource
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _requireFee(0);
    (uint40 time, uint256 prices, uint256 signatures) = _shape(payload);
    (uint64 price, uint24 form) = _value(payload, time, prices, signatures);
    return Reading({price: price, time: time, confidence: 0, form: form});
  }

  /// @inheritdoc IPriceSource
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    _requireFee(0);
    (uint40 proven, uint256 prices, uint256 signatures) = _shape(payload);
    if (proven != time) revert ProofForOtherTime(proven, time);
    return _value(payload, time, prices, signatures);
  }

  /// @dev The payload's time and how many prices and signatures it holds, if it is encoded without gaps or additions.
  function _shape(bytes calldata payload) private pure returns (uint40 time, uint256 prices, uint256 signatures) {
    uint256 length = payload.length;
    if (length < HEAD + 64) revert ObservationsMalformed(length);
    uint256 seconds_ = _word(payload, 0);
    prices = _word(payload, HEAD);
    // Neither number can be near the length, so what follows does not overflow.
    if (prices > length) revert ObservationsMalformed(length);
    uint256 tail = HEAD + 32 + 32 * prices;
    if (tail + 32 > length) revert ObservationsMalformed(length);
    signatures = _word(payload, tail);
    if (signatures > length) revert ObservationsMalformed(length);
    bool exact = length == tail + 32 + 64 * signatures && _word(payload, 64) == HEAD && _word(payload, 96) == tail;
    if (!exact || seconds_ > type(uint40).max || _word(payload, 32) > type(uint16).max) {
      revert ObservationsMalformed(length);
    }
    time = uint40(seconds_);
  }

  /// @dev The median of the payload's prices, each of which its signer signed for this time.
  function _value(
    bytes calldata payload,
    uint40 time,
    uint256 prices,
    uint256 signatures
  ) private view returns (uint64 price, uint24 form) {
    uint256 bitmap = _word(payload, 32);
    uint16 fullest = standing(time);
    uint256 count;
    (form, count) = _formOf(bitmap, fullest);
    if (prices != count || signatures != count) revert ObservationsMismatch(count, prices, signatures);

    uint256[] memory observations = new uint256[](count);
    uint256 offset = HEAD + 32;
    uint256 filled;
    for (uint256 index = 0; bitmap >> index != 0; ++index) {
      if ((bitmap >> index) & 1 == 0) continue;
      if ((fullest >> index) & 1 == 0) revert SignerIsRemoved(index, _removedAt[index], time);
      uint256 observed = _word(payload, offset);
      if (observed == 0 || observed > Prices.MAX) revert ObservedPriceInvalid(index, observed, Prices.MAX);
      // Signatures begin after the prices and the word of their own number, and take two words each.
      uint256 signature = HEAD + 64 + 32 * count + 64 * filled;
      _requireSigned(
        index,
        time,
        uint64(observed),
        [bytes32(_word(payload, signature)), bytes32(_word(payload, signature + 32))]
      );
      observations[filled] = observed;
      offset += 32;
      ++filled;
    }
    Samples.sort(observations, count);
    price = uint64(Samples.median(observations, count));
  }

  function _requireSigned(uint256 index, uint64 time, uint64 price, bytes32[2] memory signature) private view {
    (address recovered, , ) = ECDSA.tryRecover(digest(time, price), signature[0], signature[1]);
    address signer = _signer(index);
    if (recovered != signer) revert SignatureForeign(index, recovered, signer);
  }

  /* REMOVAL */

  /// @inheritdoc ISignedFeed
  function proveEquivocation(
    uint256 index,
    uint64 time,
    uint64 priceA,
    bytes32[2] calldata signatureA,
    uint64 priceB,
    bytes32[2] calldata signatureB
  ) external {
    if (index >= _SIGNER_COUNT) revert SignerUnknown(index, _SIGNER_COUNT);
    if ((_removed >> index) & 1 != 0) revert SignerRemovedAlready(index, _removedAt[index]);
    if (priceA == priceB) revert PricesEqual(priceA);
    _requireSigned(index, time, priceA, signatureA);
    _requireSigned(index, time, priceB, signatureB);
    _removed |= uint16(1 << index);
    _removedAt[index] = uint40(block.timestamp);
    emit SignerRemoved({signer: _signer(index), index: uint8(index), time: time, priceA: priceA, priceB: priceB});
  }

  /* VIEWS */

  /// @inheritdoc ISignedFeed
  function removalTimes() external view returns (uint40[] memory times) {
    times = new uint40[](_SIGNER_COUNT);
    for (uint256 i = 0; i < times.length; ++i) times[i] = _removedAt[i];
  }

  /// @inheritdoc ISignedFeed
  function standing(uint256 time) public view returns (uint16 bitmap) {
    bitmap = _allSigners();
    uint256 removed = _removed;
    for (uint256 i = 0; removed >> i != 0; ++i) {
      if ((removed >> i) & 1 != 0 && time > _removedAt[i]) bitmap &= ~uint16(1 << i);
    }
  }

  /// @inheritdoc ISignedFeed
  function pair() external view returns (bytes32 id) {
    return _PAIR;
  }

  /// @inheritdoc ISignedFeed
  function digest(uint64 time, uint64 price) public view returns (bytes32 hash) {
    return _hashTypedDataV4(keccak256(abi.encode(OBSERVATION, _PAIR, time, price)));
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
// Remapped, because the package exports no path to its contracts; solhint does not know remappings.
// solhint-disable-next-line import-path-check
import {RedstoneConsumerBase} from "redstone/contracts/core/RedstoneConsumerBase.sol";

import {IChainlinkSettlement} from "../../interfaces/IChainlinkSettlement.sol";
import {IPriceSource, Reading, SourceTerms} from "../../interfaces/IPriceSource.sol";
import {IRedStone} from "../../interfaces/IRedStone.sol";
import {Classes} from "../../libraries/Classes.sol";
import {Forms} from "../../libraries/Forms.sol";
import {Prices} from "../../libraries/Prices.sol";
import {SignerSource} from "./SignerSource.sol";

/// @title RedStone
/// @notice The median of RedStone's packages of one time, of exactly the signers that the payload claims.
/// @dev docs/oracles.md has the rule; what a payload holds is told in `IRedStone`. The connector verifies the packages and
///      forms the median. It reads them from the end of the calldata, so the source calls itself with them; which
///      signers count in that call its argument says, and nothing is stored.
contract RedStone is IRedStone, SignerSource, RedstoneConsumerBase {
  bytes32 private immutable _FEED_ID;
  uint8 private immutable _DECIMALS;

  /// @notice Fixes the feed, its pair, unit, ages and scale, and its signers.
  /// @dev Reverts with SignerCountInvalid, ThresholdInvalid, SignerZero, SignerRepeated, PriceExpTooLarge,
  ///      DecimalsTooLarge.
  /// @param feedId RedStone's name of the feed, for example "ETH".
  /// @param base What is priced.
  /// @param quote What it is priced in.
  /// @param priceExp Power of ten of underlying that one price unit refers to, at most 18.
  /// @param maxAge Seconds after its time up to which a reading counts.
  /// @param maxAhead Seconds by which a reading's time may be ahead of the block's.
  /// @param list The signers, 1 to 16.
  /// @param threshold Fewest signers that make a value.
  /// @param valueDecimals Decimals of the network's values, which are of one whole underlying; usually 8, at most 36.
  constructor(
    bytes32 feedId,
    bytes32 base,
    bytes32 quote,
    uint8 priceExp,
    uint32 maxAge,
    uint8 maxAhead,
    address[] memory list,
    uint8 threshold,
    uint8 valueDecimals
  )
    SignerSource(
      SourceTerms(Classes.REDSTONE, false, priceExp, maxAge, maxAhead, base, quote),
      list,
      _checkedThreshold(threshold, list.length)
    )
  {
    if (valueDecimals > Prices.MAX_DECIMALS)
      revert IChainlinkSettlement.DecimalsTooLarge(valueDecimals, Prices.MAX_DECIMALS);
    _FEED_ID = feedId;
    _DECIMALS = valueDecimals;
  }

  function _checkedThreshold(uint256 threshold, uint256 count) private pure returns (uint256) {
    if (count == 0 || count > Forms.MAX_SIGNERS) revert SignerCountInvalid(count, 1, Forms.MAX_SIGNERS);
    if (threshold == 0 || threshold > count) revert ThresholdInvalid(threshold, count);
    return threshold;
  }

  /* READING */

  /// @inheritdoc IPriceSource
  /// @dev The time is that of the packages, floored to seconds.
  function latest(bytes calldata payload) external payable returns (Reading memory reading) {
    _requireFee(0);
    (uint256 value, uint256 milliseconds, uint24 form) = _read(payload);
    // The network's times have 48 bits: in seconds they fit into 40.
    return Reading({price: _price(value), time: uint40(milliseconds / 1000), confidence: 0, form: form});
  }

  /// @inheritdoc IPriceSource
  /// @dev ProofForOtherTime gives both times in milliseconds, as the packages do.
  function valueAt(uint40 time, bytes calldata payload) external payable returns (uint64 price, uint24 form) {
    _requireFee(0);
    uint256 value;
    uint256 milliseconds;
    (value, milliseconds, form) = _read(payload);
    uint256 asked = uint256(time) * 1000;
    if (milliseconds != asked) revert ProofForOtherTime(milliseconds, asked);
    price = _price(value);
  }

  /// @dev Hands the packages to the connector, at the end of the calldata of a call to oneself.
  function _read(bytes calldata payload) private view returns (uint256 value, uint256 milliseconds, uint24 form) {
    (uint16 bitmap, bytes calldata packages) = _decode(payload);
    bytes memory call = bytes.concat(abi.encodeCall(this.medianOf, (bitmap)), packages);
    (value, milliseconds) = abi.decode(Address.functionStaticCall(address(this), call), (uint256, uint256));
    (form, ) = _formOf(bitmap, _allSigners());
  }

  /// @dev The two parts of a payload that is encoded without gaps or additions.
  function _decode(bytes calldata payload) private pure returns (uint16 bitmap, bytes calldata packages) {
    uint256 length = payload.length;
    if (length < 96) revert PackagesMalformed(length);
    uint256 bits = _word(payload, 0);
    uint256 size = _word(payload, 64);
    if (bits > type(uint16).max || _word(payload, 32) != 64 || size > length) revert PackagesMalformed(length);
    if (length != 96 + ((size + 31) & ~uint256(31))) revert PackagesMalformed(length);
    return (uint16(bits), payload[96:96 + size]);
  }

  function _price(uint256 value) private view returns (uint64) {
    // What no int256 holds is no price either.
    int256 answer = value > uint256(type(int256).max) ? type(int256).max : int256(value);
    return Prices.ofAnswer(answer, _PRICE_EXP, _DECIMALS);
  }

  /* VIEWS */

  /// @inheritdoc IRedStone
  function dataFeedId() external view returns (bytes32 id) {
    return _FEED_ID;
  }

  /// @inheritdoc IRedStone
  function decimals() external view returns (uint8 count) {
    return _DECIMALS;
  }

  /* CONNECTOR */

  /// @inheritdoc IRedStone
  function medianOf(uint16 bitmap) external view returns (uint256 value, uint256 milliseconds) {
    (, uint256 count) = _formOf(bitmap, 0);
    (uint256 packages, ) = _extractDataPackagesCountFromCalldata(_extractByteSizeOfUnsignedMetadata());
    if (packages != count) revert PackagesMismatch(packages, count);
    bytes32[] memory feeds = new bytes32[](1);
    feeds[0] = _FEED_ID;
    uint256[] memory values;
    // As many values as packages, each of another claimed signer: all of them, and the order does not matter.
    (values, milliseconds) = _securelyExtractOracleValuesAndTimestampFromTxMsg(feeds);
    value = values[0];
  }

  /// @notice How many signers the connector waits for: those claimed within `medianOf`, else the quorum. Anyone.
  /// @return count Number of signers.
  function getUniqueSignersThreshold() public view override returns (uint8 count) {
    if (msg.sig != this.medianOf.selector) return uint8(quorum());
    for (uint256 rest = _claimed(); rest != 0; rest &= rest - 1) ++count;
  }

  /// @notice The bit of a signer; within `medianOf` only of a claimed one. Anyone.
  /// @dev Reverts with SignerNotClaimed.
  /// @param signer The signer.
  /// @return index Its bit.
  function getAuthorisedSignerIndex(address signer) public view override returns (uint8 index) {
    uint256 claimed = msg.sig == this.medianOf.selector ? _claimed() : _allSigners();
    for (; claimed >> index != 0; ++index) {
      if ((claimed >> index) & 1 != 0 && _signer(index) == signer) return index;
    }
    revert SignerNotClaimed(signer);
  }

  /// @dev The argument of `medianOf`.
  function _claimed() private pure returns (uint256) {
    return uint256(bytes32(msg.data[4:36]));
  }
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {Reads} from "../rules/Reads.sol";
import {Terms} from "../types/Terms.sol";

/// @title LedgerReads
/// @notice The state as the ledger's public views tell it, put back into the words that the rules read.
abstract contract LedgerReads is Reads {
  uint8 private constant INVERSE = 1;
  bytes32 private constant DOMAIN_TYPEHASH = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
  );

  IClearinghouse internal immutable _LEDGER;

  /// @param ledger_ The clearinghouse.
  constructor(IClearinghouse ledger_) {
    if (address(ledger_).code.length == 0) revert NoCode(address(ledger_));
    _LEDGER = ledger_;
  }

  function _operatorWord(uint256 account, address operator) internal view override returns (uint256) {
    (uint8 scopes, uint40 until, uint40 since) = _LEDGER.operatorOf(account, operator);
    return uint256(scopes) | (uint256(until) << UNTIL_SHIFT) | (uint256(since) << SINCE_SHIFT);
  }

  function _epochOf(uint256 account) internal view override returns (uint32) {
    return _LEDGER.epochOf(account);
  }

  function _nonceState(uint256 account, uint256 nonce) internal view override returns (uint256) {
    (uint8 state, , ) = _LEDGER.nonceOf(account, nonce);
    return state;
  }

  function _partialWord(uint256 account, uint256 nonce) internal view override returns (uint256) {
    (, uint64 filled, bytes32 boundHash) = _LEDGER.nonceOf(account, nonce);
    return uint256(boundHash) | filled;
  }

  function _bookWord(uint256 book) internal view override returns (uint256 word) {
    (bool open, uint112 pool, uint80 fees, uint64 price) = _LEDGER.bookOf(book);
    if (!open) return 0;
    return BookWord.withPrice(BookWord.withFees(BookWord.withPool(BookWord.OPEN, pool), fees), price);
  }

  function _marketWords(uint256 market) internal view override returns (uint256 scale, uint256 guard) {
    (bool listed, bool retired, uint8 level, uint40 until, uint112 ceiling, uint40 older, uint40 newer) = _LEDGER
      .guardOf(market);
    if (!listed) return (0, 0);
    Terms memory terms = _LEDGER.termsOf(market);
    scale = MarketWords.packScale(terms.num, terms.den, terms.feePerLot, terms.strikeTick, terms.style == INVERSE);
    guard = MarketWords.newGuard(terms.ceiling, terms.lastTrade);
    guard = MarketWords.withGuard(guard, level, until, ceiling, older, newer);
    if (retired) guard = MarketWords.retire(guard);
  }

  function _tokenOf(uint256 book) internal view override returns (address) {
    return _LEDGER.termsOf(Ids.marketOf(book)).token;
  }

  function _cashOf(uint256 account, address token) internal view override returns (uint256) {
    return _LEDGER.cashOf(account, token);
  }

  function _positionWords(
    uint256 account,
    uint256 book
  ) internal view override returns (bytes32, uint256 header, uint256[] memory legs) {
    uint112 collateral;
    bool settled;
    (collateral, settled, legs) = _LEDGER.positionOf(account, book);
    header =
      settled ? Header.settled(collateral) : Header.pack(collateral, legs.length, legs.length == 0 ? 0 : legs[0]);
    // Where it stands in storage matters to nobody who only reads.
    return (0, header, legs);
  }

  function _digest(bytes32 hash) internal view override returns (bytes32) {
    (, string memory name, string memory version, uint256 chainId, address ledger, , ) = _LEDGER.eip712Domain();
    bytes32 separator = keccak256(
      abi.encode(DOMAIN_TYPEHASH, keccak256(bytes(name)), keccak256(bytes(version)), chainId, ledger)
    );
    return MessageHashUtils.toTypedDataHash(separator, hash);
  }

  function _inBatch() internal pure override returns (bool) {
    return false;
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FixingState, IMultiSourceSettlement} from "../interfaces/IMultiSourceSettlement.sol";
import {IOracleHub} from "../interfaces/IOracleHub.sol";
import {FixingWord} from "../libraries/FixingWord.sol";
import {Exceptions} from "./fixing/Exceptions.sol";
import {Fixings} from "./fixing/Fixings.sol";
import {Values} from "./fixing/Values.sol";

/// @title SettlementOracle
/// @notice The price at an expiry from several independent sources; docs/oracles.md has every rule.
/// @dev No owner, no parameter, nobody who could write a price.
contract SettlementOracle is Values, Exceptions {
  /// @param hub Where the spot and the sources come from.
  constructor(IOracleHub hub) Fixings(hub) {}

  /// @inheritdoc IMultiSourceSettlement
  function fixingState(bytes32 fixing) external view returns (FixingState memory state) {
    uint256 word = _fixings[fixing].word;
    state = FixingState({
      settlementPrice: FixingWord.price(word),
      mark: FixingWord.mark(word),
      markTime: FixingWord.markTime(word),
      sources: FixingWord.sources(word),
      votes: FixingWord.votes(word),
      demoted: FixingWord.demoted(word),
      succeeded: FixingWord.succeeded(word),
      stage: uint8(FixingWord.stage(word)),
      step: uint8(FixingWord.step(word)),
      prolonged: FixingWord.isProlonged(word)
    });
  }
}

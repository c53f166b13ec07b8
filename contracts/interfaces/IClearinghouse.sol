// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC6909Metadata} from "@openzeppelin/contracts/interfaces/IERC6909.sol";

import {IAnnex} from "./IAnnex.sol";
import {ICertusErrors} from "./ICertusErrors.sol";
import {ICertusEvents} from "./ICertusEvents.sol";
import {ICore} from "./ICore.sol";
import {ILibraryErrors} from "./ILibraryErrors.sol";

/// @title IClearinghouse
/// @notice The ledger: markets, books, accounts, fills, settlement.
/// @dev Words used: an account is owner 160 ‖ sub-account 96; a market is its id's 152-bit prefix at the top of a word; a book
///      is market ‖ expiry 40 at bits 64..103; a leg is strike 63 ‖ right 1 (1 call) ‖ int64 lots. Amounts are base units of
///      the book's token, prices and strikes have 8 decimals, times are unix seconds. Checks run in the order of
///      `docs/protocol.md`; the lists of errors below follow it. While foreign code runs (a token, an ERC-1271 wallet, the
///      oracle, the access manager) every function here reverts with `InExternalCall`, views of state included.
interface IClearinghouse is
  ICore,
  IAnnex,
  IERC6909Metadata,
  IAccessManaged,
  IERC5267,
  ICertusErrors,
  ICertusEvents,
  ILibraryErrors
{
  /// @notice Where the half of the code stands that is called less often; fixed at construction.
  /// @return The annex, whose code runs in the ledger's place.
  function annex() external view returns (address);
}

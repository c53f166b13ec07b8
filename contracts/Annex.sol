// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Listings} from "./modules/Listings.sol";
import {Takes} from "./modules/Takes.sol";
import {Wraps} from "./modules/Wraps.sol";

/// @title Annex
/// @notice The half of the clearinghouse's code that is called less often. It runs in the clearinghouse's place; called by itself
///         it has no market, no book and no authority, so it can hold nothing.
contract Annex is Takes, Wraps, Listings {
  constructor() AccessManaged(address(0)) EIP712("Certus", "1") {}
}

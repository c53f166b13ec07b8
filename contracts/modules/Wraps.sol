// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC6909} from "@openzeppelin/contracts/token/ERC6909/ERC6909.sol";
import {IERC6909, IERC6909Metadata} from "@openzeppelin/contracts/interfaces/IERC6909.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {Writes} from "../core/Writes.sol";
import {IAnnex} from "../interfaces/IAnnex.sol";
import {BookWord} from "../libraries/BookWord.sol";
import {Header} from "../libraries/Header.sol";
import {Ids} from "../libraries/Ids.sol";
import {Legs} from "../libraries/Legs.sol";
import {MarketWords} from "../libraries/MarketWords.sol";
import {PackageNames} from "../libraries/PackageNames.sol";
import {Packages} from "../libraries/Packages.sol";
import {PartCheck} from "../libraries/PartCheck.sol";
import {Payoff} from "../libraries/Payoff.sol";
import {Sides} from "../rules/Sides.sol";
import {Move} from "../types/Room.sol";
import {Words} from "../libraries/Words.sol";
import {Market} from "../types/Market.sol";

/// @title Wraps
/// @notice Packages: legs that never owe anything, held as ERC-6909 tokens, and redeemed by whoever holds them.
abstract contract Wraps is IAnnex, Sides, Writes, ERC6909, IERC6909Metadata {
  /* LEGS AND PACKAGES */

  /// @inheritdoc IAnnex
  function wrap(
    uint256 account,
    uint256 book,
    uint128[] calldata legs,
    uint64 amount
  ) external entry returns (uint256 id) {
    _requireScope(account, MANAGE);
    if (amount == 0) revert ZeroAmount();
    _liveWord(book);
    Market storage market = _markets[Ids.marketOf(book)];
    (uint256 scale, uint256 guard) = (market.scale, market.guard);
    if (MarketWords.level(guard) == MarketWords.HALTED) revert MarketHalted(book, MarketWords.until(guard));
    uint256[] memory vector = PartCheck.read(legs, 0, book, scale);
    uint256 divisor = Legs.divisor(vector);
    if (divisor != 1) revert PackageNotReduced(divisor);
    uint256 requirement = Payoff.requirement(vector, scale);
    if (requirement != 0) revert PackageNegative(book, requirement);
    Move memory giver;
    _load(giver, account, book);
    _requireHeld(giver, book, vector, amount);
    giver.collateral = Header.collateral(giver.header);
    _orRevert(_net(giver, book, vector, -int256(uint256(amount)), Legs.MAX));
    giver.requirement = Payoff.requirement(giver.legs, scale);
    _write(giver, book, true);
    id = Packages.id(book, vector);
    _mint(Ids.ownerOf(account), id, amount);
    emit Wrapped(account, id, book, legs, amount);
  }

  /// @inheritdoc IAnnex
  function unwrap(
    uint256 account,
    uint256 book,
    uint128[] calldata legs,
    uint64 amount
  ) external entry returns (uint256 id) {
    _requireScope(account, MANAGE);
    if (amount == 0) revert ZeroAmount();
    _liveWord(book);
    uint256[] memory vector = Packages.read(legs);
    id = Packages.id(book, vector);
    address owner = Ids.ownerOf(account);
    // The packages are the owner's, not this account's: who acts for one account needs leave for them as for any token.
    if (msg.sender != owner && !isOperator(owner, msg.sender)) _spendAllowance(owner, msg.sender, id, amount);
    _burn(owner, id, amount);
    Move memory receiver;
    _load(receiver, account, book);
    receiver.collateral = Header.collateral(receiver.header);
    _orRevert(_net(receiver, book, vector, int256(uint256(amount)), Legs.MAX));
    receiver.requirement = Payoff.requirement(receiver.legs, _markets[Ids.marketOf(book)].scale);
    _write(receiver, book, true);
    emit Unwrapped(account, id, book, legs, amount);
  }

  /// @inheritdoc IAnnex
  function redeem(
    uint256 book,
    uint128[] calldata legs,
    uint64 amount,
    address to
  ) external entry returns (uint256 payout) {
    if (amount == 0) revert ZeroAmount();
    if (to == address(0) || to == address(this)) revert ReceiverInvalid(to);
    uint256 word = _openWord(book);
    uint256 settlementPrice = BookWord.price(word);
    if (settlementPrice == 0) revert NotFixed(book);
    uint256[] memory vector = Packages.read(legs);
    uint256 id = Packages.id(book, vector);
    _burn(msg.sender, id, amount);
    (uint256[] memory lots, , uint256 overflowKey, int256 overflow) = Legs.add(
      Words.make(0),
      vector,
      int256(uint256(amount))
    );
    if (overflowKey != 0) revert QuantityBound(0, Ids.series(book, overflowKey), overflow);
    // Never negative: wrapping asked for that.
    payout = uint256(Payoff.valueDown(lots, settlementPrice, _markets[Ids.marketOf(book)].scale));
    if (payout != 0) {
      _books[book] = BookWord.withPool(word, _poolLess(book, word, payout));
      _push(_tokenOf(book), to, payout);
    }
    emit Redeemed(msg.sender, id, book, legs, amount, to, payout);
  }

  /* ERC-6909 */

  /// @inheritdoc IERC6909
  function transfer(
    address receiver,
    uint256 id,
    uint256 amount
  ) public override(ERC6909, IERC6909) entry returns (bool) {
    return super.transfer(receiver, id, amount);
  }

  /// @inheritdoc IERC6909
  function transferFrom(
    address sender,
    address receiver,
    uint256 id,
    uint256 amount
  ) public override(ERC6909, IERC6909) entry returns (bool) {
    return super.transferFrom(sender, receiver, id, amount);
  }

  /// @inheritdoc IERC6909
  function approve(
    address spender,
    uint256 id,
    uint256 amount
  ) public override(ERC6909, IERC6909) entry returns (bool) {
    return super.approve(spender, id, amount);
  }

  /// @inheritdoc IERC6909
  function setOperator(address spender, bool approved) public override(ERC6909, IERC6909) entry returns (bool) {
    return super.setOperator(spender, approved);
  }

  /// @inheritdoc IERC6909
  function balanceOf(address owner, uint256 id) public view override(ERC6909, IERC6909) settledView returns (uint256) {
    return super.balanceOf(owner, id);
  }

  /// @inheritdoc IERC6909
  function allowance(
    address owner,
    address spender,
    uint256 id
  ) public view override(ERC6909, IERC6909) settledView returns (uint256) {
    return super.allowance(owner, spender, id);
  }

  /// @inheritdoc IERC6909
  function isOperator(
    address owner,
    address spender
  ) public view override(ERC6909, IERC6909) settledView returns (bool) {
    return super.isOperator(owner, spender);
  }

  /* METADATA */

  /// @inheritdoc IERC6909Metadata
  function name(uint256 id) external pure returns (string memory) {
    return PackageNames.name(id);
  }

  /// @inheritdoc IERC6909Metadata
  function symbol(uint256 id) external pure returns (string memory) {
    return PackageNames.symbol(id);
  }

  /// @inheritdoc IERC6909Metadata
  function decimals(uint256) external pure returns (uint8) {
    return 0;
  }

  /// @inheritdoc IERC165
  function supportsInterface(bytes4 interfaceId) public view override(ERC6909, IERC165) returns (bool) {
    return interfaceId == type(IERC6909Metadata).interfaceId || super.supportsInterface(interfaceId);
  }
}

// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ERC6909} from "@openzeppelin/contracts/token/ERC6909/ERC6909.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

import {Ids} from "../../libraries/Ids.sol";
import {Packages} from "../../libraries/Packages.sol";
import {Fill, FilledPart, Order, Part, TakerLimit} from "../../types/Order.sol";
import {FloorLedger} from "./FloorLedger.sol";

/// @title WideFloor
/// @notice The floor with several makers, batches and packages. Apart from `FloorLedger`, so that what is measured on that
///         one stays as cheap as it can be. For benchmarks.
contract WideFloor is FloorLedger, ERC6909 {
  using SafeERC20 for IERC20;

  /* ORDERS AND LEGS */

  /// @notice Writes every maker, and the taker and the books once.
  function fillMany(
    uint256 account,
    Fill[] calldata fills,
    uint64,
    uint64 maxUnits,
    TakerLimit[] calldata
  ) external returns (uint64 units, int256[] memory paid) {
    Part[] calldata shape = fills[0].order.parts;
    paid = new int256[](shape.length);
    for (uint256 i = 0; i < fills.length; ++i) {
      Order calldata order = fills[i].order;
      FilledPart[] memory parts = new FilledPart[](shape.length);
      for (uint256 j = 0; j < shape.length; ++j) {
        Part calldata part = order.parts[j];
        int256 premium = (int256(part.premium) * int256(uint256(order.units))) / int256(PREMIUM_DIVISOR);
        paid[j] += premium + int256(FEE);
        _move(order.account, part.book, part.legs, int256(uint256(order.units)), premium);
        parts[j] = FilledPart(part.book, premium, FEE, 0, part.legs);
      }
      _setNonce(order.account, order.nonce, 3);
      emit OrderFilled(order.account, account, bytes32(order.nonce), order.nonce, order.units, 0, parts);
    }
    units = maxUnits;
    for (uint256 j = 0; j < shape.length; ++j) {
      _move(account, shape[j].book, shape[j].legs, -int256(uint256(units)), -paid[j]);
      _books[shape[j].book] += fills.length * ((FEE << 112) - FEE);
    }
  }

  /// @notice Moves legs and collateral.
  function transferLegs(uint256 from, uint256 to, uint256 book, uint128[] calldata legs, uint256 collateral) external {
    _move(from, book, legs, -1, -int256(collateral));
    _move(to, book, legs, 1, int256(collateral));
    emit LegsMoved(from, to, book, legs, collateral);
  }

  /* PACKAGES */

  /// @notice Turns legs into tokens.
  function wrap(uint256 account, uint256 book, uint128[] calldata legs, uint64 amount) external returns (uint256 id) {
    id = Packages.id(book, Packages.read(legs));
    _move(account, book, legs, -int256(uint256(amount)), 0);
    _mint(Ids.ownerOf(account), id, amount);
    emit Wrapped(account, id, book, legs, amount);
  }

  /// @notice Turns tokens into legs.
  function unwrap(uint256 account, uint256 book, uint128[] calldata legs, uint64 amount) external returns (uint256 id) {
    id = Packages.id(book, Packages.read(legs));
    _burn(Ids.ownerOf(account), id, amount);
    _move(account, book, legs, int256(uint256(amount)), 0);
    emit Unwrapped(account, id, book, legs, amount);
  }

  /// @notice Pays a base unit a token, whatever it is worth.
  function redeem(uint256 book, uint128[] calldata legs, uint64 amount, address to) external returns (uint256 payout) {
    uint256 id = Packages.id(book, Packages.read(legs));
    _burn(msg.sender, id, amount);
    payout = amount;
    _books[book] -= payout;
    IERC20(_tokenOf(book)).safeTransfer(to, payout);
    emit Redeemed(msg.sender, id, book, legs, amount, to, payout);
  }

  /* BATCHES */

  /// @notice Runs several calls.
  function batch(bytes[] calldata calls) external returns (bytes[] memory results) {
    results = new bytes[](calls.length);
    for (uint256 i = 0; i < calls.length; ++i) {
      results[i] = Address.functionDelegateCall(address(this), calls[i]);
    }
  }

  /// @notice Presents a permit.
  function selfPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
    IERC20Permit(token).permit(msg.sender, address(this), amount, deadline, v, r, s);
  }
}

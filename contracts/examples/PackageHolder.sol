// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IClearinghouse} from "../interfaces/IClearinghouse.sol";
import {Fill, Part, TakerLimit} from "../types/Order.sol";

/// @title PackageHolder
/// @notice An example of a contract with an account in the ledger: it takes a maker's order, wraps the strategy it bought, holds
///         the packages and redeems them after settlement. Its beneficiary pays, decides what is bought and is paid.
contract PackageHolder {
  using SafeERC20 for IERC20;

  /// @notice The ledger.
  IClearinghouse public immutable LEDGER;
  /// @notice Who pays and is paid.
  address public immutable BENEFICIARY;
  /// @notice This contract's account in the ledger: sub-account 0.
  uint256 public immutable ACCOUNT;

  /// @notice Packages were bought; the legs of one are needed again to redeem them.
  /// @param id Their ERC-6909 id.
  /// @param book The book.
  /// @param legs Legs of one package.
  /// @param amount Packages.
  /// @param paid What they cost, fee included, base units; negative: the maker paid.
  event Bought(uint256 indexed id, uint256 indexed book, uint128[] legs, uint64 amount, int256 paid);

  /// @notice Packages were paid out to the beneficiary.
  /// @param book The book.
  /// @param amount Packages.
  /// @param payout Base units.
  event Redeemed(uint256 indexed book, uint64 amount, uint256 payout);

  /// @notice Only the beneficiary buys.
  /// @param caller The caller.
  error NotBeneficiary(address caller);

  /// @notice The order is not one part in one book.
  /// @param parts Its parts.
  error NotOnePart(uint256 parts);

  /// @param ledger_ The ledger.
  /// @param beneficiary_ Who pays and is paid.
  constructor(IClearinghouse ledger_, address beneficiary_) {
    LEDGER = ledger_;
    BENEFICIARY = beneficiary_;
    ACCOUNT = uint256(uint160(address(this))) << 96;
  }

  /// @notice Takes units of a maker's order and wraps each into a package. The beneficiary must have approved `most` of the
  ///         book's token; what is left over goes back.
  /// @dev What is bought must owe nothing at any price, and the quantities of one unit must have no common divisor: the ledger
  ///      refuses other packages.
  /// @param offer The maker's order, of one part, with its signature.
  /// @param units Units to take, all or nothing.
  /// @param most Most to pay, fee included, base units.
  /// @return id The packages' ERC-6909 id.
  function buy(Fill calldata offer, uint64 units, uint112 most) external returns (uint256 id) {
    if (msg.sender != BENEFICIARY) revert NotBeneficiary(msg.sender);
    if (offer.order.parts.length != 1) revert NotOnePart(offer.order.parts.length);
    Part calldata part = offer.order.parts[0];
    IERC20 token = IERC20(tokenOf(part.book));

    token.safeTransferFrom(BENEFICIARY, address(this), most);
    token.forceApprove(address(LEDGER), most);
    LEDGER.deposit(ACCOUNT, address(token), most);

    int256 paid = _take(offer, units, most);
    uint128[] memory legs = _bought(part.legs);
    id = LEDGER.wrap(ACCOUNT, part.book, legs, units);
    _sendBack(part.book, token);
    emit Bought(id, part.book, legs, units, paid);
  }

  /// @notice Redeems packages of a settled book for the beneficiary. Anyone.
  /// @param book The book.
  /// @param legs Legs of one package, as they were bought.
  /// @param amount Packages.
  /// @return payout Base units of the book's token.
  function redeem(uint256 book, uint128[] calldata legs, uint64 amount) external returns (uint256 payout) {
    payout = LEDGER.redeem(book, legs, amount, BENEFICIARY);
    emit Redeemed(book, amount, payout);
  }

  /// @notice Collateral of a book.
  /// @param book The book.
  /// @return The token: of the market at the book's top bits.
  function tokenOf(uint256 book) public view returns (address) {
    return LEDGER.termsOf((book >> 104) << 104).token;
  }

  /// @dev Fills from this contract's account; a shortfall is drawn from what was deposited.
  function _take(Fill calldata offer, uint64 units, uint112 most) private returns (int256) {
    TakerLimit[] memory limits = new TakerLimit[](1);
    limits[0] = TakerLimit({maxPay: int128(uint128(most)), maxDraw: most});
    return LEDGER.fill(ACCOUNT, offer.order, offer.signer, offer.signature, units, limits)[0];
  }

  /// @dev Legs as the taker gets them: the order's with the other sign, which keeps them sorted.
  function _bought(uint128[] calldata signed) private pure returns (uint128[] memory legs) {
    legs = new uint128[](signed.length);
    for (uint256 i = 0; i < signed.length; ++i) {
      uint64 quantity = uint64(-int64(uint64(signed[i])));
      legs[i] = (signed[i] & ~uint128(type(uint64).max)) | quantity;
    }
  }

  /// @dev Sends the rest back: what the fill left in the position, where no legs are any more, and what it did not draw.
  function _sendBack(uint256 book, IERC20 token) private {
    (uint112 collateral, , ) = LEDGER.positionOf(ACCOUNT, book);
    if (collateral != 0) LEDGER.free(ACCOUNT, book, collateral);
    uint256 rest = LEDGER.cashOf(ACCOUNT, address(token));
    if (rest != 0) LEDGER.withdraw(ACCOUNT, address(token), rest, BENEFICIARY);
  }
}

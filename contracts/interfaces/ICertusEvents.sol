// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {FilledPart} from "../types/Order.sol";
import {Terms} from "../types/Terms.sol";

/// @title ICertusEvents
/// @notice One event a transition. Replayed from genesis they give the ledger's state, and nothing else changes it.
/// @dev Amounts are base units of the token in question; times are unix seconds; prices have 8 decimals.
interface ICertusEvents {
  /// @notice A market was listed.
  /// @param marketId keccak256 of the ABI-encoded terms.
  /// @param market The id's 152-bit prefix at the top of a word: the key of the market in every call.
  /// @param terms The immutable terms.
  event MarketListed(bytes32 indexed marketId, uint256 indexed market, Terms terms);

  /// @notice A market was retired: no new books, no new risk, every exit open.
  /// @param market The market.
  event MarketRetired(uint256 indexed market);

  /// @notice The guard of a market set its level and its current ceiling.
  /// @param market The market.
  /// @param level 0 Normal, 1 Restricted, 2 Halted.
  /// @param until The level reads as Normal from here on.
  /// @param ceiling Current ceiling, at most that of the terms.
  /// @param setAt When it was set; for a halt, its start.
  event GuardSet(uint256 indexed market, uint8 level, uint40 until, uint112 ceiling, uint40 setAt);

  /// @notice A book was opened.
  /// @param book The book.
  /// @param market Its market.
  /// @param expiry Its expiry.
  /// @param fixing The oracle's fixing it will settle by.
  /// @param mark The oracle's mark at opening or joining.
  event BookOpened(uint256 indexed book, uint256 indexed market, uint40 expiry, bytes32 fixing, uint64 mark);

  /// @notice Tokens came in, into free cash (book 0) or into a book.
  /// @param account The account credited.
  /// @param token The token.
  /// @param book The book, or 0 for free cash.
  /// @param payer Who paid.
  /// @param amount Amount received.
  event Deposited(uint256 indexed account, address indexed token, uint256 indexed book, address payer, uint256 amount);

  /// @notice Free cash went out.
  /// @param account The account debited.
  /// @param token The token.
  /// @param to Who received it.
  /// @param amount Amount sent.
  event Withdrawn(uint256 indexed account, address indexed token, address to, uint256 amount);

  /// @notice Collateral moved between free cash and a book.
  /// @param account The account.
  /// @param book The book.
  /// @param delta Positive into the book, negative out of it.
  event Allocated(uint256 indexed account, uint256 indexed book, int256 delta);

  /// @notice An order was filled, in whole or in part.
  /// @param maker The maker's account.
  /// @param taker The taking account.
  /// @param orderHash EIP-712 struct hash of the order.
  /// @param nonce The order's nonce.
  /// @param units Units filled now.
  /// @param remaining Units left to fill; 0: the nonce is used up.
  /// @param parts What each part moved.
  event OrderFilled(
    uint256 indexed maker,
    uint256 indexed taker,
    bytes32 orderHash,
    uint256 nonce,
    uint64 units,
    uint64 remaining,
    FilledPart[] parts
  );

  /// @notice An order of `fillMany` was passed over; its maker is as before.
  /// @param maker The maker's account.
  /// @param taker The taking account.
  /// @param orderHash EIP-712 struct hash of the order.
  /// @param reason The ABI-encoded error that a fill of it would have reverted with.
  event FillSkipped(uint256 indexed maker, uint256 indexed taker, bytes32 orderHash, bytes reason);

  /// @notice Legs and collateral moved between two accounts of one owner.
  /// @param from The giving account.
  /// @param to The receiving account.
  /// @param book The book.
  /// @param legs The legs moved, packed; quantities as the receiver gets them.
  /// @param collateral Collateral moved, base units.
  event LegsMoved(uint256 indexed from, uint256 indexed to, uint256 indexed book, uint128[] legs, uint256 collateral);

  /// @notice Legs of an account became packages of its owner.
  /// @param account The account.
  /// @param id The package.
  /// @param book The book.
  /// @param legs Legs of one package, packed.
  /// @param amount Packages.
  event Wrapped(uint256 indexed account, uint256 indexed id, uint256 indexed book, uint128[] legs, uint64 amount);

  /// @notice Packages of an account's owner became legs of the account.
  /// @param account The account.
  /// @param id The package.
  /// @param book The book.
  /// @param legs Legs of one package, packed.
  /// @param amount Packages.
  event Unwrapped(uint256 indexed account, uint256 indexed id, uint256 indexed book, uint128[] legs, uint64 amount);

  /// @notice Nonces were cancelled; those already filled stay filled.
  /// @param account The maker's account.
  /// @param nonces The nonces.
  event OrdersCancelled(uint256 indexed account, uint256[] nonces);

  /// @notice An account's epoch rose: orders of any other epoch are dead.
  /// @param account The maker's account.
  /// @param epoch The epoch from now on.
  event EpochRaised(uint256 indexed account, uint32 epoch);

  /// @notice An operator was granted or, with all zero, revoked.
  /// @param account The account.
  /// @param operator The operator.
  /// @param scopes 1 trade, 2 manage, 3 both.
  /// @param until The grant ends here.
  /// @param since Orders signed before are not revived.
  event AccountOperatorSet(uint256 indexed account, address indexed operator, uint8 scopes, uint40 until, uint40 since);

  /// @notice The settlement price of a book is final.
  /// @param book The book.
  /// @param price The price, 8 decimals.
  event PriceFixed(uint256 indexed book, uint64 price);

  /// @notice Positions were turned into payouts.
  /// @param book The book.
  /// @param accounts The accounts settled by this call.
  /// @param payouts What each may claim.
  event Settled(uint256 indexed book, uint256[] accounts, uint256[] payouts);

  /// @notice A position could not be settled and stays as it is.
  /// @param book The book.
  /// @param account The account.
  /// @param payout The payout outside [0, 2^112 − 1].
  event SettleSkipped(uint256 indexed book, uint256 indexed account, int256 payout);

  /// @notice A payout was claimed.
  /// @param account The account.
  /// @param book The book.
  /// @param amount The amount.
  /// @param toWallet True: to the owner's wallet; false: to free cash.
  event Claimed(uint256 indexed account, uint256 indexed book, uint256 amount, bool toWallet);

  /// @notice Fees of a book went to the treasury.
  /// @param book The book.
  /// @param treasury Who received them.
  /// @param amount The amount.
  event FeesPushed(uint256 indexed book, address treasury, uint256 amount);

  /// @notice The receiver of fees changed.
  /// @param previous The treasury before.
  /// @param current The treasury from now on.
  event TreasurySet(address previous, address current);

  /// @notice Packages were paid out at the settlement price.
  /// @param holder Who held them.
  /// @param id The package.
  /// @param book The book.
  /// @param legs Legs of one package, packed.
  /// @param amount Packages.
  /// @param to Who was paid.
  /// @param payout Base units of the book's token.
  event Redeemed(
    address indexed holder,
    uint256 indexed id,
    uint256 indexed book,
    uint128[] legs,
    uint64 amount,
    address to,
    uint256 payout
  );
}

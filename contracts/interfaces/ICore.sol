// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Order, TakerLimit} from "../types/Order.sol";

/// @title ICore
/// @notice The half of the ledger's functions that is called often; see `IClearinghouse` for words and conventions.
interface ICore {
  /// @notice Fills a maker's order, all parts in one step, against an account of the caller's. Owner or trade operator of it.
  /// @dev The taker gets the negation of the order's quantities and premium, and pays the fee. Shortfalls of either side are
  ///      drawn from its free cash within the limits given. Errors: see `docs/protocol.md`, fill.
  /// @param account The taking account.
  /// @param order The maker's order.
  /// @param signer Who signed it: the maker's owner or a trade operator.
  /// @param signature ECDSA, or what the signer's ERC-1271 wallet takes.
  /// @param units Units to fill, all or nothing.
  /// @param limits One limit a part.
  /// @return paid What the taker paid in each part, fee included; negative: it received.
  function fill(
    uint256 account,
    Order calldata order,
    address signer,
    bytes calldata signature,
    uint64 units,
    TakerLimit[] calldata limits
  ) external returns (int256[] memory paid);

  /// @notice Pays tokens of the caller into the free cash of any account.
  /// @dev Errors: ZeroAmount, OwnerZero, NoCode, the token's own, TransferMismatch.
  /// @param account The account credited.
  /// @param token The token.
  /// @param amount Base units.
  function deposit(uint256 account, address token, uint256 amount) external;

  /// @notice Pays tokens of the caller into a position of any account, before expiry.
  /// @dev Errors: ZeroAmount, OwnerZero, BookNotOpen, BookExpired, PoolBound, the token's own, TransferMismatch.
  /// @param account The account credited.
  /// @param book The book.
  /// @param amount Base units of the book's token.
  function depositToBook(uint256 account, uint256 book, uint256 amount) external;

  /// @notice Sends free cash to any address. Only the owner.
  /// @dev Errors: NotOwner, ZeroAmount, ReceiverInvalid, CashShort, the token's own.
  /// @param account The account debited.
  /// @param token The token.
  /// @param amount Base units.
  /// @param to The receiver.
  function withdraw(uint256 account, address token, uint256 amount, address to) external;

  /// @notice Moves free cash into a position, before expiry. Owner or manage operator.
  /// @dev Errors: NotPermitted, ZeroAmount, BookNotOpen, BookExpired, CashShort, PoolBound.
  /// @param account The account.
  /// @param book The book.
  /// @param amount Base units of the book's token.
  function allocate(uint256 account, uint256 book, uint256 amount) external;

  /// @notice Moves collateral that no leg needs back to free cash. Owner or manage operator.
  /// @dev Errors: NotPermitted, ZeroAmount, BookNotOpen, AlreadySettled, LegsOpen, CollateralShort, Undercovered.
  /// @param account The account.
  /// @param book The book.
  /// @param amount Base units of the book's token.
  function free(uint256 account, uint256 book, uint256 amount) external;

  /// @notice Moves legs and collateral between two accounts of one owner. Owner or manage operator of both.
  /// @dev Errors: NotPermitted, OwnersDiffer, SameAccount, BookNotOpen, BookExpired, ZeroAmount, LegsBound, LegsUnsorted,
  ///      LegQuantity, StrikeOffTick, PutsNotListed, CallsMustNet, NotHeld, CollateralShort, QuantityBound, TooManyLegs,
  ///      Undercovered.
  /// @param from The giving account.
  /// @param to The receiving account.
  /// @param book The book.
  /// @param legs What moves, packed; each at most what is held, with its sign.
  /// @param collateral Collateral that moves along, base units.
  function transferLegs(uint256 from, uint256 to, uint256 book, uint128[] calldata legs, uint256 collateral) external;

  /// @notice Grants or revokes an operator of an account. Only the owner.
  /// @dev A grant counts from now on: an operator's orders whose signedAt is before it are dead. signedAt is the operator's
  ///      own word: raise the epoch too before granting again to somebody no longer trusted. Who may move packages is
  ///      another matter, ERC-6909's `setOperator`. Errors: NotOwner, OperatorInvalid, ScopesUnknown, OperatorEnded.
  /// @param account The account.
  /// @param operator The operator.
  /// @param scopes 1 trade (fill, sign, cancel), 2 manage (what ends with the same owner), 3 both, 0 revokes.
  /// @param until The grant ends here.
  function setAccountOperator(uint256 account, address operator, uint8 scopes, uint40 until) external;

  /// @notice Cancels orders by nonce. Owner or trade operator.
  /// @dev Errors: NotPermitted.
  /// @param account The maker's account.
  /// @param nonces The nonces; those filled stay filled.
  function cancel(uint256 account, uint256[] calldata nonces) external;

  /// @notice Cancels every order of the account's epoch. Owner or trade operator.
  /// @dev Errors: NotPermitted.
  /// @param account The maker's account.
  /// @return epoch The epoch that orders must name from now on.
  function raiseEpoch(uint256 account) external returns (uint32 epoch);

  /// @notice Presents an EIP-2612 permit of the caller to a token, so that a deposit can follow in the same batch. Anyone,
  ///         for themselves.
  /// @dev Goes on if the token refuses: somebody may have presented the permit before. Errors: NoCode.
  /// @param token The token.
  /// @param amount What the ledger may spend, base units.
  /// @param deadline Last second of the permit.
  /// @param v Signature.
  /// @param r Signature.
  /// @param s Signature.
  function selfPermit(address token, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

  /// @notice Fixes the settlement price of an expired book, once. Anyone.
  /// @dev Errors: BookNotOpen, AlreadyFixed, NotExpired, those of the oracle's `fix`, PriceZero.
  /// @param book The book.
  /// @param proof What the oracle's profile asks for.
  /// @return settlementPrice The final price, 8 decimals.
  function fixPrice(uint256 book, bytes calldata proof) external returns (uint64 settlementPrice);

  /// @notice Turns positions of a fixed book into payouts. Anyone; repeating it changes nothing.
  /// @dev Errors: BookNotOpen, NotFixed.
  /// @param book The book.
  /// @param accounts The accounts; empty and settled ones are passed over.
  /// @return count How many were settled now.
  function settle(uint256 book, uint256[] calldata accounts) external returns (uint256 count);

  /// @notice Claims payouts into free cash or the owner's wallet. Owner or manage operator.
  /// @dev Errors: NotPermitted, BookNotOpen, NotSettled, PoolShort, the token's own.
  /// @param account The account.
  /// @param books The books; empty positions count 0.
  /// @param toWallet True: to the owner's wallet; false: to free cash.
  /// @return amounts What each book paid, base units of its token.
  function claim(uint256 account, uint256[] calldata books, bool toWallet) external returns (uint256[] memory amounts);

  /// @notice Sends a book's fees to the treasury. Anyone.
  /// @dev Errors: BookNotOpen, the token's own.
  /// @param book The book.
  /// @return amount Base units sent.
  function pushFees(uint256 book) external returns (uint256 amount);

  /// @notice Names the receiver of fees. Only with the access manager's leave.
  /// @dev Errors: AccessManagedUnauthorized, ReceiverInvalid.
  /// @param newTreasury The receiver from now on.
  function setTreasury(address newTreasury) external;

  /// @notice Runs several calls of the caller as one step; its accounts must be covered at the end. Anyone.
  /// @dev A batch cannot hold a batch. Errors: NotBatchable, those of the calls, Undercovered.
  /// @param calls The ABI-encoded calls.
  /// @return results Their ABI-encoded return values.
  function batch(bytes[] calldata calls) external returns (bytes[] memory results);

  /// @notice A book.
  /// @param book The book.
  /// @return open True once opened.
  /// @return pool What it owes to accounts, base units.
  /// @return fees Fees not yet pushed, base units.
  /// @return settlementPrice 8 decimals, 0 before it is fixed.
  function bookOf(uint256 book) external view returns (bool open, uint112 pool, uint80 fees, uint64 settlementPrice);

  /// @notice Free cash of an account.
  /// @param account The account.
  /// @param token The token.
  /// @return Base units.
  function cashOf(uint256 account, address token) external view returns (uint256);

  /// @notice A position.
  /// @param account The account.
  /// @param book The book.
  /// @return collateral Base units; once settled, the payout.
  /// @return settled True once settled.
  /// @return legs Packed legs, sorted by strike, puts before calls.
  function positionOf(
    uint256 account,
    uint256 book
  ) external view returns (uint112 collateral, bool settled, uint256[] memory legs);

  /// @notice A nonce of an account.
  /// @param account The account.
  /// @param nonce The nonce.
  /// @return state 0 unused, 1 partial, 2 cancelled, 3 filled.
  /// @return filled Units filled while partial.
  /// @return boundHash Top 192 bits of the hash of the order it is bound to while partial.
  function nonceOf(
    uint256 account,
    uint256 nonce
  ) external view returns (uint8 state, uint64 filled, bytes32 boundHash);

  /// @notice The epoch that orders of an account must name.
  /// @param account The account.
  /// @return The epoch.
  function epochOf(uint256 account) external view returns (uint32);

  /// @notice An operator of an account.
  /// @param account The account.
  /// @param operator The operator.
  /// @return scopes 1 trade, 2 manage, 3 both, 0 none.
  /// @return until Where the grant ends.
  /// @return since From when on its orders count.
  function operatorOf(
    uint256 account,
    address operator
  ) external view returns (uint8 scopes, uint40 until, uint40 since);

  /// @notice Receiver of fees.
  /// @return The treasury.
  function treasury() external view returns (address);

  /// @notice EIP-712 struct hash of an order, as `OrderFilled` names it.
  /// @param order The order.
  /// @return The hash.
  function orderHash(Order calldata order) external pure returns (bytes32);
}

// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Terms} from "./Terms.sol";

/// @notice A market as it stands now.
struct MarketView {
  /// The market's key.
  uint256 market;
  /// Listed at all; nothing else means anything otherwise.
  bool listed;
  /// No new books and no new risk, for good.
  bool retired;
  /// The guard's level now: 0 Normal, 1 Restricted, 2 Halted.
  uint8 level;
  /// Where the level ends; 0 when it is Normal.
  uint40 until;
  /// Current ceiling of a book's pool, base units.
  uint112 ceiling;
  /// The immutable terms.
  Terms terms;
}

/// @notice Where a book is in its life.
enum Phase {
  /// Nobody has opened it.
  Unopened,
  /// Fills may raise open interest.
  Trading,
  /// Open interest may not rise: by the guard, after the last-trade time, or in a retired market.
  Closing,
  /// No fill at all: the guard has halted the market.
  Halted,
  /// Expired, waiting for its price.
  Expired,
  /// Its price is final: settle, claim, redeem.
  Fixed
}

/// @notice A book as it stands now.
struct BookView {
  /// The book.
  uint256 book;
  /// Its expiry, unix seconds.
  uint40 expiry;
  /// Where it is in its life.
  Phase phase;
  /// What it owes, base units.
  uint112 pool;
  /// Fees not yet pushed, base units.
  uint80 fees;
  /// Final price, 8 decimals; 0 before it is fixed.
  uint64 settlementPrice;
}

/// @notice One leg, spelled out.
struct LegView {
  /// Series id, and ERC-6909 id of one long lot of it.
  uint256 series;
  /// Strike, 8 decimals.
  uint64 strike;
  /// True for a call.
  bool isCall;
  /// Lots; negative when short.
  int64 quantity;
}

/// @notice What an account has in a book.
struct PositionView {
  /// The book and where it is in its life.
  BookView book;
  /// The book's token.
  address token;
  /// Collateral, base units; once settled, the payout.
  uint112 collateral;
  /// True once settled.
  bool settled;
  /// Least collateral that covers the legs at every price, base units.
  uint256 requirement;
  /// What `free` would take now, base units.
  uint256 withdrawable;
  /// What settling pays, base units: final once the price is fixed, 0 before.
  uint256 payout;
  /// The legs, sorted by strike.
  LegView[] legs;
}

/// @notice A token of an account.
struct CashView {
  /// The token.
  address token;
  /// Free cash, base units.
  uint256 amount;
}

/// @notice A whole account.
struct AccountView {
  /// The account.
  uint256 account;
  /// Its owner.
  address owner;
  /// The epoch that its orders must name.
  uint32 epoch;
  /// Free cash, in the tokens asked for.
  CashView[] cash;
  /// Positions, in the books asked for.
  PositionView[] positions;
}

/// @notice One side of one part of a fill.
struct SideView {
  /// Drawn from free cash, base units.
  uint256 draw;
  /// Collateral before and after, base units.
  uint256 collateralBefore;
  uint256 collateralAfter;
  /// Requirement before and after: collateral less requirement is the least the position can pay.
  uint256 requirementBefore;
  uint256 requirementAfter;
}

/// @notice What one part of a fill would do.
struct PartPreview {
  /// The book.
  uint256 book;
  /// Premium from taker to maker, base units; negative: from maker to taker.
  int256 premium;
  /// Taker's fee, base units.
  uint256 fee;
  /// What the taker pays, fee included; negative: it receives.
  int256 pay;
  /// Pool of the book afterwards, base units.
  uint256 pool;
  /// Both sides.
  SideView maker;
  SideView taker;
}

/// @notice What a fill would do, or why there would be none.
struct FillPreview {
  /// The encoded error that the fill would revert with; empty when it would go through.
  bytes refusal;
  /// EIP-712 struct hash of the order.
  bytes32 orderHash;
  /// Units that the order has left afterwards.
  uint64 remaining;
  /// Part by part.
  PartPreview[] parts;
}

/// @notice What is left to do until an account is paid.
enum ClaimStep {
  /// Nothing is there.
  Nothing,
  /// The book has not expired.
  AwaitExpiry,
  /// Anyone may fix the price when the oracle's rules allow it.
  AwaitPrice,
  /// Anyone may settle.
  Settle,
  /// The owner may claim.
  Claim
}

/// @notice What becomes claimable, and when.
struct ClaimView {
  /// The book.
  uint256 book;
  /// Its token.
  address token;
  /// What is next.
  ClaimStep step;
  /// Until when the book's expiry is to be awaited, unix seconds; 0 in every other step.
  uint40 from;
  /// What is paid, base units; before the price is fixed, what is paid at least, whatever the price.
  uint256 amount;
}

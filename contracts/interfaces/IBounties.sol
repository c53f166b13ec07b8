// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice What a book has for those who prove its price, in base units of its collateral.
/// @param perPoint Paid for a point; fixed at the first collection.
/// @param earned Fees kept for bounties.
/// @param paid Bounties paid, and the rest once it was released.
struct Purse {
  uint64 perPoint;
  uint96 earned;
  uint96 paid;
}

/// @title IBounties
/// @notice A treasury of the ledger that pays those who proved a book's price out of that book's own fees, and passes the
///         rest on.
/// @dev A point is what `IMultiSourceSettlement.pointsOf` counts: 1 for a value, 2 for a maximal one, less those of the
///      value replaced, and 2 for the mark of the last hour. So every bounty is a fixed sum, no vote and slot is paid
///      for more than twice a point, and no book pays more than it earned. Amounts are base units of the book's
///      collateral. Fees that somebody pushed past `collect` reach the treasury by `sweep` and feed no bounty: no price
///      depends on bounties.
interface IBounties {
  /// @notice What a point of the market's books earns was set.
  /// @param market The market.
  /// @param perPoint Base units of its collateral.
  event BountySet(uint256 indexed market, uint64 perPoint);
  /// @notice Fees of a book came in.
  /// @param book The book.
  /// @param kept Kept for bounties.
  /// @param passed Passed on to the treasury.
  event FeesCollected(uint256 indexed book, uint256 kept, uint256 passed);
  /// @notice Somebody was paid for what it proved.
  /// @param book The book.
  /// @param beneficiary Who was credited.
  /// @param points Points paid for.
  /// @param amount Base units of the book's collateral.
  event BountyPaid(uint256 indexed book, address indexed beneficiary, uint256 points, uint256 amount);
  /// @notice What a book had left went to the treasury.
  /// @param book The book.
  /// @param amount Base units of its collateral.
  event BountyReleased(uint256 indexed book, uint256 amount);

  /// @notice The treasury is the zero address.
  /// @dev Name the treasury.
  error TreasuryZero();
  /// @notice The bounty is above its bound.
  /// @dev Use at most `max`: a hundred times what the market takes for a lot.
  error BountyTooLarge(uint256 perPoint, uint256 max);
  /// @notice The book has no price yet.
  /// @dev Prove it, then come back.
  error PriceNotFinal(uint256 book);
  /// @notice Nothing is owed: no new points, or the book's fees are used up.
  /// @dev Call `collect` first if the ledger still has fees of the book.
  error NothingOwed(uint256 book, address beneficiary);
  /// @notice What is left is still for those who have points.
  /// @dev Come back 30 days after the expiry.
  error ReleaseTooEarly(uint256 now_, uint256 from);

  /// @notice Sets what a point of a market's books earns from the next first collection on. Governance only.
  /// @param market The market.
  /// @param perPoint Base units of its collateral, at most 100 · feePerLot; 0 for none.
  function setBounty(uint256 market, uint64 perPoint) external;

  /// @notice Takes a book's fees from the ledger, keeps what its bounties can come to and passes the rest on. Anyone.
  /// @dev This contract has to be the ledger's treasury.
  /// @param book The book.
  /// @return kept Kept for bounties.
  function collect(uint256 book) external returns (uint256 kept);

  /// @notice Pays a beneficiary for its points, once the price is final. Anyone.
  /// @param book The book.
  /// @param beneficiary Who was credited.
  /// @return amount Base units of the book's collateral.
  function claim(uint256 book, address beneficiary) external returns (uint256 amount);

  /// @notice Passes on what a book has left, from 30 days after its expiry. Anyone.
  /// @param book The book.
  /// @return amount Base units of its collateral.
  function release(uint256 book) external returns (uint256 amount);

  /// @notice Passes on what is kept for no book. Anyone.
  /// @param token The token.
  /// @return amount Its base units.
  function sweep(address token) external returns (uint256 amount);

  /// @notice What a book has for bounties.
  /// @param book The book.
  /// @return purse The purse.
  function purseOf(uint256 book) external view returns (Purse memory purse);

  /// @notice Points of a beneficiary that were paid for.
  /// @param book The book.
  /// @param beneficiary Who was credited.
  /// @return points The points.
  function pointsPaid(uint256 book, address beneficiary) external view returns (uint256 points);

  /// @notice What a point of a market's books earns.
  /// @param market The market.
  /// @return perPoint Base units of its collateral.
  function bountyOf(uint256 market) external view returns (uint64 perPoint);
}

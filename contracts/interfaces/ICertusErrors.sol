// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title ICertusErrors
/// @notice Every way in which the ledger refuses. An error carries the offending value and its bound; nothing has changed.
/// @dev The notice says why, the dev line what to do; `docs/errors.md` is generated from both.
interface ICertusErrors {
  /* CONTEXT AND AUTHORITY */

  /// @notice The ledger is waiting for a foreign call (token, wallet, oracle, access manager) to return.
  /// @dev Call again outside of that call.
  error InExternalCall();

  /// @notice Only the owner of the account may do this.
  /// @dev Call from the owner: the account's top 160 bits.
  /// @param account The account.
  /// @param caller Who called.
  error NotOwner(uint256 account, address caller);

  /// @notice The caller is neither the owner nor an operator with this scope.
  /// @dev Ask the owner for `setAccountOperator`.
  /// @param account The account.
  /// @param caller Who called.
  /// @param scope The scope that is missing: 1 trade, 2 manage.
  error NotPermitted(uint256 account, address caller, uint8 scope);

  /// @notice Only the guard named in the market's terms may set its level.
  /// @dev Call through the market's guard.
  /// @param market The market.
  /// @param caller Who called.
  error NotGuard(uint256 market, address caller);

  /// @notice The operator is the zero address.
  /// @dev Name the operator.
  /// @param operator The operator.
  error OperatorInvalid(address operator);

  /// @notice A scope bit has no meaning.
  /// @dev Use 1 trade, 2 manage, 3 both, 0 to revoke.
  /// @param scopes The scopes asked for.
  /// @param bound All known scopes.
  error ScopesUnknown(uint8 scopes, uint8 bound);

  /// @notice A grant must end in the future.
  /// @dev Pass a later `until`.
  /// @param until The end asked for.
  /// @param current The time now.
  error OperatorEnded(uint40 until, uint256 current);

  /// @notice The function cannot be called from a batch.
  /// @dev Call it by itself.
  /// @param selector The function's selector.
  error NotBatchable(bytes4 selector);

  /* MARKETS AND BOOKS */

  /// @notice The address holds no contract.
  /// @dev Check the address and the chain.
  /// @param target The address.
  error NoCode(address target);

  /// @notice The style has no meaning.
  /// @dev Use 0 linear or 1 inverse.
  /// @param style The style.
  /// @param bound The highest known style.
  error StyleUnknown(uint8 style, uint8 bound);

  /// @notice A lot scale needs both parts.
  /// @dev Make both at least 1.
  /// @param num Numerator.
  /// @param den Denominator.
  error LotScaleZero(uint64 num, uint64 den);

  /// @notice The lot scale is not in lowest terms, so equal markets would have two addresses.
  /// @dev Divide both by the divisor.
  /// @param num Numerator.
  /// @param den Denominator.
  /// @param gcd Their common divisor.
  error LotScaleNotReduced(uint64 num, uint64 den, uint64 gcd);

  /// @notice The strike tick is 0 or above 2^63 − 1.
  /// @dev Choose a tick within the bound.
  /// @param tick The tick.
  /// @param bound The largest tick.
  error StrikeTickBound(uint64 tick, uint64 bound);

  /// @notice Expiries need a distance.
  /// @dev Set `gridPeriod`, 604,800 for a week.
  error GridPeriodZero();

  /// @notice The horizon is outside its bounds.
  /// @dev Choose one within them, in seconds.
  /// @param horizon The horizon.
  /// @param least The least.
  /// @param most The most.
  error HorizonBound(uint40 horizon, uint40 least, uint40 most);

  /// @notice The last-trade time lies too far before expiry.
  /// @dev Choose at most the bound, in seconds.
  /// @param lastTrade The time before expiry.
  /// @param bound The most.
  error LastTradeBound(uint24 lastTrade, uint24 bound);

  /// @notice The fee per lot is above the hard cap.
  /// @dev Lower the fee.
  /// @param feePerLot The fee.
  /// @param bound The cap.
  error FeeCap(uint64 feePerLot, uint256 bound);

  /// @notice Only full coverage exists.
  /// @dev Use 0.
  /// @param marginMode The mode.
  /// @param bound The highest known mode.
  error MarginModeUnknown(uint8 marginMode, uint8 bound);

  /// @notice A market with this prefix is listed.
  /// @dev Change the salt, or use the market that stands.
  /// @param market The market.
  error MarketTaken(uint256 market);

  /// @notice The terms and the oracle speak of different units.
  /// @dev Use the oracle's exponent.
  /// @param asked The terms' exponent.
  /// @param offered The oracle's exponent.
  error PriceExpMismatch(uint8 asked, uint8 offered);

  /// @notice The ceiling is 0 at listing or above its bound: the profile's at listing, the terms' later.
  /// @dev Lower the ceiling.
  /// @param ceiling The ceiling.
  /// @param bound The bound.
  error CeilingBound(uint112 ceiling, uint112 bound);

  /// @notice No such market is listed.
  /// @dev Pass the 152-bit prefix at the top of the word, low 104 bits zero.
  /// @param market The market.
  error MarketUnknown(uint256 market);

  /// @notice The market is retired: it takes no new books.
  /// @dev Use another market; every exit of this one stays open.
  /// @param market The market.
  error MarketIsRetired(uint256 market);

  /// @notice The level has no meaning.
  /// @dev Use 0 Normal, 1 Restricted, 2 Halted.
  /// @param level The level.
  /// @param bound The highest level.
  error LevelUnknown(uint8 level, uint8 bound);

  /// @notice No level lasts longer than six hours at a time.
  /// @dev Set it again later, on evidence.
  /// @param until The end asked for.
  /// @param bound The latest end.
  error UntilBound(uint40 until, uint256 bound);

  /// @notice Two halts began within the last seven days.
  /// @dev Use Restricted, or wait.
  /// @param current The time now.
  /// @param from When the next halt is possible.
  error HaltBudget(uint256 current, uint256 from);

  /// @notice The expiry is not on the market's grid.
  /// @dev Use anchor + k · period.
  /// @param expiry The expiry.
  /// @param anchor First expiry.
  /// @param period Distance of expiries.
  error OffGrid(uint40 expiry, uint40 anchor, uint40 period);

  /// @notice A book opens at least two hours before its expiry.
  /// @dev Open a later expiry.
  /// @param expiry The expiry.
  /// @param bound The earliest.
  error TooSoon(uint40 expiry, uint256 bound);

  /// @notice The expiry lies beyond the market's horizon.
  /// @dev Open an earlier expiry.
  /// @param expiry The expiry.
  /// @param bound The latest.
  error BeyondHorizon(uint40 expiry, uint256 bound);

  /// @notice The book stands.
  /// @dev Use it.
  /// @param book The book.
  error BookAlreadyOpen(uint256 book);

  /// @notice No such book is open.
  /// @dev Open it with `openBook`, or check the id.
  /// @param book The book.
  error BookNotOpen(uint256 book);

  /// @notice The book's trading life is over.
  /// @dev After expiry: fixPrice, settle, claim.
  /// @param book The book.
  /// @param expiry Its expiry.
  /// @param current The time now.
  error BookExpired(uint256 book, uint40 expiry, uint256 current);

  /* CASH AND COLLATERAL */

  /// @notice Nothing would move.
  /// @dev Pass an amount of at least 1.
  error ZeroAmount();

  /// @notice The account has no owner.
  /// @dev Put the owner's address in the top 160 bits.
  /// @param account The account.
  error OwnerZero(uint256 account);

  /// @notice The token did not move exactly the amount.
  /// @dev Tokens with fees or moving balances cannot be collateral.
  /// @param token The token.
  /// @param received What arrived.
  /// @param asked What was asked for.
  error TransferMismatch(address token, uint256 received, uint256 asked);

  /// @notice The pool would outgrow its word.
  /// @dev Use a smaller amount.
  /// @param book The book.
  /// @param value The pool it would have.
  /// @param bound The most a pool holds.
  error PoolBound(uint256 book, uint256 value, uint256 bound);

  /// @notice The receiver is the zero address or the ledger itself.
  /// @dev Name another receiver.
  /// @param to The receiver.
  error ReceiverInvalid(address to);

  /// @notice The account has less free cash.
  /// @dev Deposit, free collateral, or ask for less.
  /// @param account The account.
  /// @param token The token.
  /// @param asked The amount.
  /// @param available The free cash.
  error CashShort(uint256 account, address token, uint256 asked, uint256 available);

  /// @notice The position has less collateral.
  /// @dev Ask for less.
  /// @param account The account.
  /// @param book The book.
  /// @param asked The amount.
  /// @param available The collateral.
  error CollateralShort(uint256 account, uint256 book, uint256 asked, uint256 available);

  /// @notice After expiry a position with legs is settled first.
  /// @dev Call `settle`, then `claim`.
  /// @param account The account.
  /// @param book The book.
  /// @param count Its legs.
  error LegsOpen(uint256 account, uint256 book, uint256 count);

  /// @notice The position is settled.
  /// @dev Call `claim`.
  /// @param account The account.
  /// @param book The book.
  error AlreadySettled(uint256 account, uint256 book);

  /// @notice The position would not be covered at every price.
  /// @dev Add collateral or free cash, or a leg that limits the loss.
  /// @param account The account.
  /// @param book The book.
  /// @param collateral What it would hold.
  /// @param requirement What its legs require at the worst price.
  error Undercovered(uint256 account, uint256 book, uint256 collateral, uint256 requirement);

  /// @notice Legs move between accounts of one owner only.
  /// @dev Trade with other owners by orders.
  /// @param from The giving account.
  /// @param to The receiving account.
  error OwnersDiffer(uint256 from, uint256 to);

  /// @notice An account gives at most what it holds, with its sign; only a fill opens positions.
  /// @dev Ask for at most what is held.
  /// @param series The series.
  /// @param held What the account holds.
  /// @param asked What was to be moved.
  error NotHeld(uint256 series, int256 held, int256 asked);

  /// @notice The quantities of a package have a common divisor.
  /// @dev Divide the quantities by it and multiply the amount, so that equal packages have one id.
  /// @param divisor The greatest common divisor.
  error PackageNotReduced(uint256 divisor);

  /// @notice A package may be worth less than nothing at some price.
  /// @dev Leave out or pair the short legs: only what owes nothing can be held by anyone.
  /// @param book The book.
  /// @param requirement What one package would require, base units.
  error PackageNegative(uint256 book, uint256 requirement);

  /* ORDERS AND FILLS */

  /// @notice An order has one to four parts.
  /// @dev Split the order.
  /// @param parts The parts.
  /// @param bound The most.
  error PartsBound(uint256 parts, uint256 bound);

  /// @notice Each part needs its limit.
  /// @dev Pass one limit a part.
  /// @param limits The limits given.
  /// @param parts The order's parts.
  error LimitsLength(uint256 limits, uint256 parts);

  /// @notice A fill needs at least one unit.
  /// @dev Pass the units.
  error UnitsZero();

  /// @notice Parts ascend strictly by book.
  /// @dev Sort them; merge two parts of one book.
  /// @param part Index of the part.
  /// @param book Its book.
  error PartsUnsorted(uint256 part, uint256 book);

  /// @notice The market is halted: no fills.
  /// @dev Wait; exits stay open.
  /// @param book The book.
  /// @param until The halt ends here.
  error MarketHalted(uint256 book, uint40 until);

  /// @notice A part has 1 to 32 legs.
  /// @dev Split the order.
  /// @param part Index of the part.
  /// @param legs Its legs.
  /// @param bound The most.
  error LegsBound(uint256 part, uint256 legs, uint256 bound);

  /// @notice Legs ascend strictly by strike, puts before calls.
  /// @dev Sort them; merge equal ones.
  /// @param part Index of the part.
  /// @param leg Index of the leg.
  error LegsUnsorted(uint256 part, uint256 leg);

  /// @notice A leg has between 1 and 2^63 − 1 lots, either sign.
  /// @dev Drop or change the leg.
  /// @param part Index of the part.
  /// @param leg Index of the leg.
  /// @param quantity The quantity.
  error LegQuantity(uint256 part, uint256 leg, int64 quantity);

  /// @notice The strike is 0 or not a multiple of the market's tick.
  /// @dev Round the strike to the tick.
  /// @param strike The strike.
  /// @param tick The tick.
  error StrikeOffTick(uint64 strike, uint64 tick);

  /// @notice An inverse book lists calls only.
  /// @dev Trade puts in the linear book.
  /// @param book The book.
  error PutsNotListed(uint256 book);

  /// @notice In a linear book the call lots of a part add up to zero.
  /// @dev Trade outright calls in the inverse book, or add the covering leg.
  /// @param book The book.
  /// @param sum Sum of call quantities.
  error CallsMustNet(uint256 book, int256 sum);

  /// @notice Maker and taker are the same account.
  /// @dev Take from another account.
  /// @param account The account.
  error SameAccount(uint256 account);

  /// @notice The order's deadline has passed.
  /// @dev Ask the maker for a new one.
  /// @param deadline The deadline.
  /// @param current The time now.
  error OrderExpired(uint40 deadline, uint256 current);

  /// @notice The order is meant for another owner.
  /// @dev Take it from that owner's account.
  /// @param taker Who may take it.
  /// @param owner Owner of the taking account.
  error ForeignTaker(address taker, address owner);

  /// @notice The maker cancelled all orders of that epoch.
  /// @dev Ask for a new order.
  /// @param epoch The order's epoch.
  /// @param current The account's epoch.
  error EpochStale(uint32 epoch, uint32 current);

  /// @notice The maker cancelled this nonce.
  /// @dev Ask for a new order.
  /// @param account The maker.
  /// @param nonce The nonce.
  error OrderCancelled(uint256 account, uint256 nonce);

  /// @notice The nonce is used up.
  /// @dev Ask for a new order.
  /// @param account The maker.
  /// @param nonce The nonce.
  error OrderFilledUp(uint256 account, uint256 nonce);

  /// @notice Another order was filled under this nonce.
  /// @dev Ask for an order with a nonce of its own.
  /// @param account The maker.
  /// @param nonce The nonce.
  error NonceTaken(uint256 account, uint256 nonce);

  /// @notice The order has fewer units left.
  /// @dev Fill at most what remains.
  /// @param units The units asked for.
  /// @param remaining What remains.
  error UnitsBound(uint256 units, uint256 remaining);

  /// @notice The fill is smaller than the maker allows.
  /// @dev Fill at least the bound.
  /// @param units The units asked for.
  /// @param bound The least.
  error BelowMinFill(uint256 units, uint256 bound);

  /// @notice The signature is not by the named signer, or the signer may not trade for the account.
  /// @dev Sign the order for this chain, this ledger and the account's owner or trade operator.
  /// @param account The maker.
  /// @param signer The named signer.
  error BadSignature(uint256 account, address signer);

  /// @notice A quantity would pass 2^63 − 1 lots.
  /// @dev Fill fewer units.
  /// @param account The account.
  /// @param series The series.
  /// @param quantity The quantity it would have.
  error QuantityBound(uint256 account, uint256 series, int256 quantity);

  /// @notice A position holds at most 32 legs.
  /// @dev Close legs first, or use another sub-account.
  /// @param account The account.
  /// @param book The book.
  /// @param count The legs it would have.
  /// @param bound The most.
  error TooManyLegs(uint256 account, uint256 book, uint256 count, uint256 bound);

  /// @notice The collateral would outgrow its word.
  /// @dev Fill fewer units.
  /// @param account The account.
  /// @param book The book.
  /// @param value The collateral it would have.
  /// @param bound The most.
  error CollateralBound(uint256 account, uint256 book, int256 value, uint256 bound);

  /// @notice The position lacks more than may be drawn from free cash.
  /// @dev Allocate collateral first, or allow a larger draw.
  /// @param account The account.
  /// @param book The book.
  /// @param needed The shortfall.
  /// @param allowed The draw allowed.
  error DrawTooSmall(uint256 account, uint256 book, uint256 needed, uint256 allowed);

  /// @notice Restricted (by the guard, after last trade, or retired): open interest may not rise.
  /// @dev Close or hand on positions of the same series.
  /// @param book The book.
  /// @param series The series whose open interest would rise.
  error RiskRestricted(uint256 book, uint256 series);

  /// @notice The price is worse than the taker allows.
  /// @dev Raise the limit or look for a better order.
  /// @param part Index of the part.
  /// @param pay What the taker would pay, fee included.
  /// @param bound Its limit.
  error PayAboveLimit(uint256 part, int256 pay, int256 bound);

  /// @notice The fees would outgrow their word.
  /// @dev Call `pushFees` first.
  /// @param book The book.
  /// @param value The fees it would hold.
  /// @param bound The most.
  error FeesBound(uint256 book, uint256 value, uint256 bound);

  /// @notice The pool is above the ceiling and open interest would rise.
  /// @dev Close positions or wait; exits stay open.
  /// @param book The book.
  /// @param pool The pool it would have.
  /// @param ceiling The current ceiling.
  error CeilingReached(uint256 book, uint256 pool, uint256 ceiling);

  /// @notice One call takes 1 to 16 orders.
  /// @dev Split the call.
  /// @param fills The orders given.
  /// @param bound The most.
  error FillsBound(uint256 fills, uint256 bound);

  /// @notice The range of units is empty or starts at 0.
  /// @dev Pass 1 ≤ minUnits ≤ maxUnits.
  /// @param minUnits The least.
  /// @param maxUnits The most.
  error UnitsRange(uint64 minUnits, uint64 maxUnits);

  /// @notice All orders of one call have the same books and legs per unit.
  /// @dev Take it by a call of its own.
  /// @param index Index of the order.
  error PartsDiffer(uint256 index);

  /// @notice Too little of the orders could be filled; the events of a simulated call say why each was skipped.
  /// @dev Lower minUnits or bring more orders.
  /// @param units The units filled.
  /// @param bound The least.
  error UnitsShort(uint256 units, uint256 bound);

  /* EXPIRY */

  /// @notice The settlement price is final.
  /// @dev Go on with `settle`.
  /// @param book The book.
  /// @param price Its price.
  error AlreadyFixed(uint256 book, uint64 price);

  /// @notice The book has not expired.
  /// @dev Wait for the expiry.
  /// @param book The book.
  /// @param expiry Its expiry.
  /// @param current The time now.
  error NotExpired(uint256 book, uint40 expiry, uint256 current);

  /// @notice The oracle answered 0, which is no price.
  /// @dev Prove the price to the oracle again.
  /// @param book The book.
  error PriceZero(uint256 book);

  /// @notice The settlement price is not fixed.
  /// @dev Call `fixPrice` first.
  /// @param book The book.
  error NotFixed(uint256 book);

  /// @notice The position is not settled.
  /// @dev Call `settle` first.
  /// @param account The account.
  /// @param book The book.
  error NotSettled(uint256 account, uint256 book);

  /// @notice A book pays at most its own pool.
  /// @dev Report it: coverage and zero sum rule this out.
  /// @param book The book.
  /// @param asked The amount.
  /// @param pool The pool.
  error PoolShort(uint256 book, uint256 asked, uint256 pool);
}

import type { ErrorEntry } from "../errors/catalogue.ts";

/** Every error that a call can end with, as its declaration documents it. */
export const ERRORS: readonly ErrorEntry[] = [
  {
    error: "error AccessManagedInvalidAuthority(address authority)",
    why: "The new authority is no contract.",
    remedy: "Name a deployed access manager.",
  },
  {
    error: "error AccessManagedRequiredDelay(address caller, uint32 delay)",
    why: "The caller may use this function only after a delay.",
    remedy:
      "Schedule the call at the access manager first, then execute it when the delay is over.",
  },
  {
    error: "error AccessManagedUnauthorized(address caller)",
    why: "The access manager does not let the caller use this function.",
    remedy: "Ask its administrator for the role, or call from an account that has it.",
  },
  {
    error: "error AccessManagerAlreadyScheduled(bytes32 operationId)",
    why: "The operation is scheduled already.",
    remedy: "Execute it when its delay is over, or cancel it first.",
  },
  {
    error: "error AccessManagerBadConfirmation()",
    why: "Who renounces a role confirms it by its own address.",
    remedy: "Pass the caller's address.",
  },
  {
    error: "error AccessManagerExpired(bytes32 operationId)",
    why: "The operation was scheduled too long ago.",
    remedy: "Schedule it again.",
  },
  {
    error: "error AccessManagerInvalidInitialAdmin(address initialAdmin)",
    why: "The access manager needs an administrator.",
    remedy: "Name one that is not the zero address.",
  },
  {
    error: "error AccessManagerLockedFunction(bytes4 selector)",
    why: "This function's role cannot be changed.",
    remedy: "Leave it as it is.",
  },
  {
    error: "error AccessManagerLockedRole(uint64 roleId)",
    why: "This role cannot be changed.",
    remedy: "Use another role.",
  },
  {
    error: "error AccessManagerNotReady(bytes32 operationId)",
    why: "The operation's delay is not over.",
    remedy: "Wait until it is.",
  },
  {
    error: "error AccessManagerNotScheduled(bytes32 operationId)",
    why: "The operation is not scheduled.",
    remedy: "Schedule it first.",
  },
  {
    error: "error AccessManagerUnauthorizedAccount(address msgsender, uint64 roleId)",
    why: "The caller lacks the role.",
    remedy: "Call from an account that has it.",
  },
  {
    error: "error AccessManagerUnauthorizedCall(address caller, address target, bytes4 selector)",
    why: "The caller may not use this function of the target, or not at that time.",
    remedy: "Ask the administrator for the role, and schedule the call if the role has a delay.",
  },
  {
    error:
      "error AccessManagerUnauthorizedCancel(address msgsender, address caller, address target, bytes4 selector)",
    why: "Only who scheduled the operation, a guardian of its role or an administrator may cancel it.",
    remedy: "Cancel from one of those.",
  },
  {
    error: "error AccessManagerUnauthorizedConsume(address target)",
    why: "Only a contract that is consuming a scheduled operation may do this.",
    remedy: "Call the managed contract itself.",
  },
  {
    error: "error AddressEmptyCode(address target)",
    why: "The address that was to be called holds no contract.",
    remedy: "Check the address and the chain.",
  },
  {
    error: "error AggregatorUnreadable(uint256 phase)",
    why: "The aggregator of a replaced phase does not read.",
    remedy: "Try again when the feed answers; from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error AlreadyEnrolled(uint256 market)",
    why: "The market is watched already.",
    remedy: "Nothing is to be done.",
  },
  {
    error: "error AlreadyFixed(uint256 book, uint64 price)",
    why: "The settlement price is final.",
    remedy: "Go on with `settle`.",
  },
  {
    error: "error AlreadySettled(uint256 account, uint256 book)",
    why: "The position is settled.",
    remedy: "Call `claim`.",
  },
  {
    error: "error AlreadyTripped(uint256 level, uint256 until)",
    why: "What is in force is as tight and lasts as long.",
    remedy: "Nothing is to be done before `until`.",
  },
  {
    error: "error AnswerNotPositive(int256 answer)",
    why: "An answer of zero or less is no price.",
    remedy: "Try again after the feed's next round.",
  },
  {
    error: "error AnswerTooLarge(int256 answer, int256 bound)",
    why: "An answer of 2^96 or more is no price.",
    remedy: "Try again after the feed's next round, or choose a feed with fewer decimals.",
  },
  {
    error: "error AnsweredInEarlierRound(uint256 answeredInRound, uint256 roundId)",
    why: "The latest round carries over the answer of an earlier one.",
    remedy: "Try again after the feed's next round.",
  },
  {
    error: "error BadSignature(uint256 account, address signer)",
    why: "The signature is not by the named signer, or the signer may not trade for the account.",
    remedy: "Sign the order for this chain, this ledger and the account's owner or trade operator.",
  },
  {
    error: "error BadVerification()",
    why: "A signature of the report is not of an oracle of the network.",
    remedy: "Bring the report as the network gave it.",
  },
  {
    error: "error BelowMinFill(uint256 units, uint256 bound)",
    why: "The fill is smaller than the maker allows.",
    remedy: "Fill at least the bound.",
  },
  {
    error: "error BeyondHorizon(uint40 expiry, uint256 bound)",
    why: "The expiry lies beyond the market's horizon.",
    remedy: "Open an earlier expiry.",
  },
  {
    error: "error BitmapTooWide(uint256 bitmap, uint256 signers)",
    why: "The bitmap names signers that the source does not have.",
    remedy: "Clear the bits from `signers` on.",
  },
  { error: "error BookAlreadyOpen(uint256 book)", why: "The book stands.", remedy: "Use it." },
  {
    error: "error BookExpired(uint256 book, uint40 expiry, uint256 current)",
    why: "The book's trading life is over.",
    remedy: "After expiry: fixPrice, settle, claim.",
  },
  {
    error: "error BookNotOpen(uint256 book)",
    why: "No such book is open.",
    remedy: "Open it with `openBook`, or check the id.",
  },
  {
    error: "error BountyTooLarge(uint256 perPoint, uint256 max)",
    why: "The bounty is above its bound.",
    remedy: "Use at most `max`: a hundred times what the market takes for a lot.",
  },
  {
    error: "error BreakerWithoutCode(address target)",
    why: "An address has no code.",
    remedy: "Check the address and the chain.",
  },
  {
    error: "error CalldataMustHaveValidPayload()",
    why: "The packages are not encoded as RedStone's connector reads them.",
    remedy: "Encode them as `scripts/lib/oracle/redstone.ts` does.",
  },
  {
    error: "error CalldataOverOrUnderFlow()",
    why: "The packages end before RedStone's connector has read them.",
    remedy: "Encode them as `scripts/lib/oracle/redstone.ts` does.",
  },
  {
    error: "error CallsMustNet(uint256 book, int256 sum)",
    why: "In a linear book the call lots of a part add up to zero.",
    remedy: "Trade outright calls in the inverse book, or add the covering leg.",
  },
  {
    error: "error CashShort(uint256 account, address token, uint256 asked, uint256 available)",
    why: "The account has less free cash.",
    remedy: "Deposit, free collateral, or ask for less.",
  },
  {
    error: "error CeilingBound(uint112 ceiling, uint112 bound)",
    why: "The ceiling is 0 at listing or above its bound: the profile's at listing, the terms' later.",
    remedy: "Lower the ceiling.",
  },
  {
    error: "error CeilingReached(uint256 book, uint256 pool, uint256 ceiling)",
    why: "The pool is above the ceiling and open interest would rise.",
    remedy: "Close positions or wait; exits stay open.",
  },
  {
    error: "error ClassesInvalid(uint16 classes)",
    why: "The source's classes are empty, or mix a guard with votes.",
    remedy: "Make the adapter with classes of its own; a guard has that class alone.",
  },
  {
    error: "error ClassesOverlap(uint16 classes, uint16 taken)",
    why: "The source shares some but not all classes with a vote: the same data would count twice.",
    remedy: "Use an adapter whose classes are exactly a vote's, or touch none.",
  },
  {
    error: "error CollateralBound(uint256 account, uint256 book, int256 value, uint256 bound)",
    why: "The collateral would outgrow its word.",
    remedy: "Fill fewer units.",
  },
  {
    error: "error CollateralShort(uint256 account, uint256 book, uint256 asked, uint256 available)",
    why: "The position has less collateral.",
    remedy: "Ask for less.",
  },
  {
    error: "error ConfidenceTooWide(uint256 confidence, uint256 max)",
    why: "The stated half-width is above its bound, both in bps.",
    remedy: "Wait for a narrower one.",
  },
  {
    error: "error DailyVolTooLarge(uint256 dailyVol, uint256 max)",
    why: "The daily volatility, in bps, is above its bound.",
    remedy: "Use at most `max`.",
  },
  {
    error: "error DecimalsChanged(uint256 frozen, uint256 current)",
    why: "The feed changed its decimals after the fixing opened; no answer of it is used, none is rescaled.",
    remedy:
      "Open another expiry; this one settles on the mark, with an empty proof, from T + 30 d.",
  },
  {
    error: "error DecimalsTooLarge(uint256 decimals, uint256 max)",
    why: "The feed's answers have too many decimals.",
    remedy: "Choose a feed within the bound.",
  },
  {
    error: "error DecimalsUnreadable(address proxy)",
    why: "`decimals()` of the feed does not read.",
    remedy:
      "Name a Chainlink proxy; if it is one, try again later: from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error DigestInactive(bytes32 configDigest)",
    why: "The configuration in which the report was signed is no longer in use.",
    remedy: "Bring a newer report.",
  },
  {
    error: "error DrawTooSmall(uint256 account, uint256 book, uint256 needed, uint256 allowed)",
    why: "The position lacks more than may be drawn from free cash.",
    remedy: "Allocate collateral first, or allow a larger draw.",
  },
  {
    error: "error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed)",
    why: "The payer lets the spender move fewer tokens than asked for.",
    remedy: "Approve the ledger at the token, for at least the amount.",
  },
  {
    error: "error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed)",
    why: "The payer has fewer tokens than asked for.",
    remedy: "Ask for at most the balance, or fund the payer.",
  },
  {
    error: "error ERC20InvalidReceiver(address receiver)",
    why: "The token does not go to this receiver.",
    remedy: "Name another one.",
  },
  {
    error: "error ERC20InvalidSender(address sender)",
    why: "The token does not come from this sender.",
    remedy: "Pay from another address.",
  },
  {
    error:
      "error ERC6909InsufficientAllowance(address spender, uint256 allowance, uint256 needed, uint256 id)",
    why: "The holder lets the caller move fewer packages than asked for.",
    remedy: "The holder approves more, or makes the caller its token operator.",
  },
  {
    error:
      "error ERC6909InsufficientBalance(address sender, uint256 balance, uint256 needed, uint256 id)",
    why: "The holder has fewer packages than asked for.",
    remedy:
      "Ask for at most what `balanceOf` says; legs must be as they were wrapped, or the id is another.",
  },
  {
    error: "error ERC6909InvalidReceiver(address receiver)",
    why: "Packages cannot go to the zero address.",
    remedy: "Name a receiver; to be rid of packages, unwrap or redeem them.",
  },
  {
    error: "error ERC6909InvalidSender(address sender)",
    why: "Packages cannot come from the zero address.",
    remedy: "Name the holder.",
  },
  {
    error: "error ERC6909InvalidSpender(address spender)",
    why: "The zero address cannot be a spender.",
    remedy: "Name the spender.",
  },
  {
    error: "error EntryPointWithoutCode(address entryPoint)",
    why: "The entry point has no code.",
    remedy: "Check its address and the chain.",
  },
  {
    error: "error EpochStale(uint32 epoch, uint32 current)",
    why: "The maker cancelled all orders of that epoch.",
    remedy: "Ask for a new order.",
  },
  {
    error: "error ExpiryTooFar(uint256 expiry, uint256 bound)",
    why: "The expiry is too far ahead.",
    remedy: "Open it later, from 100 days before it on.",
  },
  {
    error: "error ExponentChanged(int256 frozen, int256 current)",
    why: "The feed's exponent is not the one the source was made with; none of its prices is rescaled.",
    remedy: "Make another source for the new exponent.",
  },
  {
    error: "error ExponentOutOfRange(int256 exponent)",
    why: "The exponent is none that a source can be made with.",
    remedy: "Name the feed's own exponent, within −18..0.",
  },
  {
    error: "error FailedCall()",
    why: "A call within a batch failed without a reason, out of gas most likely.",
    remedy: "Send more gas, or simulate the call by itself.",
  },
  {
    error: "error FaucetClosed(address account, uint256 from)",
    why: "The account has taken its sum already.",
    remedy: "Come back at `from`, or ask from another address.",
  },
  {
    error: "error FeeBeyondValue(uint256 feeA, uint256 sent)",
    why: "The first leg is to be sent more than there is.",
    remedy: "Send the sum of both fees.",
  },
  {
    error: "error FeeCap(uint64 feePerLot, uint256 bound)",
    why: "The fee per lot is above the hard cap.",
    remedy: "Lower the fee.",
  },
  {
    error: "error FeedExists(bytes32 feed)",
    why: "The feed exists already.",
    remedy: "Choose another name, or add sources to this feed.",
  },
  {
    error: "error FeedExpTooLarge(uint256 priceExp, uint256 max)",
    why: "The price exponent is above its bound.",
    remedy: "Use at most `max`.",
  },
  { error: "error FeedNameZero()", why: "A feed's name is not zero.", remedy: "Name the feed." },
  {
    error: "error FeedNotAddress(bytes32 feed)",
    why: "The feed's name is not a left-padded address.",
    remedy: "Pass bytes32(uint160(proxy)).",
  },
  {
    error: "error FeedStillAnswers(address proxy)",
    why: "The mark was asked for while the feed answers.",
    remedy:
      "Prove a round: `scripts/lib/roundHints.ts` finds the hints. An empty proof passes from T + 30 d.",
  },
  {
    error: "error FeedUnknown(bytes32 feed)",
    why: "There is no such feed.",
    remedy: "Check the name; `FeedCreated` lists feeds.",
  },
  {
    error: "error FeedUnreadable(address proxy)",
    why: "`latestRoundData()` of the feed does not read.",
    remedy: "Name a Chainlink proxy; if it is one, try again when it answers.",
  },
  {
    error: "error FeedVersionUnknown(bytes32 feedId)",
    why: "The feed is not one of version 3 reports.",
    remedy: "Name a feed whose id begins with 0x0003.",
  },
  {
    error: "error FeedWithoutCode(address proxy)",
    why: "There is no contract at the feed's address.",
    remedy: "Check the feed's address and the chain.",
  },
  {
    error: "error FeesBound(uint256 book, uint256 value, uint256 bound)",
    why: "The fees would outgrow their word.",
    remedy: "Call `pushFees` first.",
  },
  {
    error: "error FeesMismatch(uint256 sent, uint256 fees)",
    why: "The value sent is not the sum of the proofs' fees.",
    remedy: "Send the sum of the fees; `fix` takes proofs without fees only.",
  },
  {
    error: "error FillsBound(uint256 fills, uint256 bound)",
    why: "One call takes 1 to 16 orders.",
    remedy: "Split the call.",
  },
  {
    error: "error FixingFinal(uint64 price)",
    why: "The fixing has its price.",
    remedy: "Take the price.",
  },
  {
    error: "error FixingNotOpen(bytes32 fixing)",
    why: "Nobody opened this fixing.",
    remedy: "Check feed, profile and expiry; before the expiry, call `open`.",
  },
  {
    error: "error FixingWindowOver(uint256 timestamp, uint256 end)",
    why: "Opening, joining and refreshing end at the expiry, bringing values when the last window closes.",
    remedy: "Choose a later expiry; this one is due for `fix`.",
  },
  {
    error: "error ForeignTaker(address taker, address owner)",
    why: "The order is meant for another owner.",
    remedy: "Take it from that owner's account.",
  },
  {
    error: "error FormInvalid(uint256 form)",
    why: "The form has more than 22 bits or no rank.",
    remedy: "The adapter is broken; do not use it.",
  },
  {
    error: "error GasStarved(uint256 gasLeft, uint256 needed)",
    why: "The transaction left too little gas for an honest answer of foreign code: its silence would prove nothing.",
    remedy: "Let the node estimate the gas limit, or send 350,000 more.",
  },
  {
    error: "error GridPeriodZero()",
    why: "Expiries need a distance.",
    remedy: "Set `gridPeriod`, 604,800 for a week.",
  },
  {
    error: "error GuardianBudget(uint256 time, uint256 from)",
    why: "The guardian has used up its budget: once in 24 hours, twice in seven days.",
    remedy: "Wait until `from`, or trip with evidence.",
  },
  {
    error: "error HaltBudget(uint256 current, uint256 from)",
    why: "Two halts began within the last seven days.",
    remedy: "Use Restricted, or wait.",
  },
  {
    error: "error HintOutOfPhase(uint256 hint, uint256 phase)",
    why: "The hint is no round of the phase it stands for.",
    remedy:
      "Give full round ids, phase << 64 | round, from the current phase downwards; find them again if the feed has changed its phase.",
  },
  {
    error: "error HintsIncomplete(uint256 given, uint256 needed)",
    why: "No hint so far is fresh and there are phases left without one.",
    remedy: "Add a hint for each next lower phase, 0 for a phase without a round up to T.",
  },
  {
    error: "error HintsLeftOver(uint256 given, uint256 used)",
    why: "The choice was made before all hints were used.",
    remedy: "Drop the hints after the first `used`.",
  },
  {
    error: "error HorizonBound(uint40 horizon, uint40 least, uint40 most)",
    why: "The horizon is outside its bounds.",
    remedy: "Choose one within them, in seconds.",
  },
  {
    error: "error ImpositionInvalid(uint256 level, uint256 duration)",
    why: "The guardian's level or duration is outside its bounds.",
    remedy: "Level 1 or 2, at most six hours.",
  },
  {
    error: "error InExternalCall()",
    why: "The ledger is waiting for a foreign call (token, wallet, oracle, access manager) to return.",
    remedy: "Call again outside of that call.",
  },
  {
    error: "error InsufficientBalance(uint256 balance, uint256 needed)",
    why: "The contract has less ether than the call is to carry.",
    remedy: "Send the ether along.",
  },
  {
    error:
      "error InsufficientNumberOfUniqueSigners(uint256 receivedSignersCount, uint256 requiredSignersCount)",
    why: "Too few of the packages say something of the source's feed.",
    remedy: "Bring packages of the feed, one of each claimed signer.",
  },
  {
    error: "error InvalidSignature(bytes32 signedHash)",
    why: "The signature of a package is none.",
    remedy: "Bring the package as its signer gave it.",
  },
  {
    error: "error LastTradeBound(uint24 lastTrade, uint24 bound)",
    why: "The last-trade time lies too far before expiry.",
    remedy: "Choose at most the bound, in seconds.",
  },
  {
    error: "error LatestRoundUnreadable(uint256 phase)",
    why: "The latest round of a phase does not read, so nothing shows that no round follows.",
    remedy:
      "Try again when the next round is out or the aggregator answers; from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error LegIsGuard(uint256 leg)",
    why: "A guard cannot be a leg.",
    remedy: "Name a source that votes.",
  },
  {
    error: "error LegQuantity(uint256 part, uint256 leg, int64 quantity)",
    why: "A leg has between 1 and 2^63 − 1 lots, either sign.",
    remedy: "Drop or change the leg.",
  },
  {
    error: "error LegTooOld(uint256 leg, uint256 age, uint256 maxAge)",
    why: "The reading of a leg is older than that leg's readings may be.",
    remedy: "Bring a newer one; if the leg is pushed, wait for its next round.",
  },
  {
    error: "error LegsBound(uint256 part, uint256 legs, uint256 bound)",
    why: "A part has 1 to 32 legs.",
    remedy: "Split the order.",
  },
  {
    error: "error LegsOpen(uint256 account, uint256 book, uint256 count)",
    why: "After expiry a position with legs is settled first.",
    remedy: "Call `settle`, then `claim`.",
  },
  {
    error: "error LegsUnsorted(uint256 part, uint256 leg)",
    why: "Legs ascend strictly by strike, puts before calls.",
    remedy: "Sort them; merge equal ones.",
  },
  {
    error: "error LevelUnknown(uint8 level, uint8 bound)",
    why: "The level has no meaning.",
    remedy: "Use 0 Normal, 1 Restricted, 2 Halted.",
  },
  {
    error: "error LimitsLength(uint256 limits, uint256 parts)",
    why: "Each part needs its limit.",
    remedy: "Pass one limit a part.",
  },
  {
    error: "error ListInvalid(uint256 index)",
    why: "The books or accounts are not strictly ascending, or of another token.",
    remedy: "Sort them and leave out what is of another token.",
  },
  {
    error: "error LotScaleNotReduced(uint64 num, uint64 den, uint64 gcd)",
    why: "The lot scale is not in lowest terms, so equal markets would have two addresses.",
    remedy: "Divide both by the divisor.",
  },
  {
    error: "error LotScaleZero(uint64 num, uint64 den)",
    why: "A lot scale needs both parts.",
    remedy: "Make both at least 1.",
  },
  {
    error: "error MarginModeUnknown(uint8 marginMode, uint8 bound)",
    why: "Only full coverage exists.",
    remedy: "Use 0.",
  },
  {
    error: "error MarkNotNewer(uint256 updatedAt, uint256 markTime)",
    why: "The mark only moves forward in time.",
    remedy: "Leave it, the mark is up to date; or try again when a newer price is out.",
  },
  {
    error: "error MarkTooOld(uint256 age, uint256 maxAge)",
    why: "The latest round is too old to be a mark.",
    remedy: "Try again after the feed's next round; a heartbeat above the bound cannot serve.",
  },
  {
    error: "error MarketHalted(uint256 book, uint40 until)",
    why: "The market is halted: no fills.",
    remedy: "Wait; exits stay open.",
  },
  {
    error: "error MarketIsRetired(uint256 market)",
    why: "The market is retired: it takes no new books.",
    remedy: "Use another market; every exit of this one stays open.",
  },
  {
    error: "error MarketTaken(uint256 market)",
    why: "A market with this prefix is listed.",
    remedy: "Change the salt, or use the market that stands.",
  },
  {
    error: "error MarketUnknown(uint256 market)",
    why: "No such market is listed.",
    remedy: "Pass the 152-bit prefix at the top of the word, low 104 bits zero.",
  },
  {
    error: "error MaxAgeInvalid(uint256 maxAge, uint256 max)",
    why: "The source's maximal age is outside 1..max seconds.",
    remedy: "Make the adapter with another maximal age.",
  },
  {
    error: "error MaxAheadTooLarge(uint256 maxAhead, uint256 max)",
    why: "The source's readings may be farther ahead than `max` seconds.",
    remedy: "Make the adapter with a smaller lead.",
  },
  {
    error: "error NetworkWithoutCode(address network)",
    why: "There is no contract where the source was to read.",
    remedy: "Check the address and the chain.",
  },
  {
    error: "error NoAgreement(uint256 recent, uint256 needed, uint256 distance)",
    why: "Too few votes are of this minute, or too few of them agree, so a price says nothing.",
    remedy:
      "Bring the readings first (`poke`, `update`); if they are apart, trip for that. `distance` is that of the votes nearest together, bps.",
  },
  {
    error: "error NoCode(address target)",
    why: "The address holds no contract.",
    remedy: "Check the address and the chain.",
  },
  {
    error: "error NoEvidence(uint8 trigger, uint256 measured, uint256 threshold)",
    why: "The condition does not hold.",
    remedy: "`measured` does not pass `threshold`; both are in the unit of the trigger.",
  },
  {
    error: "error NoOutage(uint256 since)",
    why: "No outage of the sequencer touches the fixing's window.",
    remedy: "Nothing is to be done.",
  },
  {
    error: "error NoPastValues()",
    why: "The source has no values of the past.",
    remedy: "Ask it for the latest one; fixings take values of other sources.",
  },
  {
    error: "error NoRoundBeforeExpiry(uint256 expiry)",
    why: "No phase has a complete round up to the expiry.",
    remedy: "Settle on the mark, with an empty proof, from T + 30 d.",
  },
  {
    error: "error NoSuccessor(uint256 index)",
    why: "The source was not proposed within the last 14 days.",
    remedy: "Propose it first, or anew.",
  },
  {
    error: "error NonceTaken(uint256 account, uint256 nonce)",
    why: "Another order was filled under this nonce.",
    remedy: "Ask for an order with a nonce of its own.",
  },
  {
    error: "error NotBatchable(bytes4 selector)",
    why: "The function cannot be called from a batch.",
    remedy: "Call it by itself.",
  },
  {
    error: "error NotEnrolled(uint256 market)",
    why: "The market is not watched yet.",
    remedy: "Call `enroll` first; anyone may.",
  },
  {
    error: "error NotExpired(uint256 book, uint40 expiry, uint256 current)",
    why: "The book has not expired.",
    remedy: "Wait for the expiry.",
  },
  {
    error: "error NotFixed(uint256 book)",
    why: "The settlement price is not fixed.",
    remedy: "Call `fixPrice` first.",
  },
  {
    error: "error NotGuard(uint256 market, address caller)",
    why: "Only the guard named in the market's terms may set its level.",
    remedy: "Call through the market's guard.",
  },
  {
    error: "error NotHealthy(uint256 observations, uint256 span)",
    why: "The market has not been seen healthy for long enough.",
    remedy:
      "`observe` until there are three healthy ones since the trip over ten minutes, the last within two minutes.",
  },
  {
    error: "error NotHeld(uint256 series, int256 held, int256 asked)",
    why: "An account gives at most what it holds, with its sign; only a fill opens positions.",
    remedy: "Ask for at most what is held.",
  },
  {
    error: "error NotInShadow(uint256 index)",
    why: "The source is not in shadow.",
    remedy: "It votes already, or is a guard.",
  },
  {
    error: "error NotLastRound(uint256 hint, uint256 next)",
    why: "A later complete round is not after the expiry either; for a hint of 0: the phase has such a round.",
    remedy: "Hint the phase's last complete round up to T; look from `next` on.",
  },
  {
    error: "error NotNewer(uint256 time, uint256 stored)",
    why: "The store has a reading that is as new or newer.",
    remedy: "Bring one that is newer than `stored`.",
  },
  {
    error: "error NotOwner(uint256 account, address caller)",
    why: "Only the owner of the account may do this.",
    remedy: "Call from the owner: the account's top 160 bits.",
  },
  {
    error: "error NotPermitted(uint256 account, address caller, uint8 scope)",
    why: "The caller is neither the owner nor an operator with this scope.",
    remedy: "Ask the owner for `setAccountOperator`.",
  },
  {
    error: "error NotReleasable(uint256 market, uint8 trigger)",
    why: "Nothing that could be ended early is in force.",
    remedy:
      "Timed levels and those of the collateral end by their time alone, the guardian's by `lift`.",
  },
  {
    error: "error NotSettled(uint256 account, uint256 book)",
    why: "The position is not settled.",
    remedy: "Call `settle` first.",
  },
  {
    error: "error NotThisGuard(uint256 market, address guard)",
    why: "The market's terms name another guard.",
    remedy: "Only markets listed with this breaker as their guard can be watched.",
  },
  {
    error: "error NothingOwed(uint256 book, address beneficiary)",
    why: "Nothing is owed: no new points, or the book's fees are used up.",
    remedy: "Call `collect` first if the ledger still has fees of the book.",
  },
  {
    error: "error NothingToAnswer(uint8 trigger)",
    why: "The condition holds still, there was no notice, or it is one that cannot be taken back.",
    remedy: "Bring readings first.",
  },
  {
    error: "error NothingToRollBack(uint256 market)",
    why: "There is no change of the last 72 hours to roll back.",
    remedy: "Set the thresholds anew.",
  },
  {
    error: "error NoticeMissing(uint8 trigger, uint256 from, uint256 to)",
    why: "The trigger needs a notice that has stood for a while.",
    remedy: "Give notice; trip between `from` and `to`.",
  },
  {
    error: "error NoticeStands(uint8 trigger, uint256 since)",
    why: "A notice stands already.",
    remedy: "Trip once it has stood long enough.",
  },
  {
    error: "error ObservationsMalformed(uint256 length)",
    why: "The payload is no abi.encode(uint40, uint16, uint64[], bytes32[2][]) without gaps or additions.",
    remedy: "Encode it as `scripts/lib/oracle/signedFeed.ts` does.",
  },
  {
    error: "error ObservationsMismatch(uint256 signers, uint256 prices, uint256 signatures)",
    why: "Not every signer of the bitmap has one price and one signature.",
    remedy: "Give one of each for every bit, lowest bit first.",
  },
  {
    error: "error ObservedPriceInvalid(uint256 index, uint256 price, uint256 max)",
    why: "An observed price is zero or above 2^63 − 1.",
    remedy: "Leave the signer out.",
  },
  {
    error: "error OffGrid(uint40 expiry, uint40 anchor, uint40 period)",
    why: "The expiry is not on the market's grid.",
    remedy: "Use anchor + k · period.",
  },
  {
    error: "error OperatorEnded(uint40 until, uint256 current)",
    why: "A grant must end in the future.",
    remedy: "Pass a later `until`.",
  },
  {
    error: "error OperatorInvalid(address operator)",
    why: "The operator is the zero address.",
    remedy: "Name the operator.",
  },
  {
    error: "error OrderCancelled(uint256 account, uint256 nonce)",
    why: "The maker cancelled this nonce.",
    remedy: "Ask for a new order.",
  },
  {
    error: "error OrderExpired(uint40 deadline, uint256 current)",
    why: "The order's deadline has passed.",
    remedy: "Ask the maker for a new one.",
  },
  {
    error: "error OrderFilledUp(uint256 account, uint256 nonce)",
    why: "The nonce is used up.",
    remedy: "Ask for a new order.",
  },
  {
    error: "error OutageKnown(bytes32 fixing)",
    why: "An outage was noted already.",
    remedy: "Nothing is to be done.",
  },
  {
    error: "error OwnerZero(uint256 account)",
    why: "The account has no owner.",
    remedy: "Put the owner's address in the top 160 bits.",
  },
  {
    error: "error OwnersDiffer(uint256 from, uint256 to)",
    why: "Legs move between accounts of one owner only.",
    remedy: "Trade with other owners by orders.",
  },
  {
    error: "error PackageNegative(uint256 book, uint256 requirement)",
    why: "A package may be worth less than nothing at some price.",
    remedy: "Leave out or pair the short legs: only what owes nothing can be held by anyone.",
  },
  {
    error: "error PackageNotReduced(uint256 divisor)",
    why: "The quantities of a package have a common divisor.",
    remedy:
      "Divide the quantities by it and multiply the amount, so that equal packages have one id.",
  },
  {
    error: "error PackagesMalformed(uint256 length)",
    why: "The payload is no abi.encode(uint16, bytes) without gaps or additions.",
    remedy: "Encode it as `scripts/lib/oracle/redstone.ts` does.",
  },
  {
    error: "error PackagesMismatch(uint256 packages, uint256 signers)",
    why: "There is not one package for each claimed signer.",
    remedy: "Leave out the packages that are too many, or claim their signers.",
  },
  {
    error: "error PartsBound(uint256 parts, uint256 bound)",
    why: "An order has one to four parts.",
    remedy: "Split the order.",
  },
  {
    error: "error PartsDiffer(uint256 index)",
    why: "All orders of one call have the same books and legs per unit.",
    remedy: "Take it by a call of its own.",
  },
  {
    error: "error PartsUnsorted(uint256 part, uint256 book)",
    why: "Parts ascend strictly by book.",
    remedy: "Sort them; merge two parts of one book.",
  },
  {
    error: "error PayAboveLimit(uint256 part, int256 pay, int256 bound)",
    why: "The price is worse than the taker allows.",
    remedy: "Raise the limit or look for a better order.",
  },
  {
    error: "error PayloadNotEmpty(uint256 length)",
    why: "The source is read without a payload.",
    remedy: "Pass no bytes.",
  },
  {
    error: "error PhaseUnreadable(address proxy)",
    why: "`phaseId()` of the feed does not read.",
    remedy: "Try again when the feed answers; from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error PhaseWentBack(uint256 current, uint256 opening)",
    why: "The feed is in an earlier phase than it was in for the mark.",
    remedy:
      "Try again when the feed is back in that phase or a later one; from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error PolicyBound(uint256 field, uint256 value, uint256 min, uint256 max)",
    why: "A threshold is outside its bounds.",
    remedy: "Field by its place in `Policy`.",
  },
  {
    error: "error PolicyLoosens(uint256 field, uint256 value, uint256 current)",
    why: "A steward only tightens.",
    remedy: "Field by its place in `Policy`.",
  },
  {
    error: "error PolicyStep(uint256 field, uint256 value, uint256 min, uint256 max)",
    why: "A threshold moves too far in one step.",
    remedy: "At most a fifth of its value in one step.",
  },
  {
    error: "error PolicyUnchanged(uint256 market)",
    why: "The thresholds are what they are already.",
    remedy: "Nothing is to be done.",
  },
  {
    error: "error PoolBound(uint256 book, uint256 value, uint256 bound)",
    why: "The pool would outgrow its word.",
    remedy: "Use a smaller amount.",
  },
  {
    error: "error PoolShort(uint256 book, uint256 asked, uint256 pool)",
    why: "A book pays at most its own pool.",
    remedy: "Report it: coverage and zero sum rule this out.",
  },
  {
    error: "error PoolUnreadable(address pool)",
    why: "The pool does not read, or what it answers is no pair of sums.",
    remedy: "Name an initialised Uniswap v3 pool; if it is one, try again.",
  },
  {
    error: "error PriceExpMismatch(uint8 asked, uint8 offered)",
    why: "The terms and the oracle speak of different units.",
    remedy: "Use the oracle's exponent.",
  },
  {
    error: "error PriceExpTooLarge(uint256 priceExp, uint256 max)",
    why: "The price unit is beyond 10^18 underlying.",
    remedy: "Use an exponent within the bound.",
  },
  {
    error: "error PriceNotFinal(uint256 book)",
    why: "The book has no price yet.",
    remedy: "Prove it, then come back.",
  },
  {
    error: "error PriceOutOfRange(uint256 price)",
    why: "The price is outside 1..2^63 − 1.",
    remedy: "Bring another reading.",
  },
  {
    error: "error PriceZero(uint256 book)",
    why: "The oracle answered 0, which is no price.",
    remedy: "Prove the price to the oracle again.",
  },
  {
    error: "error PricesEqual(uint256 price)",
    why: "One price signed twice is no contradiction.",
    remedy: "Show two different prices for one time.",
  },
  {
    error: "error ProductExpTooLarge(uint256 priceExp, uint256 max)",
    why: "Together the legs refer to too large a power of ten of underlying.",
    remedy: "Name legs whose exponents add up to no more than `max`.",
  },
  {
    error: "error ProfileDirty(bytes32 profile)",
    why: "Bits 120..255 of the profile must be zero.",
    remedy:
      "Its low byte is the price exponent or the kind, as the implementation says; the ceiling follows.",
  },
  {
    error: "error ProfileKindUnknown(uint256 kind)",
    why: "There is no such kind of profile.",
    remedy: "Use 0, 1 or 2.",
  },
  {
    error: "error ProfileWithoutCeiling(bytes32 profile)",
    why: "The profile allows no market: its largest ceiling is zero.",
    remedy: "Put the largest ceiling, in base units of collateral, into bits 8..119.",
  },
  {
    error: "error ProofForOtherTime(uint256 proven, uint256 asked)",
    why: "The proof is for another time.",
    remedy: "Bring what was published of the time asked for.",
  },
  {
    error: "error ProofMalformed(uint256 length)",
    why: "The proof is not abi.encode(uint80[]) of at least one hint.",
    remedy: "Pass abi.encode(uint80[] hints), or nothing at all to ask for the mark.",
  },
  {
    error: "error ProofsMalformed(uint256 length)",
    why: "The proof of `fix` is not an encoded list of proofs.",
    remedy: "Encode `Proof[]` with abi.encode.",
  },
  {
    error: "error PutsNotListed(uint256 book)",
    why: "An inverse book lists calls only.",
    remedy: "Trade puts in the linear book.",
  },
  {
    error: "error QuantityBound(uint256 account, uint256 series, int256 quantity)",
    why: "A quantity would pass 2^63 − 1 lots.",
    remedy: "Fill fewer units.",
  },
  {
    error: "error QuorumInvalid(uint256 quorum)",
    why: "The quorum is odd and within 3..7.",
    remedy: "Use 3, 5 or 7.",
  },
  {
    error: "error ReadingFromFuture(uint256 time, uint256 latest)",
    why: "The reading is farther ahead than its source may be.",
    remedy: "Bring it once the block's time has come near it.",
  },
  {
    error: "error ReadingTooOld(uint256 age, uint256 maxAge)",
    why: "The reading is older than its source's maximal age.",
    remedy: "Bring a newer one.",
  },
  {
    error: "error ReceiverInvalid(address to)",
    why: "The receiver is the zero address or the ledger itself.",
    remedy: "Name another receiver.",
  },
  {
    error: "error ReentrancyGuardReentrantCall()",
    why: "The contract is in the midst of another call.",
    remedy: "Call when that has ended; a contract that is called on the way may not call back.",
  },
  {
    error: "error ReferenceInvalid(uint256 index, uint256 age)",
    why: "There is no observation in that place, or it is too old.",
    remedy: "Use an observation of the last five minutes.",
  },
  {
    error: "error ReleaseTooEarly(uint256 now_, uint256 from)",
    why: "What is left is still for those who have points.",
    remedy: "Come back 30 days after the expiry.",
  },
  {
    error: "error ReportOfOtherFeed(bytes32 given, bytes32 wanted)",
    why: "The report is of another feed.",
    remedy: "Bring a report of the source's own feed.",
  },
  {
    error: "error ReportTooWide(uint256 width, uint256 max)",
    why: "The report speaks of too long a time to be a value of an instant.",
    remedy: "Bring one whose observations are at most `max` after its valid-from.",
  },
  {
    error: "error RiskRestricted(uint256 book, uint256 series)",
    why: "Restricted (by the guard, after last trade, or retired): open interest may not rise.",
    remedy: "Close or hand on positions of the same series.",
  },
  {
    error: "error RoundAfterExpiry(uint256 updatedAt, uint256 expiry)",
    why: "The hinted round was published after the expiry.",
    remedy: "Hint the phase's last complete round up to T, or 0 if it has none.",
  },
  {
    error: "error RoundFromFuture(uint256 updatedAt, uint256 timestamp)",
    why: "The round is dated in the future.",
    remedy: "Try again when the chain's time has reached the round's.",
  },
  {
    error: "error RoundIncomplete(uint256 hint)",
    why: "The hinted round is missing or has no usable answer.",
    remedy: "Hint the phase's last complete round up to T, or 0 if it has none.",
  },
  {
    error: "error RoundNotUpdated(uint256 roundId)",
    why: "The round has no answer yet.",
    remedy: "Try again after the feed's next round.",
  },
  {
    error: "error RoundWithoutPhase(uint256 roundId)",
    why: "The latest round has no phase: this is no phase proxy.",
    remedy: "Name the feed's proxy, not its aggregator.",
  },
  {
    error: "error SafeCastOverflowedUintDowncast(uint8 bits, uint256 value)",
    why: "The value does not fit its type.",
    remedy: "Pass a smaller one.",
  },
  {
    error: "error SafeERC20FailedOperation(address token)",
    why: "A token refused a transfer without a reason, or answered false.",
    remedy: "Look at balance, allowance and the token's own rules.",
  },
  {
    error: "error SameAccount(uint256 account)",
    why: "Maker and taker are the same account.",
    remedy: "Take from another account.",
  },
  {
    error: "error ScopesUnknown(uint8 scopes, uint8 bound)",
    why: "A scope bit has no meaning.",
    remedy: "Use 1 trade, 2 manage, 3 both, 0 to revoke.",
  },
  {
    error: "error ShadowUnproven(uint256 age, uint256 samples, uint256 within)",
    why: "The shadow is too short, has too few samples, or too few of them within 1 %.",
    remedy: "Bring more readings; it wants 7 days, 500 samples and 99 % of them within 1 %.",
  },
  {
    error: "error SignatureForeign(uint256 index, address recovered, address signer)",
    why: "A signature is not the signer's for this observation, on this chain, of this contract.",
    remedy: "Have the signer sign `digest(time, price)`, and order the signatures by bit.",
  },
  {
    error: "error SignerCountInvalid(uint256 count, uint256 min, uint256 max)",
    why: "The number of signers is outside its bounds, or is none that the source can have.",
    remedy: "Name between `min` and `max` signers; own signers are 4, 7, 10, 13 or 16.",
  },
  {
    error: "error SignerIsRemoved(uint256 index, uint256 removedAt, uint256 time)",
    why: "A signer of the bitmap was removed before the time of the observations.",
    remedy: "Leave it out.",
  },
  {
    error: "error SignerNotClaimed(address signer)",
    why: "A package is not of a claimed signer.",
    remedy:
      "Claim the signer, or leave its package out; a signer that is not in `signers()` cannot be claimed.",
  },
  {
    error: "error SignerRemovedAlready(uint256 index, uint256 removedAt)",
    why: "The signer is removed already.",
    remedy: "Nothing is left to do.",
  },
  {
    error: "error SignerRepeated(address signer, uint256 index)",
    why: "A signer is listed twice.",
    remedy: "Name each signer once.",
  },
  {
    error: "error SignerUnknown(uint256 index, uint256 signers)",
    why: "There is no signer with this bit.",
    remedy: "Pass an index below `signers`.",
  },
  {
    error: "error SignerZero(uint256 index)",
    why: "A signer is the zero address.",
    remedy: "Name the signer.",
  },
  {
    error: "error SlotUnknown(uint256 slot, uint256 slots)",
    why: "The profile has fewer slots.",
    remedy: "Use a slot below `slots`.",
  },
  {
    error: "error SourceDisabled(uint256 index)",
    why: "The source is disabled.",
    remedy: "Use another source; disabling is for good.",
  },
  {
    error: "error SourceKnown(address source)",
    why: "The feed has the source already.",
    remedy: "Nothing is to be done.",
  },
  {
    error: "error SourceNotInFixing(uint256 index)",
    why: "The source is none of the fixing's.",
    remedy: "Use a source that voted when the fixing was opened; `fixingState` has them.",
  },
  {
    error: "error SourcePriceInvalid(int256 price)",
    why: "The price, at 8 decimals, is 0 or negative or above 2^63 − 1.",
    remedy:
      "Try again with the network's next price; if they stay so, the source was made with the wrong unit.",
  },
  {
    error: "error SourceUnknown(uint256 index)",
    why: "The feed has no source of that index.",
    remedy: "Use an index below the number of sources, see `feedTerms`.",
  },
  {
    error: "error SourceWithoutCode(address source)",
    why: "The address has no code.",
    remedy: "Deploy the adapter first, or check the address and the chain.",
  },
  {
    error: "error SpotDegraded(bytes32 feed, uint8 status)",
    why: "The spot is degraded; `status` tells why, see `IOracleHub`.",
    remedy: "Bring readings of every class to the hub with `update` and `poke`, then try again.",
  },
  {
    error: "error SpotUnhealthy(bytes32 feed, uint8 status)",
    why: "The spot is degraded; only an undegraded one is observed.",
    remedy: "Bring readings first.",
  },
  {
    error: "error SpotWouldMove(uint256 before, uint256 afterwards)",
    why: "The spot would move by more than 0.5 %.",
    remedy: "Wait until the votes agree, or until a lying one is in quarantine.",
  },
  {
    error: "error SpreadInvalid(int256 bid, int256 price, int256 ask)",
    why: "Bid, price and ask of the report are not in this order.",
    remedy: "Bring another report.",
  },
  {
    error: "error StrikeOffTick(uint64 strike, uint64 tick)",
    why: "The strike is 0 or not a multiple of the market's tick.",
    remedy: "Round the strike to the tick.",
  },
  {
    error: "error StrikeTickBound(uint64 tick, uint64 bound)",
    why: "The strike tick is 0 or above 2^63 − 1.",
    remedy: "Choose a tick within the bound.",
  },
  {
    error: "error StyleUnknown(uint8 style, uint8 bound)",
    why: "The style has no meaning.",
    remedy: "Use 0 linear or 1 inverse.",
  },
  {
    error: "error SuccessorKnown(uint256 index)",
    why: "The source was proposed already, and its 14 days are not over.",
    remedy: "Confirm it 7 days after it was proposed.",
  },
  {
    error: "error SuccessorOffMark(uint256 price, uint256 mark)",
    why: "The source's last price is more than 3 % off the mark.",
    remedy: "Use another source, or refresh the mark.",
  },
  {
    error: "error SuccessorSilent(uint256 age, uint256 maxAge)",
    why: "The source's last price is too old.",
    remedy: "Bring a reading of it to the hub first.",
  },
  {
    error: "error SuccessorUnproven(uint256 index)",
    why: "The source is not in shadow or not proven there.",
    remedy: "Let it prove itself in shadow, without promoting it.",
  },
  {
    error: "error ThresholdInvalid(uint256 threshold, uint256 signers)",
    why: "The fewest signers that make a value are none, or more than there are.",
    remedy:
      "Choose a threshold between 1 and `signers`; more than half of them, so that honest ones decide.",
  },
  {
    error: "error TickOutOfRange(int256 tick)",
    why: "The mean tick is none that a pool can have.",
    remedy: "The pool is no Uniswap v3 pool: name one.",
  },
  {
    error: "error TimestampsMustBeEqual()",
    why: "The packages are not all of one time.",
    remedy: "Bring packages of one time.",
  },
  {
    error: "error TokenDecimalsUnreadable(address token)",
    why: "`decimals()` of a token does not read.",
    remedy: "Name a pool of tokens that say their decimals.",
  },
  {
    error: "error TokenFeedUnit(bytes32 feed, uint256 priceExp)",
    why: "The collateral's price is not per one unit of it.",
    remedy: "Use a feed with a price exponent of 0.",
  },
  {
    error: "error TokenNotInPool(address token)",
    why: "The base token is none of the pool's two.",
    remedy: "Name one of the pool's tokens.",
  },
  {
    error: "error TooEarly(uint256 time, uint256 from)",
    why: "It is too early for another one.",
    remedy: "Call again at `from`.",
  },
  {
    error: "error TooEarlyToFix(uint256 timestamp, uint256 from)",
    why: "This price cannot be final yet.",
    remedy:
      "Call again from then on. Single feed: for T + 300 s also once a round after T is out; until T + 72 h only with hints, not with an empty proof. Several sources: or bring the values that are missing.",
  },
  {
    error: "error TooFewSigners(uint256 count, uint256 needed)",
    why: "The payload brings fewer signers than make a value.",
    remedy: "Add observations of more signers, for the same time.",
  },
  {
    error: "error TooFewVotes(uint256 live, uint256 quorum)",
    why: "Fewer votes than the quorum would be live.",
    remedy: "Bring readings of the other votes first, or add a source.",
  },
  {
    error: "error TooLateToSucceed(uint256 now_, uint256 latest)",
    why: "The expiry is less than 24 h away.",
    remedy: "Nothing more can be done; the fixing does without the vote.",
  },
  {
    error: "error TooManyIncomplete(uint256 hint, uint256 max)",
    why: "More incomplete rounds follow than a proof may step over.",
    remedy:
      "Hint a later complete round up to T; if there is none, from T + 30 d an empty proof settles on the mark.",
  },
  {
    error: "error TooManyLegs(uint256 account, uint256 book, uint256 count, uint256 bound)",
    why: "A position holds at most 32 legs.",
    remedy: "Close legs first, or use another sub-account.",
  },
  {
    error: "error TooManySources(uint256 max)",
    why: "The feed has as many sources as it can have.",
    remedy: "Make another feed; sources are never removed.",
  },
  {
    error: "error TooManyVotes(uint256 max)",
    why: "The feed has as many votes as it can have.",
    remedy: "Make another feed.",
  },
  {
    error: "error TooSoon(uint40 expiry, uint256 bound)",
    why: "A book opens at least two hours before its expiry.",
    remedy: "Open a later expiry.",
  },
  {
    error: "error TransferMismatch(address token, uint256 received, uint256 asked)",
    why: "The token did not move exactly the amount.",
    remedy: "Tokens with fees or moving balances cannot be collateral.",
  },
  {
    error: "error TreasuryZero()",
    why: "The treasury is the zero address.",
    remedy: "Name the treasury.",
  },
  {
    error: "error TriggerUnavailable(uint256 market, uint8 trigger)",
    why: "The trigger does not exist for this market or this function.",
    remedy:
      "`Move` and the like need a feed of the hub, `Depeg` a feed of the collateral, `Shortfall` its own function.",
  },
  {
    error:
      "error Undercovered(uint256 account, uint256 book, uint256 collateral, uint256 requirement)",
    why: "The position would not be covered at every price.",
    remedy: "Add collateral or free cash, or a leg that limits the loss.",
  },
  {
    error: "error UnitMismatch(bytes32 base, bytes32 quote, uint8 priceExp)",
    why: "The source prices another pair or in another unit than the feed.",
    remedy: "Use an adapter of the feed's pair and unit; `feedTerms` has them.",
  },
  {
    error: "error UnitsBound(uint256 units, uint256 remaining)",
    why: "The order has fewer units left.",
    remedy: "Fill at most what remains.",
  },
  {
    error: "error UnitsDoNotChain(bytes32 quote, bytes32 base)",
    why: "What the first leg is priced in is not what the second one prices.",
    remedy: "Name legs like ETH/BTC and BTC/USD, in this order.",
  },
  {
    error: "error UnitsRange(uint64 minUnits, uint64 maxUnits)",
    why: "The range of units is empty or starts at 0.",
    remedy: "Pass 1 ≤ minUnits ≤ maxUnits.",
  },
  {
    error: "error UnitsShort(uint256 units, uint256 bound)",
    why: "Too little of the orders could be filled; the events of a simulated call say why each was skipped.",
    remedy: "Lower minUnits or bring more orders.",
  },
  { error: "error UnitsZero()", why: "A fill needs at least one unit.", remedy: "Pass the units." },
  {
    error: "error UntilBound(uint40 until, uint256 bound)",
    why: "No level lasts longer than six hours at a time.",
    remedy: "Set it again later, on evidence.",
  },
  {
    error: "error ValueFormInvalid(uint256 form)",
    why: "The source's form has more than 22 bits or no rank.",
    remedy: "The adapter is broken; bring values of other sources.",
  },
  {
    error: "error ValueOutOfRange(uint256 price)",
    why: "The source's price is outside 1..2^63 − 1.",
    remedy: "The adapter is broken; bring values of other sources.",
  },
  {
    error: "error VerifierNotFound(bytes32 configDigest)",
    why: "No verifier knows the configuration in which the report was signed.",
    remedy: "Bring a report of this network, from this chain's environment.",
  },
  {
    error: "error VoteAlive(uint256 vote, uint256 time)",
    why: "The vote's store is younger than 72 h.",
    remedy: "Nothing is to be done; the vote speaks.",
  },
  {
    error: "error VoteNotOpenToSuccession(uint256 vote)",
    why: "The vote is none of the fixing's, or had its succession.",
    remedy: "Use a source of a vote of the fixing that has had no succession.",
  },
  {
    error: "error WindowInvalid(uint256 from, uint256 to)",
    why: "The window is empty, or ends after now.",
    remedy: "Name a window with from < to ≤ now.",
  },
  {
    error: "error WindowNotCovered(uint256 secondsAgo)",
    why: "The pool has not kept its observations that far back.",
    remedy: "Raise the pool's cardinality and wait for the length of a window.",
  },
  {
    error: "error WrongFee(uint256 sent, uint256 fee)",
    why: "The value sent is not the fee of the network's verifier; `fee` is 0 where there is none.",
    remedy: "Send exactly `fee`.",
  },
  {
    error: "error ZeroAmount()",
    why: "Nothing would move.",
    remedy: "Pass an amount of at least 1.",
  },
];

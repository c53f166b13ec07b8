/**
 * Who may call every external function of every contract that is deployed, the committed half of the access matrix: the
 * tests beside it hold it to the ABIs, and call each function from everybody. A function without a row fails them.
 *
 * @module
 */

/** Roles of `deploy/roles.ts`. */
export type RoleName = "ADMIN" | "LISTER" | "RETIRER" | "RISK" | "SOURCES" | "STEWARD" | "GUARDIAN";

/**
 * - `view`: everybody may ask, nothing changes;
 * - `anyone`: everybody may call, for whomever it is;
 * - `own`: everybody may call, and acts on what is the caller's alone;
 * - `owner`: the owner of the account that is named;
 * - `trade`, `manage`: the owner too, or an operator with that scope;
 * - `guard`: the contract that the market's terms name;
 * - `manager`: the access manager, when its administrator has it do so;
 * - `self`, `entry point`, `entry point or self`: of the guardian's account;
 * - a role: its members, after its delay.
 */
export type Who =
  | "view"
  | "anyone"
  | "own"
  | "owner"
  | "trade"
  | "manage"
  | "guard"
  | "manager"
  | "self"
  | "entry point"
  | "entry point or self"
  | RoleName;

/** Functions of one contract by name, those of one name together. */
export type Rows = Readonly<Record<string, Who>>;

const views = (...names: string[]): Rows => Object.fromEntries(names.map((name) => [name, "view"]));

/** What OpenZeppelin's AccessManaged adds. */
const managed: Rows = {
  ...views("authority", "isConsumingScheduledOp"),
  setAuthority: "manager",
};

/** What every source of prices has: reading it changes nothing but its verifier's own accounts. */
const source: Rows = { ...views("describe"), latest: "anyone", valueAt: "anyone" };

/** By the contract's name; the ledger's two halves together, as `IClearinghouse` has them. */
export const TABLE: Readonly<Record<string, Rows>> = {
  IClearinghouse: {
    ...managed,
    ...views("allowance", "annex", "balanceOf", "bookOf", "cashOf", "decimals", "eip712Domain"),
    ...views("epochOf", "guardOf", "isOperator", "marketAt", "marketCount", "name", "nonceOf"),
    ...views("operatorOf", "orderHash", "positionOf", "supportsInterface", "symbol", "termsOf"),
    ...views("treasury"),
    allocate: "manage",
    approve: "own",
    batch: "own",
    cancel: "trade",
    claim: "manage",
    deposit: "anyone",
    depositToBook: "anyone",
    fill: "trade",
    fillMany: "trade",
    fixPrice: "anyone",
    free: "manage",
    list: "LISTER",
    openBook: "anyone",
    pushFees: "anyone",
    raiseEpoch: "trade",
    redeem: "own",
    retire: "RETIRER",
    selfPermit: "own",
    setAccountOperator: "owner",
    setGuard: "guard",
    setOperator: "own",
    setTreasury: "ADMIN",
    settle: "anyone",
    transfer: "own",
    transferFrom: "anyone",
    transferLegs: "manage",
    unwrap: "manage",
    withdraw: "owner",
    wrap: "manage",
  },
  Lens: views(
    ...["accountOf", "booksOf", "calendar", "claimable", "dryFill", "ledger", "legsOf", "markets"],
    ...["marketsOf", "maxWithdraw", "payoffAt", "payoffCurve", "previewFill", "requirement"],
    "requirementAfter",
  ),
  OracleHub: {
    ...managed,
    ...views("UPTIME_FEED", "dispersion", "feedTerms", "report", "sequencer", "shadow", "source"),
    ...views("sourceWord", "spot", "storeWord", "votingSources"),
    addSource: "SOURCES",
    createFeed: "SOURCES",
    disable: "STEWARD",
    poke: "anyone",
    promote: "anyone",
    update: "anyone",
  },
  SettlementOracle: {
    ...views("HUB", "describe", "fixingId", "fixingState", "pointsOf", "price", "provenValue"),
    confirmSuccessor: "anyone",
    finalise: "anyone",
    fix: "anyone",
    noteOutage: "anyone",
    open: "anyone",
    proposeSuccessor: "anyone",
    refreshMark: "anyone",
    submit: "anyone",
  },
  ChainlinkSettlement: {
    ...views("describe", "fixingId", "fixingState", "price"),
    fix: "anyone",
    open: "anyone",
    refreshMark: "anyone",
  },
  Bounties: {
    ...managed,
    ...views("LEDGER", "TREASURY", "bountyOf", "pointsPaid", "purseOf"),
    claim: "anyone",
    collect: "anyone",
    release: "anyone",
    setBounty: "RISK",
    sweep: "anyone",
  },
  CircuitBreaker: {
    ...managed,
    ...views("BLOCK_TIME", "HUB", "LEDGER", "ceilingOf", "feedWatchOf", "networkWatch", "noticeOf"),
    ...views("observationAt", "policyBounds", "ruleOf", "stressOf", "watchOf"),
    adapt: "anyone",
    answer: "anyone",
    enroll: "anyone",
    impose: "GUARDIAN",
    lift: "GUARDIAN",
    notice: "anyone",
    observe: "anyone",
    release: "anyone",
    rollBack: "GUARDIAN",
    setPolicy: "RISK",
    setTokenFeed: "SOURCES",
    sync: "anyone",
    tighten: "STEWARD",
    trip: "anyone",
    tripShortfall: "anyone",
  },
  Guardian: {
    ...views("entryPoint", "getNonce", "getSignerCount", "getSigners", "isSigner"),
    ...views("supportsExecutionMode", "threshold"),
    addSigners: "self",
    execute: "entry point or self",
    removeSigners: "self",
    setThreshold: "self",
    validateUserOp: "entry point",
  },
  AccessManager: {
    ...views("ADMIN_ROLE", "PUBLIC_ROLE", "canCall", "expiration", "getAccess", "getNonce"),
    ...views("getRoleAdmin", "getRoleGrantDelay", "getRoleGuardian", "getSchedule"),
    ...views("getTargetAdminDelay", "getTargetFunctionRole", "hasRole", "hashOperation"),
    ...views("isTargetClosed", "minSetback"),
    cancel: "own",
    consumeScheduledOp: "own",
    execute: "own",
    grantRole: "ADMIN",
    labelRole: "ADMIN",
    multicall: "own",
    renounceRole: "own",
    revokeRole: "ADMIN",
    schedule: "own",
    setGrantDelay: "ADMIN",
    setRoleAdmin: "ADMIN",
    setRoleGuardian: "ADMIN",
    setTargetAdminDelay: "ADMIN",
    setTargetClosed: "ADMIN",
    setTargetFunctionRole: "ADMIN",
    updateAuthority: "ADMIN",
  },
  FaucetToken: {
    ...views("DOMAIN_SEPARATOR", "PERIOD", "SUM", "allowance", "balanceOf", "decimals", "name"),
    ...views("eip712Domain", "nextFaucet", "nonces", "symbol", "totalSupply"),
    approve: "own",
    faucet: "own",
    permit: "anyone",
    transfer: "own",
    transferFrom: "anyone",
  },
  ChainlinkPush: { ...source, ...views("decimals", "proxy") },
  DataStreams: { ...source, ...views("fee", "feeToken", "feedId", "verifierProxy") },
  Product: { ...source, ...views("legs") },
  Pyth: { ...source, ...views("exponent", "fee", "priceId", "pyth") },
  RedStone: {
    ...source,
    ...views("aggregateValues", "dataFeedId", "decimals", "extractTimestampsAndAssertAllAreEqual"),
    ...views("getAuthorisedSignerIndex", "getDataServiceId", "getUniqueSignersThreshold"),
    ...views("medianOf", "quorum", "signers", "validateTimestamp"),
  },
  SignedFeed: {
    ...source,
    ...views("digest", "eip712Domain", "pair", "quorum", "removalTimes", "signers", "standing"),
    proveEquivocation: "anyone",
  },
  UniswapTwap: { ...source, ...views("observeAt", "observed") },
};

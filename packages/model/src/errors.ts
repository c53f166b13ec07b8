import type { BREAKER_ERRORS } from "./breaker/errors.ts";
import type { ORACLE_ERRORS } from "./oracle/errors.ts";
import type { FIXING_ERRORS, HUB_ERRORS, SOURCE_ERRORS } from "./oracle/multi/errors.ts";

/** The ledger's own errors: names of their arguments, in the order of their declaration on chain. */
export const LEDGER_ERRORS = {
  InExternalCall: [],
  NotOwner: ["account", "caller"],
  NotPermitted: ["account", "caller", "scope"],
  NotGuard: ["market", "caller"],
  OperatorInvalid: ["operator"],
  ScopesUnknown: ["scopes", "bound"],
  OperatorEnded: ["until", "current"],
  NotBatchable: ["selector"],
  NoCode: ["target"],
  StyleUnknown: ["style", "bound"],
  LotScaleZero: ["num", "den"],
  LotScaleNotReduced: ["num", "den", "gcd"],
  StrikeTickBound: ["tick", "bound"],
  GridPeriodZero: [],
  HorizonBound: ["horizon", "least", "most"],
  LastTradeBound: ["lastTrade", "bound"],
  FeeCap: ["feePerLot", "bound"],
  MarginModeUnknown: ["marginMode", "bound"],
  MarketTaken: ["market"],
  PriceExpMismatch: ["asked", "offered"],
  CeilingBound: ["ceiling", "bound"],
  MarketUnknown: ["market"],
  MarketIsRetired: ["market"],
  LevelUnknown: ["level", "bound"],
  UntilBound: ["until", "bound"],
  HaltBudget: ["current", "from"],
  OffGrid: ["expiry", "anchor", "period"],
  TooSoon: ["expiry", "bound"],
  BeyondHorizon: ["expiry", "bound"],
  BookAlreadyOpen: ["book"],
  BookNotOpen: ["book"],
  BookExpired: ["book", "expiry", "current"],
  ZeroAmount: [],
  OwnerZero: ["account"],
  TransferMismatch: ["token", "received", "asked"],
  PoolBound: ["book", "value", "bound"],
  ReceiverInvalid: ["to"],
  CashShort: ["account", "token", "asked", "available"],
  CollateralShort: ["account", "book", "asked", "available"],
  LegsOpen: ["account", "book", "count"],
  AlreadySettled: ["account", "book"],
  Undercovered: ["account", "book", "collateral", "requirement"],
  OwnersDiffer: ["from", "to"],
  NotHeld: ["series", "held", "asked"],
  PackageNotReduced: ["divisor"],
  PackageNegative: ["book", "requirement"],
  PartsBound: ["parts", "bound"],
  LimitsLength: ["limits", "parts"],
  UnitsZero: [],
  PartsUnsorted: ["part", "book"],
  MarketHalted: ["book", "until"],
  LegsBound: ["part", "legs", "bound"],
  LegsUnsorted: ["part", "leg"],
  LegQuantity: ["part", "leg", "quantity"],
  StrikeOffTick: ["strike", "tick"],
  PutsNotListed: ["book"],
  CallsMustNet: ["book", "sum"],
  SameAccount: ["account"],
  OrderExpired: ["deadline", "current"],
  ForeignTaker: ["taker", "owner"],
  EpochStale: ["epoch", "current"],
  OrderCancelled: ["account", "nonce"],
  OrderFilledUp: ["account", "nonce"],
  NonceTaken: ["account", "nonce"],
  UnitsBound: ["units", "remaining"],
  BelowMinFill: ["units", "bound"],
  BadSignature: ["account", "signer"],
  QuantityBound: ["account", "series", "quantity"],
  TooManyLegs: ["account", "book", "count", "bound"],
  CollateralBound: ["account", "book", "value", "bound"],
  DrawTooSmall: ["account", "book", "needed", "allowed"],
  RiskRestricted: ["book", "series"],
  PayAboveLimit: ["part", "pay", "bound"],
  FeesBound: ["book", "value", "bound"],
  CeilingReached: ["book", "pool", "ceiling"],
  FillsBound: ["fills", "bound"],
  UnitsRange: ["minUnits", "maxUnits"],
  PartsDiffer: ["index"],
  UnitsShort: ["units", "bound"],
  AlreadyFixed: ["book", "price"],
  NotExpired: ["book", "expiry", "current"],
  PriceZero: ["book"],
  NotFixed: ["book"],
  NotSettled: ["account", "book"],
  PoolShort: ["book", "asked", "pool"],
} as const;

/** ERC-6909's errors, as OpenZeppelin's token declares them. */
export const TOKEN_ERRORS = {
  ERC6909InsufficientBalance: ["sender", "balance", "needed", "id"],
  ERC6909InsufficientAllowance: ["spender", "allowance", "needed", "id"],
  ERC6909InvalidApprover: ["approver"],
  ERC6909InvalidReceiver: ["receiver"],
  ERC6909InvalidSender: ["sender"],
  ERC6909InvalidSpender: ["spender"],
} as const;

/** Errors of foreign contracts that pass through the ledger. */
export const FOREIGN_ERRORS = {
  ERC20InsufficientAllowance: ["spender", "allowance", "needed"],
  ERC20InsufficientBalance: ["sender", "balance", "needed"],
  AccessManagedUnauthorized: ["caller"],
  /** The address has code that the model does not know as a token or an oracle: the call fails somehow. */
  ForeignCallFailed: ["target"],
} as const;

/** One number an argument. */
type ArgumentsOf<Names extends readonly string[]> = { readonly [I in keyof Names]: bigint };

type Catalogue = typeof LEDGER_ERRORS &
  typeof TOKEN_ERRORS &
  typeof FOREIGN_ERRORS &
  typeof ORACLE_ERRORS &
  typeof SOURCE_ERRORS &
  typeof HUB_ERRORS &
  typeof FIXING_ERRORS &
  typeof BREAKER_ERRORS;

/** Every error's arguments by its name. */
export type ErrorArguments = { readonly [N in keyof Catalogue]: ArgumentsOf<Catalogue[N]> };

/** Name of an error. */
export type ErrorName = keyof ErrorArguments;

/** One error: its name and its arguments in the order of their declaration. */
export type ErrorOf<N extends ErrorName> = {
  readonly [K in N]: { readonly name: K; readonly args: ErrorArguments[K] };
}[N];

/** Any error that a call can end with. */
export type ModelError = ErrorOf<ErrorName>;

/** Thrown inside a transition before its first write; the front door turns it into an outcome. */
export class Refusal extends Error {
  /** What is refused and why. */
  readonly error: ModelError;

  constructor(error: ModelError) {
    super(`${error.name}(${error.args.join(", ")})`);
    this.name = "Refusal";
    this.error = error;
  }
}

/** A state that no sequence of transitions reaches: a fault of the model itself or of the events given to it. */
export class ModelFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ModelFault";
  }
}

/**
 * Refuses the transition.
 *
 * @param name - The error.
 * @param args - Its arguments, in order.
 */
export function refuse<N extends ErrorName>(name: N, ...args: ErrorArguments[N]): never {
  // The compiler cannot see that a name and the arguments looked up by it belong together.
  throw new Refusal({ name, args } as unknown as ModelError);
}

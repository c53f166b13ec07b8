import type { OracleErrorArguments } from "./oracle/errors.ts";

/** Arguments of the ledger's own errors, in the order of their declaration on chain. */
export interface LedgerErrorArguments {
  InExternalCall: [];
  NotOwner: [account: bigint, caller: bigint];
  NotPermitted: [account: bigint, caller: bigint, scope: bigint];
  NotGuard: [market: bigint, caller: bigint];
  OperatorInvalid: [operator: bigint];
  ScopesUnknown: [scopes: bigint, bound: bigint];
  OperatorEnded: [until: bigint, current: bigint];
  NoCode: [target: bigint];
  StyleUnknown: [style: bigint, bound: bigint];
  LotScaleZero: [num: bigint, den: bigint];
  LotScaleNotReduced: [num: bigint, den: bigint, gcd: bigint];
  StrikeTickBound: [tick: bigint, bound: bigint];
  GridPeriodZero: [];
  HorizonBound: [horizon: bigint, least: bigint, most: bigint];
  LastTradeBound: [lastTrade: bigint, bound: bigint];
  FeeCap: [feePerLot: bigint, bound: bigint];
  MarginModeUnknown: [marginMode: bigint, bound: bigint];
  MarketTaken: [market: bigint];
  PriceExpMismatch: [asked: bigint, offered: bigint];
  CeilingBound: [ceiling: bigint, bound: bigint];
  MarketUnknown: [market: bigint];
  MarketIsRetired: [market: bigint];
  LevelUnknown: [level: bigint, bound: bigint];
  UntilBound: [until: bigint, bound: bigint];
  HaltBudget: [current: bigint, from: bigint];
  OffGrid: [expiry: bigint, anchor: bigint, period: bigint];
  TooSoon: [expiry: bigint, bound: bigint];
  BeyondHorizon: [expiry: bigint, bound: bigint];
  BookAlreadyOpen: [book: bigint];
  BookNotOpen: [book: bigint];
  BookExpired: [book: bigint, expiry: bigint, current: bigint];
  ZeroAmount: [];
  OwnerZero: [account: bigint];
  TransferMismatch: [token: bigint, received: bigint, asked: bigint];
  PoolBound: [book: bigint, value: bigint, bound: bigint];
  ReceiverInvalid: [to: bigint];
  CashShort: [account: bigint, token: bigint, asked: bigint, available: bigint];
  CollateralShort: [account: bigint, book: bigint, asked: bigint, available: bigint];
  LegsOpen: [account: bigint, book: bigint, count: bigint];
  AlreadySettled: [account: bigint, book: bigint];
  Undercovered: [account: bigint, book: bigint, collateral: bigint, requirement: bigint];
  PartsBound: [parts: bigint, bound: bigint];
  LimitsLength: [limits: bigint, parts: bigint];
  UnitsZero: [];
  PartsUnsorted: [part: bigint, book: bigint];
  MarketHalted: [book: bigint, until: bigint];
  LegsBound: [part: bigint, legs: bigint, bound: bigint];
  LegsUnsorted: [part: bigint, leg: bigint];
  LegQuantity: [part: bigint, leg: bigint, quantity: bigint];
  StrikeOffTick: [strike: bigint, tick: bigint];
  PutsNotListed: [book: bigint];
  CallsMustNet: [book: bigint, sum: bigint];
  SameAccount: [account: bigint];
  OrderExpired: [deadline: bigint, current: bigint];
  ForeignTaker: [taker: bigint, owner: bigint];
  EpochStale: [epoch: bigint, current: bigint];
  OrderCancelled: [account: bigint, nonce: bigint];
  OrderFilledUp: [account: bigint, nonce: bigint];
  NonceTaken: [account: bigint, nonce: bigint];
  UnitsBound: [units: bigint, remaining: bigint];
  BelowMinFill: [units: bigint, bound: bigint];
  BadSignature: [account: bigint, signer: bigint];
  QuantityBound: [account: bigint, series: bigint, quantity: bigint];
  TooManyLegs: [account: bigint, book: bigint, count: bigint, bound: bigint];
  CollateralBound: [account: bigint, book: bigint, value: bigint, bound: bigint];
  DrawTooSmall: [account: bigint, book: bigint, needed: bigint, allowed: bigint];
  RiskRestricted: [book: bigint, series: bigint];
  PayAboveLimit: [part: bigint, pay: bigint, bound: bigint];
  FeesBound: [book: bigint, value: bigint, bound: bigint];
  CeilingReached: [book: bigint, pool: bigint, ceiling: bigint];
  AlreadyFixed: [book: bigint, price: bigint];
  NotExpired: [book: bigint, expiry: bigint, current: bigint];
  PriceZero: [book: bigint];
  NotFixed: [book: bigint];
  NotSettled: [account: bigint, book: bigint];
  PoolShort: [book: bigint, asked: bigint, pool: bigint];
}

/** Errors of foreign contracts that pass through the ledger. */
export interface ForeignErrorArguments {
  ERC20InsufficientAllowance: [spender: bigint, allowance: bigint, needed: bigint];
  ERC20InsufficientBalance: [sender: bigint, balance: bigint, needed: bigint];
  AccessManagedUnauthorized: [caller: bigint];
  /** The address has code that the model does not know as a token or an oracle: the call fails somehow. */
  ForeignCallFailed: [target: bigint];
}

/** Every error's arguments by its name. */
export interface ErrorArguments
  extends LedgerErrorArguments, ForeignErrorArguments, OracleErrorArguments {}

/** Name of an error. */
export type ErrorName = keyof ErrorArguments;

/** One error: its name and its arguments in the order of their declaration. */
export type ErrorOf<N extends ErrorName> = {
  readonly [K in N]: { readonly name: K; readonly args: Readonly<ErrorArguments[K]> };
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

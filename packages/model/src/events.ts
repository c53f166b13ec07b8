import type { ModelError } from "./errors.ts";
import type { Terms } from "./types.ts";

/** What one part of a fill moved. Amounts are base units of the book's token. */
export interface FilledPart {
  readonly book: bigint;
  /** What the maker received; negative: paid. */
  readonly premium: bigint;
  /** What the taker paid to the treasury's account. */
  readonly fee: bigint;
  /** Drawn from the maker's free cash. */
  readonly makerDraw: bigint;
  /** Drawn from the taker's free cash. */
  readonly takerDraw: bigint;
  /** Packed legs per unit, as the maker received them. */
  readonly legs: readonly bigint[];
}

/** Legs of an account that become packages of its owner, or the other way round. */
export interface PackageMove {
  readonly account: bigint;
  readonly id: bigint;
  readonly book: bigint;
  /** Packed legs of one package. */
  readonly legs: readonly bigint[];
  readonly amount: bigint;
}

/** Fields of the ledger's events, in the order of their declaration on chain. */
export interface EventFields {
  MarketListed: { readonly marketId: bigint; readonly market: bigint; readonly terms: Terms };
  MarketRetired: { readonly market: bigint };
  GuardSet: {
    readonly market: bigint;
    readonly level: bigint;
    readonly until: bigint;
    readonly ceiling: bigint;
    readonly setAt: bigint;
  };
  BookOpened: {
    readonly book: bigint;
    readonly market: bigint;
    readonly expiry: bigint;
    readonly fixing: bigint;
    readonly mark: bigint;
  };
  Deposited: {
    readonly account: bigint;
    readonly token: bigint;
    readonly book: bigint;
    readonly payer: bigint;
    readonly amount: bigint;
  };
  Withdrawn: {
    readonly account: bigint;
    readonly token: bigint;
    readonly to: bigint;
    readonly amount: bigint;
  };
  Allocated: { readonly account: bigint; readonly book: bigint; readonly delta: bigint };
  OrderFilled: {
    readonly maker: bigint;
    readonly taker: bigint;
    readonly orderHash: bigint;
    readonly nonce: bigint;
    readonly units: bigint;
    readonly remaining: bigint;
    readonly parts: readonly FilledPart[];
  };
  FillSkipped: {
    readonly maker: bigint;
    readonly taker: bigint;
    readonly orderHash: bigint;
    /** The error that a fill of the order would have ended with; ABI-encoded on chain. */
    readonly reason: ModelError;
  };
  LegsMoved: {
    readonly from: bigint;
    readonly to: bigint;
    readonly book: bigint;
    /** Packed; quantities as the receiver gets them. */
    readonly legs: readonly bigint[];
    readonly collateral: bigint;
  };
  Wrapped: PackageMove;
  Unwrapped: PackageMove;
  Redeemed: {
    readonly holder: bigint;
    readonly id: bigint;
    readonly book: bigint;
    /** Packed legs of one package. */
    readonly legs: readonly bigint[];
    readonly amount: bigint;
    readonly to: bigint;
    /** Base units of the book's token. */
    readonly payout: bigint;
  };
  /** Packages change hands; from 0 by a wrap, to 0 by an unwrap or a redemption, whose own events follow. */
  Transfer: {
    readonly caller: bigint;
    readonly sender: bigint;
    readonly receiver: bigint;
    readonly id: bigint;
    readonly amount: bigint;
  };
  Approval: {
    readonly owner: bigint;
    readonly spender: bigint;
    readonly id: bigint;
    readonly amount: bigint;
  };
  OperatorSet: { readonly owner: bigint; readonly spender: bigint; readonly approved: boolean };
  OrdersCancelled: { readonly account: bigint; readonly nonces: readonly bigint[] };
  EpochRaised: { readonly account: bigint; readonly epoch: bigint };
  AccountOperatorSet: {
    readonly account: bigint;
    readonly operator: bigint;
    readonly scopes: bigint;
    readonly until: bigint;
    readonly since: bigint;
  };
  PriceFixed: { readonly book: bigint; readonly price: bigint };
  Settled: {
    readonly book: bigint;
    readonly accounts: readonly bigint[];
    readonly payouts: readonly bigint[];
  };
  SettleSkipped: { readonly book: bigint; readonly account: bigint; readonly payout: bigint };
  Claimed: {
    readonly account: bigint;
    readonly book: bigint;
    readonly amount: bigint;
    readonly toWallet: boolean;
  };
  FeesPushed: { readonly book: bigint; readonly treasury: bigint; readonly amount: bigint };
  TreasurySet: { readonly previous: bigint; readonly current: bigint };
}

/** Name of a ledger event. */
export type EventName = keyof EventFields;

/** One event: its name and its fields. */
export type EventOf<N extends EventName> = {
  readonly [K in N]: { readonly name: K; readonly args: EventFields[K] };
}[N];

/** Any event of the ledger. Replayed from genesis they give the state, and nothing else changes it. */
export type LedgerEvent = EventOf<EventName>;

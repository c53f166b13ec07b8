import type {
  AccountId,
  Address,
  BookId,
  Hex,
  Limit,
  MarketId,
  Order,
  PackageId,
  Terms,
} from "@certus/model";

/** What an ECDSA signature is made over and in which form; only `ours` and `plain` together are good. */
export interface Ecdsa {
  readonly kind: "ecdsa";
  /** The signature's key is this actor's. */
  readonly by: Address;
  readonly over: "ours" | "otherChain" | "otherLedger" | "otherOrder";
  readonly form: "plain" | "highS" | "compact";
}

/** How an order is signed. A wallet answers for itself, whatever the bytes are. */
export type Signing = Ecdsa | { readonly kind: "wallet" | "garbage"; readonly bytes: string };

/** An order with its signature in the making. */
export interface SignedOrder {
  readonly order: Order;
  readonly signer: Address;
  readonly signing: Signing;
}

/** What a permit's signature is made over, besides owner, ledger and deadline, and with whose key. */
export interface PermitSigning {
  readonly by: Address;
  readonly value: bigint;
  readonly nonce: bigint;
}

/** How the ERC-1271 wallet answers from now on. */
export type WalletMode = "agrees" | "refuses" | "dirty" | "short" | "reverts";

/** Legs of an account that become packages, or the other way round. */
export interface Packing {
  readonly account: AccountId;
  readonly book: BookId;
  readonly legs: readonly bigint[];
  readonly amount: bigint;
}

/** Arguments of each command, all plain values, so that a sequence can be kept as JSON. */
export interface Actions {
  list: { readonly terms: Terms };
  retire: { readonly market: MarketId };
  setGuard: {
    readonly market: MarketId;
    readonly level: bigint;
    readonly until: bigint;
    readonly ceiling: bigint;
  };
  openBook: { readonly market: MarketId; readonly expiry: bigint };
  deposit: { readonly account: AccountId; readonly token: Address; readonly amount: bigint };
  depositToBook: { readonly account: AccountId; readonly book: BookId; readonly amount: bigint };
  withdraw: {
    readonly account: AccountId;
    readonly token: Address;
    readonly amount: bigint;
    readonly to: Address;
  };
  allocate: { readonly account: AccountId; readonly book: BookId; readonly amount: bigint };
  free: { readonly account: AccountId; readonly book: BookId; readonly amount: bigint };
  fill: SignedOrder & {
    readonly account: AccountId;
    readonly units: bigint;
    readonly limits: readonly Limit[];
  };
  fillMany: {
    readonly account: AccountId;
    readonly fills: readonly SignedOrder[];
    readonly minUnits: bigint;
    readonly maxUnits: bigint;
    readonly limits: readonly Limit[];
  };
  transferLegs: {
    readonly from: AccountId;
    readonly to: AccountId;
    readonly book: BookId;
    readonly legs: readonly bigint[];
    readonly collateral: bigint;
  };
  wrap: Packing;
  unwrap: Packing;
  redeem: {
    readonly book: BookId;
    readonly legs: readonly bigint[];
    readonly amount: bigint;
    readonly to: Address;
  };
  transfer: { readonly receiver: Address; readonly id: PackageId; readonly amount: bigint };
  transferFrom: {
    readonly holder: Address;
    readonly receiver: Address;
    readonly id: PackageId;
    readonly amount: bigint;
  };
  approve: { readonly spender: Address; readonly id: PackageId; readonly amount: bigint };
  setOperator: { readonly spender: Address; readonly approved: boolean };
  selfPermit: {
    readonly token: Address;
    readonly amount: bigint;
    readonly deadline: bigint;
    readonly signing: PermitSigning;
  };
  batch: { readonly calls: readonly InnerCall[] };
  cancel: { readonly account: AccountId; readonly nonces: readonly bigint[] };
  raiseEpoch: { readonly account: AccountId };
  setAccountOperator: {
    readonly account: AccountId;
    readonly operator: Address;
    readonly scopes: bigint;
    readonly until: bigint;
  };
  fixPrice: { readonly book: BookId; readonly proof: Hex };
  settle: { readonly book: BookId; readonly accounts: readonly AccountId[] };
  claim: {
    readonly account: AccountId;
    readonly books: readonly BookId[];
    readonly toWallet: boolean;
  };
  pushFees: { readonly book: BookId };
  setTreasury: { readonly treasury: Address };
}

/** Name of a function of the ledger. */
export type LedgerCall = keyof Actions;

/** A function of the ledger with its arguments, whoever calls it. */
export type LedgerAction<K extends LedgerCall = LedgerCall> = {
  readonly [N in K]: { readonly kind: N } & Actions[N];
}[K];

/** A call of the ledger. */
export type CallOf<K extends LedgerCall> = LedgerAction<K> & { readonly sender: Address };

/** Bytes that call no function. */
export interface StrayBytes {
  readonly kind: "bytes";
  /** Hex digits. */
  readonly data: string;
}

/** What a batch is given to call, as its own sender. */
export type InnerCall = LedgerAction | StrayBytes;

/** What happens around the ledger. */
export type WorldAction =
  /** Time passes. */
  | { readonly kind: "wait" }
  /** The feed publishes a round; `skipped` round numbers before it stay empty. */
  | {
      readonly kind: "round";
      readonly proxy: Address;
      readonly answer: bigint;
      readonly updatedAt: bigint;
      readonly skipped: bigint;
    }
  /** Another aggregator takes over; a dead one answers nothing. */
  | {
      readonly kind: "phase";
      readonly proxy: Address;
      readonly decimals: bigint;
      readonly dead: boolean;
    }
  | { readonly kind: "wallet"; readonly mode: WalletMode }
  /** Writes what no transition can: a collateral and a pool that break coverage. */
  | {
      readonly kind: "force";
      readonly account: AccountId;
      readonly book: BookId;
      readonly collateral: bigint;
      readonly pool: bigint;
    };

/** Several calls in one transaction, made by a contract that goes on when one of them fails. */
export interface Sequence {
  readonly kind: "sequence";
  readonly calls: readonly LedgerAction[];
}

/** What a command does. */
export type Action = CallOf<LedgerCall> | Sequence | WorldAction;

/** One step: what happens, and the time of its block. */
export type Command = Action & {
  readonly at: bigint;
  /** What the generator had in mind. */
  readonly note?: string;
};

/** Name of a command. */
export type Kind = Command["kind"];

/** Names of the ledger's functions, in the order of the specification. */
export const LEDGER_CALLS = [
  "list",
  "retire",
  "setGuard",
  "openBook",
  "deposit",
  "depositToBook",
  "withdraw",
  "allocate",
  "free",
  "fill",
  "fillMany",
  "transferLegs",
  "wrap",
  "unwrap",
  "redeem",
  "transfer",
  "transferFrom",
  "approve",
  "setOperator",
  "selfPermit",
  "batch",
  "cancel",
  "raiseEpoch",
  "setAccountOperator",
  "fixPrice",
  "settle",
  "claim",
  "pushFees",
  "setTreasury",
] as const satisfies readonly LedgerCall[];

const NUMBER = /^-?\d+n$/;

/** A value as JSON; bigints as text with an n behind. */
export function toJson(value: unknown): string {
  return JSON.stringify(
    value,
    (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item),
    2,
  );
}

/** The value that `toJson` wrote. The caller says what it must be. */
export function fromJson(text: string): unknown {
  return JSON.parse(text, (_, item: unknown) =>
    typeof item === "string" && NUMBER.test(item) ? BigInt(item.slice(0, -1)) : item,
  );
}

/** Whether a command calls the ledger. */
export function isCall(command: Command): command is CallOf<LedgerCall> & Command {
  return (LEDGER_CALLS as readonly string[]).includes(command.kind);
}

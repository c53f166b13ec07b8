import type { Integer } from "../ranges.ts";
import type { LegInput } from "./legs.ts";

/** One book's share of an order, as `fill` takes it; quantities and premium are what the maker receives. */
export interface Part {
  /** The book. */
  readonly book: bigint;
  /** Packed legs per unit, sorted by strike, puts before calls. */
  readonly legs: bigint[];
  /** Premium per unit, price units (8 decimals); negative: the maker pays. */
  readonly premium: bigint;
  /** Most that may be drawn per unit from the maker's free cash, base units. */
  readonly maxDraw: bigint;
}

/** An order as `fill` takes it. */
export interface Order {
  /** The maker's account. */
  readonly account: bigint;
  /** Binds to the first order filled under it. */
  readonly nonce: bigint;
  /** The epoch of the maker's account. */
  readonly epoch: bigint;
  /** Size in units. */
  readonly units: bigint;
  /** Smallest fill in units, unless less remains. */
  readonly minFill: bigint;
  /** When it was signed, unix seconds; an operator's order counts only from its grant on. */
  readonly signedAt: bigint;
  /** Last second at which it fills, unix seconds. */
  readonly deadline: bigint;
  /** Owner of the only account that may take it; the zero address for anyone. */
  readonly taker: string;
  /** One to four parts, ascending by book; all fill in one proportion. */
  readonly parts: Part[];
}

/** A part that nobody here changes. */
export type ReadonlyPart = Omit<Part, "legs"> & { readonly legs: readonly bigint[] };

/** An order that nobody here changes: what every function of orders accepts. */
export type ReadonlyOrder = Omit<Order, "parts"> & { readonly parts: readonly ReadonlyPart[] };

/** A part as `buildOrder` takes it. */
export interface PartInput {
  /** The book. */
  readonly book: Integer;
  /** Legs per unit in any order, spelled out or packed. */
  readonly legs: readonly (LegInput | bigint)[];
  /** Premium the maker receives per unit, price units (8 decimals); negative: it pays. */
  readonly premium: Integer;
  /** Most that may be drawn per unit from the maker's free cash, base units; 0 if left out. */
  readonly maxDraw?: Integer;
}

/** An order as `buildOrder` takes it. */
export interface OrderInput {
  /** The maker's account, see `accountId`. */
  readonly account: Integer;
  /** One that no other order of the account has. */
  readonly nonce: Integer;
  /** What `epochOf(account)` of the ledger says. */
  readonly epoch: Integer;
  /** Size in units. */
  readonly units: Integer;
  /** Smallest fill in units, unless less remains; 1 if left out. */
  readonly minFill?: Integer;
  /** Now, unix seconds. */
  readonly signedAt: Integer;
  /** Last second at which it fills, unix seconds. */
  readonly deadline: Integer;
  /** Owner of the only account that may take it; anyone if left out. */
  readonly taker?: string;
  /** One to four parts of different books, in any order. */
  readonly parts: readonly PartInput[];
}

import type { Refused } from "./chain.ts";
import type { Filled } from "./fills.ts";
import type { Package, Redemption } from "./packages.ts";
import type { Basis } from "./pricing.ts";
import type { Round } from "./series.ts";
import type { BookResult } from "./settle.ts";
import type { Deal } from "./strategies.ts";
import type { Quote } from "./trade.ts";
import type { Market, Party, Person } from "./venue.ts";

/** An order to be traded when a pair of books has opened. */
export interface Ticket {
  readonly deal: Deal;
  readonly customer: Party;
  /** Who signs where nobody else quotes. */
  readonly maker: "customer" | "desk";
  /** Several makers, each with a size and a price of its own, whose orders the customer fills in one call. */
  readonly quotes?: readonly Quote[];
  readonly units: bigint;
}

/** Something that happened at a time of the chain, unix seconds. */
interface Happening<Kind extends string> {
  readonly kind: Kind;
  readonly at: bigint;
}

/** A round went out on the feed. */
export interface Published extends Happening<"published"> {
  readonly round: Round;
}

/** The books of an expiry are open. */
export interface Opened extends Happening<"opened"> {
  readonly expiry: bigint;
  /** How much later than planned, seconds. */
  readonly late: bigint;
}

/** The mark of an expiry moved to the present, for the markets that share it. */
export interface Marked extends Happening<"marked"> {
  readonly expiry: bigint;
  readonly markets: readonly Market[];
}

/** Refused: an opening is tried again unless a `notOpened` follows, a fixing always, an order and a mark never. */
export interface Refusal extends Happening<"refused"> {
  readonly expiry: bigint;
  readonly error: Refused;
}

/** The books of an expiry were never opened. */
export interface NotOpened extends Happening<"notOpened"> {
  readonly expiry: bigint;
}

/** An order was filled. */
export interface Traded extends Happening<"traded"> {
  readonly expiry: bigint;
  readonly ticket: Ticket;
  /** What the ledger says was filled, an order each. */
  readonly fills: readonly Filled[];
}

/** Legs of an account became packages of its owner. */
export interface Wrapped extends Happening<"wrapped"> {
  readonly pack: Package;
}

/** Packages went from one holder to another. */
export interface Sent extends Happening<"sent"> {
  readonly from: Person;
  readonly pack: Package;
}

/** The price of an expiry is final in the books of the markets that share it. */
export interface Fixed extends Happening<"fixed"> {
  readonly expiry: bigint;
  readonly markets: readonly Market[];
  readonly basis: Basis;
}

/** Everyone in a book has been settled and paid. */
export interface Settled extends Happening<"settled"> {
  readonly result: BookResult;
}

/** Packages were paid out. */
export interface Redeemed extends Happening<"redeemed"> {
  readonly redemption: Redemption;
}

/** What a replay tells, in the order in which it happens. */
export type EngineEvent =
  | Published
  | Opened
  | Marked
  | Refusal
  | NotOpened
  | Traded
  | Wrapped
  | Sent
  | Fixed
  | Settled
  | Redeemed;

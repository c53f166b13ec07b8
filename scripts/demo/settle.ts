import { bookOf, payout, requirement, strikesOf, unpackLeg } from "@certus/model";
import type { Leg, Scale } from "@certus/model";

import { eventsOf, ledgerCalls, Refused } from "./chain.ts";
import type { Chain } from "./chain.ts";
import { faultsOf } from "./faults.ts";
import { redeem, redeemedIn } from "./packages.ts";
import type { Package, Redemption } from "./packages.ts";
import type { Market, Party, Venue } from "./venue.ts";

/** An account's position in a book, before and after settlement. */
export interface Share {
  readonly party: Party;
  /** Base units, before settlement. */
  readonly collateral: bigint;
  readonly legs: readonly Leg[];
  readonly requirement: bigint;
  /** The least payout at any price. */
  readonly least: bigint;
  /** What the ledger paid. */
  readonly payout: bigint;
}

/** A book that has paid out, and whether it did so as it should. */
export interface BookResult {
  readonly market: Market;
  readonly expiry: bigint;
  readonly book: bigint;
  /** What the ledger settled at, 8 decimals. */
  readonly price: bigint;
  /** What was proved comes to, 8 decimals. */
  readonly proved: bigint;
  /** What the book owed before anyone was settled, base units. */
  readonly pool: bigint;
  readonly payouts: bigint;
  /** Packages of the book that were paid out after that. */
  readonly redemptions: readonly Redemption[];
  /** What is left of the pool. */
  readonly dust: bigint;
  readonly fees: bigint;
  readonly settled: number;
  readonly shares: readonly Share[];
  /** Whether somebody could not be paid in full. */
  readonly short: boolean;
  /** What did not come out as it should; empty if all did. */
  readonly faults: readonly string[];
}

/** What an expiry settles by. */
export interface Fixing {
  readonly expiry: bigint;
  /** What was proved comes to, 8 decimals. */
  readonly proved: bigint;
  /** Packages of the book, in whoever's hands. */
  readonly packages: readonly Package[];
}

const HIGHEST_PRICE = (1n << 63n) - 1n;

/** The book after it was fixed: settles and pays everyone who may hold a position, and checks every number. */
export async function settleBook(
  venue: Venue,
  market: Market,
  fixing: Fixing,
  toWallet: boolean,
): Promise<BookResult> {
  const { chain, ledger, parties } = venue;
  const { expiry, proved, packages } = fixing;
  const book = bookOf(market.id, expiry);
  const before = await stateOf(chain, ledger, book);
  const held = await holdersOf(venue, market, book);

  const accounts = held.map(({ party }) => party.account);
  const data = ledgerCalls.encodeFunctionData("settle", [book, accounts]);
  const sender = parties[0]?.address ?? ledger;
  const receipt = await chain.send("settle", { from: sender, to: ledger, data });
  const skipped = eventsOf(receipt, "SettleSkipped").length;
  const settled = eventsOf(receipt, "Settled").reduce(
    (sum, { args }) => sum + (args.getValue("accounts") as bigint[]).length,
    0,
  );

  const shares: Share[] = [];
  let unpaid = skipped;
  for (const share of held) {
    const paid = await claim(venue, share.party, book, toWallet);
    if (paid === undefined) unpaid++;
    shares.push({ ...share, payout: paid ?? 0n });
  }
  const redemptions: Redemption[] = [];
  for (const pack of packages) {
    const redemption = await redeem(venue, pack);
    if (redemption === undefined) unpaid++;
    else redemptions.push(redemption);
  }
  const fees = await pushFees(venue, book);
  const { pool: dust } = await stateOf(chain, ledger, book);
  const payouts = shares.reduce((sum, share) => sum + share.payout, 0n);
  const short = unpaid > 0 || payouts + redeemedIn(redemptions) > before.pool;
  const sums = { payouts, redemptions, dust, fees, settled, shares, short };
  const result = { market, expiry, proved, book, ...before, ...sums };
  return { ...result, faults: faultsOf(result) };
}

/** What an account can count on: its least payout, found where a piecewise linear payoff has its least value. */
export function leastPayout(scale: Scale, collateral: bigint, legs: readonly Leg[]): bigint {
  // An inverse payoff ends with its call lots; a linear one can only rise above its last strike.
  const ends = scale.inverse ? [HIGHEST_PRICE] : [0n];
  let least = scale.inverse ? collateral : undefined;
  for (const price of [...ends, ...strikesOf(legs)]) {
    const value = payout(scale, collateral, legs, price);
    if (least === undefined || value < least) least = value;
  }
  return least ?? collateral;
}

async function stateOf(chain: Chain, ledger: string, book: bigint) {
  const state = await chain.read(ledger, ledgerCalls, "bookOf", [book]);
  return {
    pool: state.getValue("pool") as bigint,
    price: state.getValue("settlementPrice") as bigint,
  };
}

/** Everyone with a position in the book; nobody beside the venue's parties can have one. */
async function holdersOf(venue: Venue, market: Market, book: bigint) {
  const held: Omit<Share, "payout">[] = [];
  for (const party of venue.parties) {
    const args = [party.account, book];
    const position = await venue.chain.read(venue.ledger, ledgerCalls, "positionOf", args);
    const collateral = position.getValue("collateral") as bigint;
    const legs = [...(position.getValue("legs") as bigint[])].map(unpackLeg);
    if (collateral === 0n && legs.length === 0) continue;
    const needed = requirement(market.scale, legs);
    const least = leastPayout(market.scale, collateral, legs);
    held.push({ party, collateral, legs, requirement: needed, least });
  }
  return held;
}

/** What a claim paid, or undefined if the ledger refused it. */
async function claim(
  venue: Venue,
  party: Party,
  book: bigint,
  toWallet: boolean,
): Promise<bigint | undefined> {
  const data = ledgerCalls.encodeFunctionData("claim", [party.account, [book], toWallet]);
  const call = { from: party.address, to: venue.ledger, data };
  try {
    const [claimed] = eventsOf(await venue.chain.send("claim", call), "Claimed");
    return claimed === undefined ? 0n : (claimed.args.getValue("amount") as bigint);
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

async function pushFees(venue: Venue, book: bigint): Promise<bigint> {
  const data = ledgerCalls.encodeFunctionData("pushFees", [book]);
  const from = venue.parties[0]?.address ?? venue.ledger;
  const receipt = await venue.chain.send("pushFees", { from, to: venue.ledger, data });
  const [pushed] = eventsOf(receipt, "FeesPushed");
  return pushed === undefined ? 0n : (pushed.args.getValue("amount") as bigint);
}

import { packLeg, seriesOf, unpackLeg } from "@certus/model";
import type { Leg } from "@certus/model";
import { AbiCoder, id as hashOf, keccak256 } from "ethers";
import type { LogDescription } from "ethers";

import { eventsOf, ledgerCalls, Refused } from "./chain.ts";
import type { Receipt } from "./chain.ts";
import type { Market, Party, Person, Venue } from "./venue.ts";

/** Packages of one kind in one hand. */
export interface Package {
  /** Its ERC-6909 id. */
  readonly id: bigint;
  readonly market: Market;
  readonly book: bigint;
  /** Legs of one package, sorted. */
  readonly legs: readonly Leg[];
  readonly holder: Person;
  /** How many packages. */
  readonly amount: bigint;
}

/** Packages that were paid out. */
export interface Redemption {
  readonly pack: Package;
  /** What the ledger says it paid, base units. */
  readonly payout: bigint;
  /** By how much the holder's wallet grew, base units. */
  readonly received: bigint;
}

const DOMAIN = hashOf("certus.package.v1");
const HASHED = 1n << 255n;

/** The id of a package: the series for one long lot, else a hash of book and legs. Nothing is stored to resolve it. */
export function packageIdOf(book: bigint, legs: readonly Leg[]): bigint {
  const [first, ...more] = legs;
  if (first?.quantity === 1n && more.length === 0) {
    return seriesOf(book, first.isCall, first.strike);
  }
  const packed = legs.map(packLeg);
  const words = AbiCoder.defaultAbiCoder().encode(
    ["bytes32", "uint256", "uint256[]"],
    [DOMAIN, book, packed],
  );
  return BigInt(keccak256(words)) | HASHED;
}

/** Legs of all the packages together. */
export function legsOf({ legs, amount }: Package): readonly Leg[] {
  return legs.map((leg) => ({ ...leg, quantity: leg.quantity * amount }));
}

/** Wraps half of what a party holds in a book: as many packages as its quantities have in common, halved. */
export async function wrapHalf(
  venue: Venue,
  party: Party,
  market: Market,
  book: bigint,
): Promise<Package> {
  const { chain, ledger } = venue;
  const position = await chain.read(ledger, ledgerCalls, "positionOf", [party.account, book]);
  const held = [...(position.getValue("legs") as bigint[])].map(unpackLeg);
  const common = held.reduce((divisor, { quantity }) => divisorOf(divisor, quantity), 0n);
  const legs = held.map((leg) => packLeg({ ...leg, quantity: leg.quantity / common }));
  const args = [party.account, book, legs, common / 2n] as const;
  const data = ledgerCalls.encodeFunctionData("wrap", [...args]);
  const receipt = await chain.send("wrap", { from: party.address, to: ledger, data });
  const event = onlyEvent(receipt, "Wrapped");
  return {
    id: event.args.getValue("id") as bigint,
    market,
    book: event.args.getValue("book") as bigint,
    legs: [...(event.args.getValue("legs") as bigint[])].map(unpackLeg),
    holder: party,
    amount: event.args.getValue("amount") as bigint,
  };
}

/** Sends all the packages of a holder to somebody else. */
export async function handOver(venue: Venue, pack: Package, to: Person): Promise<Package> {
  const { chain, ledger } = venue;
  const args = [to.address, pack.id, pack.amount] as const;
  const data = ledgerCalls.encodeFunctionData("transfer", [...args]);
  const receipt = await chain.send("transfer", { from: pack.holder.address, to: ledger, data });
  const { args: moved } = onlyEvent(receipt, "Transfer");
  if (moved.getValue("receiver") !== to.address) throw new Error(`${to.name} received nothing`);
  return { ...pack, holder: to, amount: moved.getValue("amount") as bigint };
}

/** Redeems packages for their holder, to its wallet; undefined if the ledger refused. */
export async function redeem(venue: Venue, pack: Package): Promise<Redemption | undefined> {
  const { chain, ledger } = venue;
  const { holder, market, book, legs, amount } = pack;
  const before = await venue.wallet(holder.address, market.token);
  const args = [book, legs.map(packLeg), amount, holder.address] as const;
  const data = ledgerCalls.encodeFunctionData("redeem", [...args]);
  let receipt: Receipt;
  try {
    receipt = await chain.send("redeem", { from: holder.address, to: ledger, data });
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
  const payout = onlyEvent(receipt, "Redeemed").args.getValue("payout") as bigint;
  const received = (await venue.wallet(holder.address, market.token)) - before;
  return { pack, payout, received };
}

/** What redemptions come to, base units. */
export function redeemedIn(redemptions: readonly Redemption[]): bigint {
  return redemptions.reduce((sum, { payout }) => sum + payout, 0n);
}

/** How many packages somebody holds. */
export async function balanceOf(venue: Venue, { address }: Person, id: bigint): Promise<bigint> {
  const [held] = await venue.chain.read(venue.ledger, ledgerCalls, "balanceOf", [address, id]);
  return held as bigint;
}

function onlyEvent(receipt: Receipt, name: string): LogDescription {
  const [event, ...more] = eventsOf(receipt, name);
  if (event === undefined || more.length > 0) throw new Error(`not one ${name} event`);
  return event;
}

/** The greatest common divisor. */
function divisorOf(a: bigint, b: bigint): bigint {
  let [common, rest] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (rest !== 0n) [common, rest] = [rest, common % rest];
  return common;
}

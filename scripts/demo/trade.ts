import { bookOf, premiumUpTo, requirement } from "@certus/model";
import type { Leg } from "@certus/model";
import { ZeroAddress } from "ethers";

import { orderDomain, packLegs, signOrder } from "../lib/orders.ts";
import type { PartInput } from "../lib/orders.ts";
import { eventsOf, ledgerCalls } from "./chain.ts";
import type { Deal, DealPart } from "./strategies.ts";
import type { Market, Party, Venue } from "./venue.ts";

/** Chain id of Hardhat's own chains. */
const CHAIN_ID = 31_337n;
const VALID_FOR = 600n;

/** Who deals with whom. */
export interface Agreement {
  readonly deal: Deal;
  readonly expiry: bigint;
  /** Size in units of 1 ETH. */
  readonly units: bigint;
  readonly customer: Party;
  readonly desk: Party;
  /** Who signs; the other one sends the transaction and pays the fee. */
  readonly maker: "customer" | "desk";
  readonly nonce: bigint;
}

/** Signs the maker's order and fills it from the other side's account, all parts in one transaction. */
export async function trade(venue: Venue, agreement: Agreement): Promise<void> {
  const { customer, desk, maker, units, deal } = agreement;
  const [signer, taker] = maker === "customer" ? [customer, desk] : [desk, customer];
  const parts = partsFor(venue, agreement);
  const order = {
    account: signer.account,
    nonce: agreement.nonce,
    epoch: 0n,
    units,
    minFill: units,
    signedAt: venue.chain.time,
    deadline: venue.chain.time + VALID_FOR,
    taker: ZeroAddress,
    parts: parts.map(({ input }) => ({ ...input, legs: [...input.legs] })),
  };
  const signature = await signOrder(signer.signer, orderDomain(CHAIN_ID, venue.ledger), order);
  const limits = parts.map((part) => limitOf(part, units));
  const data = ledgerCalls.encodeFunctionData("fill", [
    taker.account,
    order,
    signer.address,
    signature,
    units,
    limits,
  ]);
  const call = { from: taker.address, to: venue.ledger, data };
  const receipt = await venue.chain.send(`fill: ${deal.name}`, call);
  if (eventsOf(receipt, "OrderFilled").length !== 1) throw new Error(`${deal.name}: not filled`);
}

/** One part from the maker's side, with what its limits are computed from. */
interface MakerPart {
  readonly market: Market;
  readonly legs: readonly Leg[];
  readonly input: PartInput;
}

function partsFor(venue: Venue, { deal, expiry, maker }: Agreement): readonly MakerPart[] {
  const sign = maker === "customer" ? 1n : -1n;
  return deal.parts
    .map((part) => makerPart(marketOf(venue, part), part, expiry, sign))
    .sort((a, b) => (a.input.book < b.input.book ? -1 : 1));
}

function makerPart(market: Market, part: DealPart, expiry: bigint, sign: bigint): MakerPart {
  const legs = times(part.legs, sign);
  const premium = part.premium * sign;
  // Requirements add up at most: what these legs need alone covers them in any position, rounding aside.
  const pays = -premiumUpTo(market.scale, premium, 1n);
  const maxDraw = requirement(market.scale, legs) + (pays > 0n ? pays : 0n) + 1n;
  const book = bookOf(market.id, expiry);
  return { market, legs, input: { book, legs: packLegs(legs), premium, maxDraw } };
}

/** The taker pays the premium and at most the fee of every leg, and draws what its side of the legs needs. */
function limitOf({ market, legs, input }: MakerPart, units: bigint) {
  const own = times(legs, -units);
  const lots = own.reduce((sum, { quantity }) => sum + (quantity < 0n ? -quantity : quantity), 0n);
  const maxPay = premiumUpTo(market.scale, input.premium, units) + lots * market.feePerLot;
  const maxDraw = requirement(market.scale, own) + (maxPay > 0n ? maxPay : 0n) + 1n;
  return { maxPay, maxDraw };
}

function marketOf(venue: Venue, { market }: DealPart): Market {
  const found = venue.markets.find(({ name }) => name === market);
  if (found === undefined) throw new Error(`no ${market} market is listed`);
  return found;
}

function times(legs: readonly Leg[], factor: bigint): readonly Leg[] {
  return legs.map((leg) => ({ ...leg, quantity: leg.quantity * factor }));
}

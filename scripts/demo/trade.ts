import { bookOf, premiumUpTo, requirement } from "@certus/model";
import type { Leg } from "@certus/model";
import { ZeroAddress } from "ethers";

import { orderDomain, packLegs, signOrder } from "../lib/orders.ts";
import type { PartInput } from "../lib/orders.ts";
import { ledgerCalls } from "./chain.ts";
import { filledIn } from "./fills.ts";
import type { Filled } from "./fills.ts";
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
  /** Instead of that: several makers, whose orders the customer fills in one call. */
  readonly quotes?: readonly Quote[];
  /** Of every maker's order. */
  readonly nonce: bigint;
}

/** One of several makers whose orders are filled in one call. */
export interface Quote {
  readonly maker: Party;
  /** Size in units of 1 ETH. */
  readonly units: bigint;
  /** Its premium in thousandths of the strategy's. */
  readonly perMille: bigint;
}

/** Signs the makers' orders and fills them from the other side's account, all parts in one transaction. */
export function trade(venue: Venue, agreement: Agreement): Promise<readonly Filled[]> {
  return agreement.quotes === undefined ? fillOne(venue, agreement) : fillMany(venue, agreement);
}

async function fillOne(venue: Venue, agreement: Agreement): Promise<readonly Filled[]> {
  const { customer, desk, maker, units, deal } = agreement;
  const [signer, taker] = maker === "customer" ? [customer, desk] : [desk, customer];
  const parts = partsFor(venue, agreement, maker === "customer" ? 1n : -1n);
  const { order, signature } = await sign(venue, agreement, { maker: signer, units, parts });
  const data = ledgerCalls.encodeFunctionData("fill", [
    taker.account,
    order,
    signer.address,
    signature,
    units,
    limitsOf([{ parts, units }]),
  ]);
  const call = { from: taker.address, to: venue.ledger, data };
  const receipt = await venue.chain.send(`fill: ${deal.name}`, call);
  return filledIn(venue, receipt, 1);
}

async function fillMany(venue: Venue, agreement: Agreement): Promise<readonly Filled[]> {
  const { customer, units, deal, quotes = [] } = agreement;
  const offers: Offer[] = quotes.map(({ maker, units: size, perMille }) => {
    const parts = partsFor(venue, agreement, -1n, perMille);
    return { maker, units: size, parts };
  });
  const fills = [];
  for (const offer of offers) {
    const { order, signature } = await sign(venue, agreement, offer);
    fills.push({ order, signer: offer.maker.address, signature });
  }
  const data = ledgerCalls.encodeFunctionData("fillMany", [
    customer.account,
    fills,
    units,
    units,
    limitsOf(offers),
  ]);
  const call = { from: customer.address, to: venue.ledger, data };
  const receipt = await venue.chain.send(`fillMany: ${deal.name}`, call);
  return filledIn(venue, receipt, offers.length);
}

/** What one maker offers: legs and premium a unit, and how many units. */
interface Offer {
  readonly maker: Party;
  readonly units: bigint;
  readonly parts: readonly MakerPart[];
}

async function sign(venue: Venue, { nonce }: Agreement, { maker, units, parts }: Offer) {
  const order = {
    account: maker.account,
    nonce,
    epoch: 0n,
    units,
    minFill: units,
    signedAt: venue.chain.time,
    deadline: venue.chain.time + VALID_FOR,
    taker: ZeroAddress,
    parts: parts.map(({ input }) => ({ ...input, legs: [...input.legs] })),
  };
  const signature = await signOrder(maker.signer, orderDomain(CHAIN_ID, venue.ledger), order);
  return { order, signature };
}

/** One part from the maker's side, with what its limits are computed from. */
interface MakerPart {
  readonly market: Market;
  readonly legs: readonly Leg[];
  readonly input: PartInput;
}

function partsFor(
  venue: Venue,
  { deal, expiry }: Agreement,
  sign: bigint,
  perMille = 1_000n,
): readonly MakerPart[] {
  return deal.parts
    .map((part) => {
      const premium = (part.premium * perMille) / 1_000n;
      return makerPart(venue.market(part.market), { ...part, premium }, expiry, sign);
    })
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

/** The taker pays the premiums and at most the fee of every leg, and draws what its side of the legs needs. */
function limitsOf(offers: readonly Pick<Offer, "parts" | "units">[]) {
  const shape = offers[0]?.parts ?? [];
  const units = offers.reduce((sum, offer) => sum + offer.units, 0n);
  return shape.map(({ market, legs }, index) => {
    const own = times(legs, -units);
    const lots = own.reduce(
      (sum, { quantity }) => sum + (quantity < 0n ? -quantity : quantity),
      0n,
    );
    const premium = offers.reduce((sum, { parts, units: size }) => {
      const unit = parts[index]?.input.premium ?? 0n;
      return sum + premiumUpTo(market.scale, unit, size);
    }, 0n);
    const maxPay = premium + lots * market.feePerLot;
    const maxDraw = requirement(market.scale, own) + (maxPay > 0n ? maxPay : 0n) + 1n;
    return { maxPay, maxDraw };
  });
}

function times(legs: readonly Leg[], factor: bigint): readonly Leg[] {
  return legs.map((leg) => ({ ...leg, quantity: leg.quantity * factor }));
}

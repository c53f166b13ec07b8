import type { Leg } from "@certus/model";

import type { Sent, Traded } from "./events.ts";
import type { Filled } from "./fills.ts";
import { decimal, price } from "./format.ts";
import type { Package, Redemption } from "./packages.ts";
import { amount } from "./report.ts";
import { LOTS_PER_ETH } from "./terms.ts";

const DOLLAR = 100_000_000n;

/** Strategy, size, legs by book and who signed. */
export function tradeLine({ ticket, fills }: Traded): string {
  const { deal, maker, units, quotes } = ticket;
  const books = deal.parts.map(({ market, legs }) => `${market} ${legsText(legs, LOTS_PER_ETH)}`);
  const roles = maker === "desk" ? "desk signs, customer fills" : "customer signs, desk fills";
  const how = quotes === undefined ? roles : `in one fillMany: ${fills.map(fillText).join(", ")}`;
  return `${deal.name}, ${units} ETH: ${books.join(" and ")} (${how})`;
}

/** What became a package, and its id. */
export function wrapLine({ holder, market, legs, amount: count, id }: Package): string {
  const each = `${legsText(legs, 1n)} of 0.01 ETH`;
  return `${holder.name}: ${count} packages of ${market.name} ${each}, id ${shortId(id)}`;
}

/** Who handed packages to whom. */
export function sendLine({ from, pack }: Sent): string {
  return `${from.name} to ${pack.holder.name}: ${pack.amount} packages ${shortId(pack.id)}`;
}

/** Who was paid for packages. */
export function redeemLine({ pack, payout }: Redemption): string {
  const paid = `${amount(payout, pack.market.token)} ${pack.market.token.symbol}`;
  return `${pack.holder.name}: ${pack.amount} packages for ${paid}, paid to its wallet`;
}

/** A maker's share of a trade as the ledger told it. */
export function fillText({ maker, units, parts }: Filled): string {
  const paid = parts.map(({ market, premium }) => {
    const { token } = market;
    const verb = premium < 0n ? "pays" : "receives";
    return `${verb} ${amount(premium < 0n ? -premium : premium, token)} ${token.symbol}`;
  });
  return `${maker.name} ${paid.join(" and ")} for ${units} ETH`;
}

/** Legs in multiples of `size` lots: `-C2,700` is a call sold with strike 2,700. */
export function legsText(legs: readonly Leg[], size: bigint): string {
  const each = legs.map(({ strike, isCall, quantity }) => {
    const count = quantity / size;
    const times = count === 1n || count === -1n ? "" : String(count < 0n ? -count : count);
    const dollars = strike % DOLLAR === 0n ? decimal(strike, 8, 0) : price(strike);
    return `${count < 0n ? "-" : "+"}${times}${isCall ? "C" : "P"}${dollars}`;
  });
  return each.join(" ");
}

/** An id as its first and last digits. */
function shortId(id: bigint): string {
  const digits = id.toString(16);
  return `0x${digits.slice(0, 6)}…${digits.slice(-4)}`;
}

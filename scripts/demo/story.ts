import { replay } from "./engine.ts";
import type { EngineEvent, Ticket } from "./engine.ts";
import { day, decimal, price, time } from "./format.ts";
import { paint } from "./report.ts";
import { lowestOf, walk } from "./series.ts";
import type { BookResult } from "./settle.ts";
import { dealOf } from "./strategies.ts";
import type { Spot } from "./strategies.ts";
import { report } from "./storyReport.ts";
import { LOTS_PER_ETH, strikeTickFor } from "./terms.ts";
import { Venue } from "./venue.ts";

const DAY = 86_400n;
const WEEK = 7n * DAY;
/** Friday 2026-01-02 08:00 UTC. */
const START = 1_767_340_800n;
const EXPIRY = START + WEEK;
/** Whole tokens of everyone. */
const FUNDS = { usdc: 200_000n, weth: 200n };
const UNITS = 10n;
const DOLLAR = 100_000_000n;
/** Made up: a seeded random walk with the volatility that the prices of the strategies assume. */
const HISTORY = { start: START, price: 2_500, hours: 168, vol: 0.6, seed: 9 };

const DESK = "desk";
/** One customer a strategy. */
const CUSTOMERS = [
  "covered call",
  "cash-secured put",
  "iron condor",
  "long box",
  "strangle",
] as const;
/** Those who sign and let the desk fill; the others fill what the desk has signed. */
const SIGNERS: readonly string[] = ["long box", "strangle"];

/**
 * The built-in week, from deployment to payout.
 *
 * @param out - Directory for the drawing.
 * @param print - Takes each line.
 * @returns The number of checks that failed.
 */
export async function story(out: string, print: (line: string) => void): Promise<number> {
  const rounds = walk(HISTORY);
  print(paint.bold("Certus: a week of ETH options"));
  print("The price history is made up: a seeded geometric random walk, one round an hour.\n");
  const venue = await Venue.open({
    // Long enough before the first round for the mock feed's own first answer to be stale.
    start: START - 2n * DAY,
    answer: rounds[0]?.answer ?? 0n,
    strikeTick: strikeTickFor(lowestOf(rounds)),
    period: WEEK,
    names: [DESK, ...CUSTOMERS],
    funds: FUNDS,
  });
  try {
    introduce(venue, print);
    const results: BookResult[] = [];
    const plan = { rounds, expiries: [EXPIRY], period: WEEK, tickets, toWallet: true };
    await replay(venue, plan, (event) => {
      if (event.kind === "settled") results.push(event.result);
      const line = lineOf(event);
      // Of the rounds, one a day is shown.
      if (line !== undefined) print(`${paint.dim(time(event.at))}  ${line}`);
    });
    return await report({ venue, results, funds: FUNDS, out, print });
  } finally {
    await venue.chain.close();
  }
}

function tickets(venue: Venue, spot: Spot): readonly Ticket[] {
  return CUSTOMERS.map((name) => {
    const customer = venue.party(name);
    const maker = SIGNERS.includes(name) ? "customer" : "desk";
    return { deal: dealOf(name, spot), customer, maker, units: UNITS };
  });
}

function introduce(venue: Venue, print: (line: string) => void): void {
  const { ledger, oracle, feed, markets, parties } = venue;
  print(`ledger    ${ledger}\noracle    ${oracle}\nfeed      ${feed}`);
  for (const { name, token, scale, strikeTick } of markets) {
    const lot = `1 lot = 0.01 ETH (scale ${scale.num}/${scale.den})`;
    const collateral = `collateral ${token.symbol} (${token.decimals} decimals)`;
    print(`market    ETH ${name}: ${collateral}, ${lot}, strikes every ${price(strikeTick)}`);
  }
  const funds = `${FUNDS.usdc} USDC and ${FUNDS.weth} WETH`;
  print(`accounts  ${parties.length}, each with ${funds} of free cash\n`);
}

function lineOf(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case "published":
      if ((event.round.time - START) % DAY !== 0n) return undefined;
      return `feed     ${price(event.round.answer)}`;
    case "opened":
      return `opened   the linear and the inverse book of ${day(event.expiry)}`;
    case "traded":
      return `traded   ${dealLine(event.ticket)}`;
    case "fixed":
      return `fixed    ${price(event.round.answer)}: proved to be the last round up to the expiry, ${event.round.id}`;
    case "settled":
      return `settled  ${event.result.market.name} book: ${event.result.settled} accounts paid to their wallets`;
    case "refused":
      return `refused  ${event.error.message}`;
    case "notOpened":
      return `skipped  the books of ${day(event.expiry)}`;
  }
}

/** Strategy, size, legs by book: `-C2700` is a call sold with strike 2,700. */
function dealLine({ deal, maker, units }: Ticket): string {
  const books = deal.parts.map(({ market, legs }) => {
    const each = legs.map(({ strike, isCall, quantity }) => {
      const size = quantity / LOTS_PER_ETH;
      const times = size === 1n || size === -1n ? "" : String(size < 0n ? -size : size);
      const dollars = decimal(strike, 8, strike % DOLLAR === 0n ? 0 : 2);
      return `${size < 0n ? "-" : "+"}${times}${isCall ? "C" : "P"}${dollars}`;
    });
    return `${market} ${each.join(" ")}`;
  });
  const roles = maker === "desk" ? "desk signs, customer fills" : "customer signs, desk fills";
  return `${deal.name}, ${units} ETH: ${books.join(" and ")} (${roles})`;
}

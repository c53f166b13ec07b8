import { replay } from "./engine.ts";
import type { HandOver } from "./engine.ts";
import type { EngineEvent, Ticket, Traded } from "./events.ts";
import { day, price, time } from "./format.ts";
import { redeemLine, sendLine, tradeLine, wrapLine } from "./lines.ts";
import type { OracleChoice } from "./pricing.ts";
import { paint } from "./report.ts";
import { byMinute, lowestOf, walk } from "./series.ts";
import type { BookResult } from "./settle.ts";
import { dealOf } from "./strategies.ts";
import type { Spot } from "./strategies.ts";
import { report } from "./storyReport.ts";
import { strikeTickFor } from "./terms.ts";
import type { Quote } from "./trade.ts";
import { Venue } from "./venue.ts";
import type { Market } from "./venue.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const WEEK = 7n * DAY;
/** Friday 2026-01-02 08:00 UTC. */
const START = 1_767_340_800n;
const EXPIRY = START + WEEK;
/** Whole tokens of everyone. */
const FUNDS = { usdc: 200_000n, weth: 200n };
const UNITS = 10n;
/** Made up: a seeded random walk with the volatility that the prices of the strategies assume. */
const HISTORY = { start: START, price: 2_500, hours: 168, vol: 0.6, seed: 9 };
/** Several sources settle the linear book by the expiry alone, the inverse one by thirty samples, a minute apart. */
const KINDS = { linear: 0, inverse: 2 };
const SAMPLED = 1_800n;

const DESK = "desk";
/** Buys iron condors alone. */
const SECOND_DESK = "second desk";
/** Has neither tokens nor an account. */
const STRANGER = "stranger";
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
/** Who buys the iron condor, in the order in which the customer takes them: units, thousandths of the premium. */
const CONDOR_QUOTES = [
  { name: SECOND_DESK, units: 4n, perMille: 1_010n },
  { name: DESK, units: 6n, perMille: 1_000n },
] as const;

/**
 * The built-in week, from deployment to payout.
 *
 * @param out - Directory for the drawing.
 * @param print - Takes each line.
 * @param oracle - Where the markets get their prices.
 * @returns The number of checks that failed.
 */
export async function story(
  out: string,
  print: (line: string) => void,
  oracle: OracleChoice = "multi",
): Promise<number> {
  // By the minute where samples are taken.
  const rounds = byMinute(walk(HISTORY), EXPIRY - SAMPLED);
  print(paint.bold("Certus: a week of ETH options"));
  print("The price history is made up: a seeded geometric random walk, one round an hour.");
  print("The last half hour, in which samples are taken, has one a minute.\n");
  const venue = await Venue.open({
    // Long enough before the first round for the mock feed's own first answer to be stale.
    start: START - 2n * DAY,
    answer: rounds[0]?.answer ?? 0n,
    strikeTick: strikeTickFor(lowestOf(rounds)),
    oracle,
    kinds: KINDS,
    period: WEEK,
    names: [DESK, ...CUSTOMERS, SECOND_DESK],
    strangers: [STRANGER],
    funds: FUNDS,
  });
  try {
    introduce(venue, print);
    const results: BookResult[] = [];
    const takes: Traded[] = [];
    const shared = { rounds, expiries: [EXPIRY], period: WEEK, tickets, toWallet: true };
    const plan = { ...shared, handOver: handOverOf };
    await replay(venue, plan, (event) => {
      if (event.kind === "settled") results.push(event.result);
      if (event.kind === "traded" && event.ticket.quotes !== undefined) takes.push(event);
      const line = lineOf(event);
      // Of the rounds, one a day is shown.
      if (line !== undefined) print(`${paint.dim(time(event.at))}  ${line}`);
    });
    return await report({ venue, results, takes, funds: FUNDS, out, print });
  } finally {
    await venue.chain.close();
  }
}

function tickets(venue: Venue, spot: Spot): readonly Ticket[] {
  return CUSTOMERS.map((name) => {
    const customer = venue.party(name);
    const maker = SIGNERS.includes(name) ? "customer" : "desk";
    const ticket: Ticket = { deal: dealOf(name, spot), customer, maker, units: UNITS };
    return name === "iron condor" ? { ...ticket, quotes: condorQuotes(venue) } : ticket;
  });
}

function condorQuotes(venue: Venue): readonly Quote[] {
  return CONDOR_QUOTES.map(({ name, ...quote }) => ({ ...quote, maker: venue.party(name) }));
}

/** Half of the condors that the second desk has bought go to somebody without an account. */
function handOverOf(venue: Venue): HandOver {
  const [to] = venue.strangers;
  if (to === undefined) throw new Error("there is nobody to hand anything over to");
  const from = venue.party(SECOND_DESK);
  return { from, to, market: venue.market("linear"), wrapAfter: DAY, sendAfter: 3n * DAY };
}

function introduce(venue: Venue, print: (line: string) => void): void {
  const { ledger, pricing, markets, parties, strangers } = venue;
  print(`ledger    ${ledger}`);
  for (const line of pricing.lines) print(line);
  for (const { name, token, scale, strikeTick } of markets) {
    const lot = `1 lot = 0.01 ETH (scale ${scale.num}/${scale.den})`;
    const collateral = `collateral ${token.symbol} (${token.decimals} decimals)`;
    print(`market    ETH ${name}: ${collateral}, ${lot}, strikes every ${price(strikeTick)}`);
  }
  const funds = `${FUNDS.usdc} USDC and ${FUNDS.weth} WETH`;
  print(`accounts  ${parties.length}, each with ${funds} of free cash`);
  print(`others    ${strangers.map(({ name }) => name).join(", ")}: no tokens, no account\n`);
}

function lineOf(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case "published":
      if ((event.round.time - START) % DAY !== 0n) return undefined;
      return `feed     ${price(event.round.answer)}`;
    case "opened":
      return `opened   the linear and the inverse book of ${day(event.expiry)}`;
    case "marked":
      if (event.expiry - event.at > HOUR) return undefined;
      return `marked   ${names(event.markets)}: the spot of this moment`;
    case "traded":
      return `traded   ${tradeLine(event)}`;
    case "wrapped":
      return `wrapped  ${wrapLine(event.pack)}`;
    case "sent":
      return `sent     ${sendLine(event)}`;
    case "fixed":
      return `fixed    ${names(event.markets)}: ${event.basis.text}`;
    case "settled":
      return `settled  ${event.result.market.name} book: ${event.result.settled} accounts paid to their wallets`;
    case "redeemed":
      return `redeemed ${redeemLine(event.redemption)}`;
    case "refused":
      return `refused  ${event.error.message}`;
    case "notOpened":
      return `skipped  the books of ${day(event.expiry)}`;
  }
}

function names(markets: readonly Market[]): string {
  return markets.map(({ name }) => name).join(" and ");
}

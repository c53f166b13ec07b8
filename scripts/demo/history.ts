import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { replay } from "./engine.ts";
import type { EngineEvent, Ticket } from "./events.ts";
import type { OracleChoice } from "./pricing.ts";
import { indexFrom, lowestOf } from "./series.ts";
import type { Round } from "./series.ts";
import { dealOf, STRATEGIES } from "./strategies.ts";
import type { Spot } from "./strategies.ts";
import { Tally } from "./tally.ts";
import type { Summary } from "./tally.ts";
import { GRID_ANCHOR, strikeTickFor } from "./terms.ts";
import { Venue } from "./venue.ts";

/** Which expiries of a history are wanted. */
export interface ExpiryFilter {
  /** Distance of expiries, seconds. */
  readonly period: bigint;
  /** Unix seconds, inclusive. */
  readonly from?: bigint | undefined;
  /** Unix seconds, inclusive. */
  readonly to?: bigint | undefined;
  readonly max?: number | undefined;
}

/** A history to replay. */
export interface HistoryInput {
  readonly rounds: readonly Round[];
  readonly expiries: readonly bigint[];
  readonly period: bigint;
  /** Where the markets get their prices: several sources if left out. */
  readonly oracle?: OracleChoice | undefined;
  /** About how many rounds a chain may hold before the next one starts. */
  readonly roundsPerChain?: number;
  readonly notify?: (event: EngineEvent) => void;
  readonly chainEnded?: (first: bigint, last: bigint, transactions: number) => void;
}

/** 62 kB of memory a transaction: the process takes 1 GB. */
const ROUNDS_PER_CHAIN = 8_000;
const HOUR = 3_600n;
const DAY = 86_400n;
/** A book opens two hours before its expiry at the latest. */
const LAST_OPENING = 7_200n;
const ORDERS_AN_EXPIRY = 4;
const DESK = "desk";
const CUSTOMERS = ["customer 1", "customer 2", "customer 3", "customer 4"];
/** Whole tokens of everyone; enough for every week, whatever the price. */
const FUNDS = { usdc: 1_000_000_000n, weth: 1_000_000n };

/** The expiries of a grid that lie within a history and allow for an opening. */
export function expiriesOf(rounds: readonly Round[], filter: ExpiryFilter): readonly bigint[] {
  const { period, from = 0n, to, max = Infinity } = filter;
  const [first, last] = [rounds[0]?.time, rounds.at(-1)?.time];
  if (first === undefined || last === undefined) return [];
  const start = from > first + LAST_OPENING ? from : first + LAST_OPENING;
  const end = to !== undefined && to < last ? to : last;
  const expiries: bigint[] = [];
  let expiry = GRID_ANCHOR + ((start - GRID_ANCHOR + period - 1n) / period) * period;
  for (; expiry <= end && expiries.length < max; expiry += period) expiries.push(expiry);
  return expiries;
}

/**
 * Replays a history: a pair of books for each expiry, a few orders in it, settlement, payouts. A chain keeps all its
 * states in memory, so every chain of many gets a stretch of the expiries; nothing is carried over between them.
 */
export async function replayHistory(input: HistoryInput): Promise<Summary> {
  const tally = new Tally();
  const started = performance.now();
  const run = { expiries: input.expiries.length, rounds: 0, transactions: 0, chains: 0 };
  const strikeTick = strikeTickFor(lowestOf(input.rounds));
  for (const stretch of stretches(input)) {
    const { rounds, sent } = await replayStretch(input, stretch, strikeTick, tally);
    run.chains++;
    run.rounds += rounds;
    run.transactions += sent;
    input.chainEnded?.(stretch.expiries[0] ?? 0n, stretch.expiries.at(-1) ?? 0n, sent);
    collectGarbage();
  }
  return tally.summary({ ...run, seconds: (performance.now() - started) / 1_000 });
}

interface Stretch {
  readonly expiries: readonly bigint[];
  readonly rounds: readonly Round[];
  /** Number of expiries before it. */
  readonly offset: number;
}

function stretches(input: HistoryInput): readonly Stretch[] {
  const { expiries, period, rounds, roundsPerChain = ROUNDS_PER_CHAIN } = input;
  const found: Stretch[] = [];
  let offset = 0;
  while (offset < expiries.length) {
    const open = (expiries[offset] ?? 0n) - period;
    const full = indexFrom(rounds, open) + roundsPerChain;
    let end = offset + 1;
    while (end < expiries.length && indexFrom(rounds, expiries[end] ?? 0n) <= full) end++;
    const part = expiries.slice(offset, end);
    // From before the first opening, so that the feed is as old then as it was, to a day after the last expiry.
    const from = indexFrom(rounds, open - 2n * HOUR);
    const to = indexFrom(rounds, (part.at(-1) ?? 0n) + DAY + HOUR);
    found.push({ expiries: part, rounds: rounds.slice(from, to), offset });
    offset = end;
  }
  return found;
}

async function replayStretch(
  { period, oracle, notify }: HistoryInput,
  { rounds, expiries, offset }: Stretch,
  strikeTick: bigint,
  tally: Tally,
): Promise<{ rounds: number; sent: number }> {
  const [first] = rounds;
  if (first === undefined) throw new Error(`there are no rounds around ${expiries[0]}`);
  const venue = await Venue.open({
    // Long enough before the first round for the mock feed's own first answer to be stale.
    start: first.time - 2n * DAY,
    answer: first.answer,
    strikeTick,
    oracle,
    period,
    names: [DESK, ...CUSTOMERS],
    funds: FUNDS,
  });
  try {
    const tickets = (at: Venue, spot: Spot, index: number) => ticketsOf(at, spot, offset + index);
    const dust = new Map<string, bigint>();
    await replay(venue, { rounds, expiries, period, tickets, toWallet: false }, (event) => {
      if (event.kind === "settled") {
        const { symbol } = event.result.market.token;
        dust.set(symbol, (dust.get(symbol) ?? 0n) + event.result.dust);
      }
      tally.add(event);
      notify?.(event);
    });
    await requireSolvent(venue, dust, tally);
    return { rounds: venue.rounds, sent: venue.chain.sent };
  } finally {
    await venue.chain.close();
  }
}

/** Four strategies an expiry, in turn; sizes, sides and customers go round with them. */
function ticketsOf(venue: Venue, spot: Spot, index: number): readonly Ticket[] {
  return CUSTOMERS.map((name, seat) => {
    const turn = index * ORDERS_AN_EXPIRY + seat;
    const strategy = STRATEGIES[turn % STRATEGIES.length] ?? STRATEGIES[0];
    return {
      deal: dealOf(strategy.name, spot),
      customer: venue.party(name),
      maker: turn % 3 === 0 ? "customer" : "desk",
      units: BigInt(1 + (turn % 7)),
    };
  });
}

/** When every book has paid, the ledger holds exactly everyone's free cash and the dust. */
async function requireSolvent(
  venue: Venue,
  dust: ReadonlyMap<string, bigint>,
  tally: Tally,
): Promise<void> {
  for (const { token } of venue.markets) {
    let owed = dust.get(token.symbol) ?? 0n;
    for (const party of venue.parties) owed += await venue.cash(party, token);
    const held = await venue.holdings(token);
    if (held !== owed) tally.fault(`the ledger holds ${held} ${token.symbol} and owes ${owed}`);
  }
}

let collect: (() => void) | undefined;

/** A closed chain is freed only when its handle is collected, and V8 does not see how much memory hangs on it. */
function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

import { terminalChart } from "./chart.ts";
import { day } from "./format.ts";
import type { Traded } from "./events.ts";
import { packageChecks, packageLines } from "./packageReport.ts";
import { breakevens, profitCurve } from "./profit.ts";
import { accountTable, gasTable, paint, poolLine, verdict } from "./report.ts";
import type { AccountRow, Check } from "./report.ts";
import type { BookResult, Share } from "./settle.ts";
import { drawing } from "./svg.ts";
import { LOTS_PER_ETH } from "./terms.ts";
import type { Token, Venue } from "./venue.ts";

/** What the week has left. */
export interface StoryResult {
  readonly venue: Venue;
  readonly results: readonly BookResult[];
  /** What was traded with several makers at once. */
  readonly takes: readonly Traded[];
  /** Free cash of each account before it traded, whole tokens. */
  readonly funds: { readonly usdc: bigint; readonly weth: bigint };
  /** Directory for drawings. */
  readonly out: string;
  /** Takes each line. */
  readonly print: (line: string) => void;
}

const CHART_COLUMNS = 72n;
const CONDOR = "iron condor";
const BOX = "long box";

/** Tables, chart and checks. Returns the number of checks that failed. */
export async function report(story: StoryResult): Promise<number> {
  const { venue, results, print } = story;
  const rows = await accountsOf(story);
  print(`\n${accountTable(rows)}\n`);
  drawCondor(story, rows);
  for (const line of packageLines(story)) print(line);
  print(`\n${gasTable(venue.chain.gas)}\n`);
  for (const result of results) print(poolLine(result));

  const checks = await checksOf(story, rows);
  for (const { text, holds } of checks) print(`${text}  ${verdict(holds)}`);
  const faults = results.flatMap((result) => result.faults);
  for (const fault of faults) print(paint.red(fault));
  return faults.length + checks.filter(({ holds }) => !holds).length;
}

/** Each account began with the same free cash and dealt in one book a token: what is missing went in. */
async function accountsOf({ venue, results, funds }: StoryResult): Promise<AccountRow[]> {
  const rows: AccountRow[] = [];
  for (const { market, shares, redemptions } of results) {
    const { token } = market;
    const whole = market.name === "linear" ? funds.usdc : funds.weth;
    const before = whole * 10n ** BigInt(token.decimals);
    for (const { party, collateral, least, payout } of shares) {
      const paidIn = before - (await venue.cash(party, token));
      const [worst, profit] = [least - paidIn, payout - paidIn];
      const { name } = party;
      rows.push({ name, book: market.name, token, paidIn, collateral, worst, payout, profit });
    }
    // Whoever was handed a package has paid the ledger nothing.
    for (const { pack, payout } of redemptions) {
      const none = { paidIn: 0n, collateral: 0n, worst: 0n };
      const { name } = pack.holder;
      rows.push({ name, book: market.name, token, ...none, payout, profit: payout });
    }
  }
  return rows;
}

function drawCondor({ results, out, print }: StoryResult, rows: readonly AccountRow[]): void {
  const { result, share } = shareOf(results, CONDOR);
  const { scale, token } = result.market;
  const { collateral, legs } = share;
  const row = rows.find(({ name }) => name === CONDOR);
  const holding = { scale, legs, collateral, paidIn: row?.paidIn ?? 0n };
  const strikes = legs.map(({ strike }) => strike);
  const from = ((strikes[0] ?? 0n) * 92n) / 100n;
  const to = ((strikes.at(-1) ?? 0n) * 108n) / 100n;
  const range = { from, to, steps: CHART_COLUMNS };
  const curve = profitCurve(holding, range);
  // On a terminal every column is one step: no knots between.
  const columns = curve.filter(({ price }) => isStep(price, range));
  print(`profit of the iron condor in ${token.symbol} by settlement price`);
  print(terminalChart({ points: columns, decimals: token.decimals, settlement: result.price }));

  const size = (legs[0]?.quantity ?? 0n) / LOTS_PER_ETH;
  const file = join(out, "condor.svg");
  const title = `Iron condor of ${size} ETH, expiry ${day(result.expiry)}`;
  const settlement = { price: result.price, profit: row?.profit ?? 0n };
  const zeros = breakevens(curve);
  mkdirSync(out, { recursive: true });
  writeFileSync(file, drawing({ title, points: curve, breakevens: zeros, settlement, token }));
  print(`drawn in ${relative(process.cwd(), file)}`);
}

function isStep(price: bigint, { from, to, steps }: { from: bigint; to: bigint; steps: bigint }) {
  const step = ((price - from) * steps + (to - from) - 1n) / (to - from);
  return from + ((to - from) * step) / steps === price;
}

function shareOf(results: readonly BookResult[], name: string) {
  for (const result of results) {
    const share: Share | undefined = result.shares.find(({ party }) => party.name === name);
    if (share !== undefined) return { result, share };
  }
  throw new Error(`${name} holds no position`);
}

async function checksOf(story: StoryResult, rows: readonly AccountRow[]): Promise<Check[]> {
  const { venue, results } = story;
  const box = shareOf(results, BOX).share;
  const checks: Check[] = [
    { text: "both books were settled", holds: results.length === 2 },
    { text: "both settled at prices within 1 % of each other", holds: areClose(results) },
    {
      text: "the long box needs nothing beyond its premium",
      holds: box.requirement === 0n && box.collateral === 0n,
    },
  ];
  for (const { market, dust, fees } of results) {
    const { token } = market;
    const { symbol } = token;
    const gains = rows.filter((row) => row.token === token).reduce((sum, r) => sum + r.profit, 0n);
    checks.push({
      text: `${symbol}: profits + fees + dust = 0`,
      holds: gains + fees + dust === 0n,
    });
    const owed = (await cashOfAll(venue, token)) + dust;
    const holds = (await venue.holdings(token)) === owed;
    checks.push({ text: `${symbol}: the ledger holds exactly its free cash and the dust`, holds });
  }
  return [...checks, ...(await packageChecks(story))];
}

/** One is of the expiry, the other may be a mean of the half hour before it. */
function areClose(results: readonly BookResult[]): boolean {
  const [one = 0n, other = 0n] = results.map(({ price }) => price);
  const gap = one > other ? one - other : other - one;
  return gap * 100n <= one;
}

async function cashOfAll(venue: Venue, token: Token): Promise<bigint> {
  let sum = 0n;
  for (const party of venue.parties) sum += await venue.cash(party, token);
  return sum;
}

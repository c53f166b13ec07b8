import { closeSync, openSync, writeFileSync } from "node:fs";

import { readHistory } from "./csv.ts";
import type { EngineEvent } from "./events.ts";
import { day, decimal, span, time } from "./format.ts";
import { expiriesOf, replayHistory } from "./history.ts";
import { PERIODS } from "./options.ts";
import type { ReplayOptions } from "./options.ts";
import { paint } from "./report.ts";
import type { Amounts, Summary } from "./tally.ts";
import { codeOf, UsageError } from "./usage.ts";

const DECIMALS = new Map([
  ["USDC", 6],
  ["WETH", 18],
]);

/** Replays a file and prints what is out of the ordinary, and the sums. Returns the number of checks that failed. */
export async function replayFile(options: ReplayOptions): Promise<number> {
  const { file, every, from, to, max, json, oracle } = options;
  const { rounds, column, delay } = readHistory(file, options.column);
  const period = PERIODS[every];
  const expiries = expiriesOf(rounds, { period, from, to, max });
  const [first, last] = [rounds[0]?.time ?? 0n, rounds.at(-1)?.time ?? 0n];
  if (expiries.length === 0) {
    throw new UsageError(`no expiry between ${time(first)} and ${time(last)} is asked for`);
  }
  if (json !== undefined) requireWritable(json);
  const source = delay === 0n ? column : `${column}, published ${span(delay)} later`;
  console.log(`${rounds.length} rounds from ${time(first)} to ${time(last)} UTC (${source})`);
  console.log(`expiries: ${expiries.length}, every ${every}, two books each\n`);
  const summary = await replayHistory({
    rounds,
    expiries,
    period,
    oracle,
    notify: tell,
    chainEnded,
  });
  console.log(`\n${summaryText(summary)}`);
  for (const fault of summary.faults) console.log(paint.red(fault));
  if (json !== undefined) writeFileSync(json, jsonOf(options, summary));
  return summary.faults.length;
}

function chainEnded(first: bigint, last: bigint, transactions: number): void {
  console.log(paint.dim(`${day(first)} to ${day(last)}: ${transactions} transactions`));
}

/** What went as planned is not told. */
function tell(event: EngineEvent): void {
  const line = lineOf(event);
  if (line !== undefined) console.log(`${time(event.at)}  ${line}`);
}

function lineOf(event: EngineEvent): string | undefined {
  switch (event.kind) {
    case "refused":
      return `expiry ${day(event.expiry)}: ${event.error.message}`;
    case "opened":
      if (event.late === 0n) return undefined;
      return `expiry ${day(event.expiry)}: books opened ${span(event.late)} late`;
    case "notOpened":
      return `expiry ${day(event.expiry)}: no books`;
    case "fixed": {
      const { text, step } = event.basis;
      if (step === "F0" || step === "round") return undefined;
      return `expiry ${day(event.expiry)}: fixed at ${text}, ${span(event.at - event.expiry)} after it`;
    }
    case "settled":
      if (event.result.faults.length === 0) return undefined;
      return paint.red(`expiry ${day(event.result.expiry)}: ${event.result.faults.join("; ")}`);
    case "published":
    case "marked":
    case "traded":
    case "wrapped":
    case "sent":
    case "redeemed":
      return undefined;
  }
}

/** The sums, a line each. */
export function summaryText(summary: Summary): string {
  const { seconds, transactions } = summary;
  const perSecond = rateOf(summary);
  const rows: readonly (readonly [string, string | number])[] = [
    ["expiries", summary.expiries],
    ["  opened late", summary.openedLate],
    ["  not opened", summary.notOpened],
    ["books, pool = payouts + dust", summary.books],
    ["books by what they settled by", counted(summary.steps)],
    ["books that fell short", summary.booksShort],
    ["orders", summary.orders],
    ["accounts settled", summary.accountsSettled],
    ["refusals", counted(summary.refusals)],
    ["total dust", amounts(summary.dust)],
    ["fees", amounts(summary.fees)],
    ["largest requirement", amounts(summary.largestRequirement)],
    ["checks failed", summary.faults.length],
    ["rounds", summary.rounds],
    ["chains", summary.chains],
    ["transactions", `${transactions}, ${perSecond} a second`],
    ["wall time", `${seconds.toFixed(1)} s`],
  ];
  return rows.map(([name, value]) => `${name.padEnd(30)} ${value}`).join("\n");
}

function counted(by: Readonly<Record<string, number>>): string {
  const each = Object.entries(by).map(([name, count]) => `${name} ${count}`);
  return each.join(", ") || "none";
}

function amounts(by: Amounts): string {
  const each = Object.entries(by).map(([symbol, value]) => {
    const places = DECIMALS.get(symbol) ?? 0;
    return `${decimal(value, places, places)} ${symbol}`;
  });
  return each.join(", ");
}

function rateOf({ transactions, seconds }: Summary): number {
  return Math.round(transactions / seconds);
}

/** The summary as JSON, amounts in base units as strings. */
function jsonOf({ file, every, oracle }: ReplayOptions, summary: Summary): string {
  const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);
  return `${JSON.stringify({ file, every, oracle, ...summary, transactionsPerSecond: rateOf(summary) }, plain, 2)}\n`;
}

/** Better known before a long run than after it. */
function requireWritable(path: string): void {
  try {
    closeSync(openSync(path, "a"));
  } catch (error) {
    throw new UsageError(`cannot write ${path}: ${codeOf(error)}`);
  }
}

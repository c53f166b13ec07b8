/**
 * What the triggers of docs/breakers.md would have done in recorded prices: five-minute moves, votes apart, tightness.
 *
 *   npm run calibrate               prints it
 *   npm run calibrate -- --write    writes it into docs/breakers.md as well
 *
 * The recorded prices lie beside the checkout, in ../shared/data.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import { boundsOf, readHours, yearsOf } from "./calibrate/hourly.ts";
import { hoursTable, movesTable, tightnessTable, votesTable } from "./calibrate/report.ts";
import { tightnessBy } from "./calibrate/tightness.ts";
import {
  bitcoinApart,
  classesApart,
  coinApart,
  dispersionOf,
  nodesApart,
  venuesApart,
} from "./calibrate/votes.ts";
import type { Thresholds } from "./calibrate/votes.ts";
import { windowMoves } from "./calibrate/windows.ts";
import { root } from "./lib/proc.ts";

const PAGE = join(root, "docs/breakers.md");
const [BEGIN, END] = ["<!-- begin: calibration -->", "<!-- end: calibration -->"] as const;

/** Bps: every tier of a move as it starts, at full tightness, and with the tightest policy. */
const HOURLY = [375, 500, 750, 1_000, 1_500, 2_000, 2_625, 3_500];
/** As they start, at full tightness, the tightest policy, and that at full tightness. */
const APART: readonly Thresholds[] = [
  [300, 800],
  [225, 600],
  [100, 300],
  [75, 225],
];
const DAILY_VOLS = [300, 500, 800];

function tables(): string {
  const hours = readHours();
  const years = yearsOf(hours);
  const votes = [
    ["BTC at three venues, March 2023, by the minute", bitcoinApart()],
    ["USDC at three venues, two of them thin, the same", coinApart()],
    ["ETH at three venues, November 2022, every 5 min", ftx()],
    ["ETH at two venues, October 2025, every 5 min", october()],
    ["ETH: aggregate, nodes, providers, 2022, every 15 min", classesApart()],
    ["ETH: the two of 31 nodes furthest apart, the same", nodesApart()],
  ] as const;
  return [
    `Moves within five minutes (ETH; ${years.toFixed(2)} years have been looked through for such windows):`,
    movesTable(windowMoves(), years),
    `${hours.length.toLocaleString("en-US")} hours of ETH, August 2017 to August 2026:`,
    hoursTable(boundsOf(hours, HOURLY), years),
    "Votes apart; readings that would have tripped Apart and FarApart:",
    votesTable(
      votes.map(([name, readings]) => dispersionOf(name, readings, APART)),
      APART,
    ),
    "Tightness by volatility alone, over the same hours:",
    tightnessTable(tightnessBy(hours, DAILY_VOLS)),
  ].join("\n\n");
}

function ftx() {
  const venues = ["binance_spot", "okx_perp", "binance_perp"];
  return venuesApart(
    "crash_windows/2022-11-08_ftx.csv.gz",
    venues.map((venue) => [`${venue} ETH/USDT 300`]),
  );
}

function october() {
  return venuesApart(
    "crash_windows/2025-10-10_liquidation_cascade.csv.gz",
    ["binance_perp", "bybit_perp"].map((venue) => [`${venue} ETH/USDT 300`]),
  );
}

const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
const told = await format(tables(), options);
console.log(told);
if (process.argv.includes("--write")) {
  const page = readFileSync(PAGE, "utf8");
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/breakers.md has no place for it: ${BEGIN}`);
  const text = `${page.slice(0, from + BEGIN.length)}\n\n${told}\n${page.slice(to)}`;
  writeFileSync(PAGE, await format(text, options));
}

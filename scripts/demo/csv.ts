import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { Round } from "./series.ts";
import { codeOf, UsageError } from "./usage.ts";

/** The columns that can hold a price. */
export const PRICE_COLUMNS = ["close", "price"] as const;

/** Name of a column that can hold a price. */
export type PriceColumn = (typeof PRICE_COLUMNS)[number];

/** A price history out of a file. */
export interface History {
  readonly rounds: readonly Round[];
  readonly column: PriceColumn;
  /** Seconds from a row's timestamp to its price: the length of a bar for `close`, 0 for `price`. */
  readonly delay: bigint;
}

const TIME_COLUMNS = ["ts", "timestamp", "time"];
const UNIX_SECONDS = /^\d{9,10}(\.0+)?$/;
const PRICE = /^(\d+)(?:\.(\d+))?$/;
const DECIMALS = 8;

/**
 * Reads a CSV file, gzip or plain, with a header. `close` belongs to a bar that opens at the row's timestamp, so it is
 * known at the bar's end; `price` was observed at the timestamp itself.
 */
export function readHistory(path: string, wanted?: PriceColumn): History {
  const lines = textOf(path)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
  const [header, ...rows] = lines;
  if (header === undefined) throw new UsageError(`${path} is empty`);
  const { timeAt, priceAt, column } = columnsOf(path, header, wanted);
  if (rows.length < 2) throw new UsageError(`${path} has ${rows.length} rows below its header`);

  const opened = rows.map((row, index) => roundOf(row.split(","), timeAt, priceAt, index + 2));
  requireSorted(opened);
  const delay = column === "close" ? barLength(opened) : 0n;
  const rounds = opened.map(({ time, answer }) => ({ time: time + delay, answer }));
  return { rounds, column, delay };
}

function textOf(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${codeOf(error)}`);
  }
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  try {
    return (zipped ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    throw new UsageError(`${path} begins like a gzip file and is none`);
  }
}

function columnsOf(path: string, header: string, wanted?: PriceColumn) {
  const names = header.split(",").map((name) => unquoted(name).toLowerCase());
  const timeAt = names.findIndex((name) => TIME_COLUMNS.includes(name));
  if (timeAt < 0) {
    throw new UsageError(`${path} has no column ${TIME_COLUMNS.join(", ")}: ${names.join(", ")}`);
  }
  const accepted = wanted === undefined ? PRICE_COLUMNS : [wanted];
  const column = accepted.find((name) => names.includes(name));
  if (column === undefined) {
    throw new UsageError(`${path} has no column ${accepted.join(", ")}: ${names.join(", ")}`);
  }
  return { timeAt, priceAt: names.indexOf(column), column };
}

function roundOf(cells: readonly string[], timeAt: number, priceAt: number, line: number): Round {
  const time = unquoted(cells[timeAt] ?? "");
  const price = unquoted(cells[priceAt] ?? "");
  if (!UNIX_SECONDS.test(time)) {
    throw new UsageError(`line ${line}: "${time}" is no time in unix seconds`);
  }
  const [, whole, fraction = ""] = PRICE.exec(price) ?? [];
  if (whole === undefined) throw new UsageError(`line ${line}: "${price}" is no price`);
  // What lies beyond the 8th decimal is cut off.
  const answer = BigInt(whole + fraction.slice(0, DECIMALS).padEnd(DECIMALS, "0"));
  if (answer === 0n) throw new UsageError(`line ${line}: the price ${price} is zero`);
  return { time: BigInt(time.split(".")[0] ?? ""), answer };
}

function requireSorted(rounds: readonly Round[]): void {
  rounds.forEach(({ time }, index) => {
    const before = rounds[index - 1]?.time;
    if (before !== undefined && time <= before) {
      throw new UsageError(`line ${index + 2}: ${time} is not after ${before}, the row above it`);
    }
  });
}

/** The distance between rows that is met most often. */
function barLength(rounds: readonly Round[]): bigint {
  const counts = new Map<bigint, number>();
  let best = 0n;
  let most = 0;
  rounds.forEach(({ time }, index) => {
    const before = rounds[index - 1]?.time;
    if (before === undefined) return;
    const count = (counts.get(time - before) ?? 0) + 1;
    counts.set(time - before, count);
    if (count > most) [best, most] = [time - before, count];
  });
  return best;
}

function unquoted(cell: string): string {
  return cell.trim().replace(/^"(.*)"$/, "$1");
}

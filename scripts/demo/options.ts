import { parseArgs } from "node:util";

import { PRICE_COLUMNS } from "./csv.ts";
import type { PriceColumn } from "./csv.ts";
import { ORACLES } from "./pricing.ts";
import type { OracleChoice } from "./pricing.ts";
import { UsageError } from "./usage.ts";

/** How to run the demo. */
export const HELP = `npm run demo
  One week of ETH options on a chain in this process: two markets, five strategies, settlement, payouts.

npm run demo -- --data FILE [options]
  Replays a price history over many expiries and checks every book.

  --data FILE        CSV with a header, plain or gzip: ts (or timestamp) in unix seconds, close or price
  --column NAME      close: the row's bar opens at ts, its close is published at the bar's end
                     price: observed at the row's own time. Default: close if there is one
  --every STEP       week (Fridays 08:00 UTC, the default) or day (08:00 UTC)
  --from DATE        first expiry not before this day, YYYY-MM-DD
  --to DATE          last expiry not after this day, YYYY-MM-DD
  --max N            at most N expiries
  --json FILE        writes the summary as JSON
  --oracle NAME      multi: three classes of sources (default), or single: the push feed alone; for the week too
  --help             shows this text
`;

/** Days and weeks between expiries, in seconds. */
export const PERIODS = { week: 604_800n, day: 86_400n } as const;

/** What to replay. */
export interface ReplayOptions {
  readonly file: string;
  readonly column: PriceColumn | undefined;
  readonly every: keyof typeof PERIODS;
  /** Unix seconds, inclusive. */
  readonly from: bigint | undefined;
  /** Unix seconds, inclusive. */
  readonly to: bigint | undefined;
  readonly max: number | undefined;
  readonly json: string | undefined;
  readonly oracle: OracleChoice;
}

/** What was asked for on the command line. */
export interface Options {
  readonly help: boolean;
  readonly oracle: OracleChoice;
  /** Without it, the built-in week. */
  readonly replay: ReplayOptions | undefined;
}

/** Reads and checks the command line. */
export function parseOptions(args: readonly string[]): Options {
  const values = parsed(args);
  const oracle = oneOf("oracle", values.oracle ?? "multi", ORACLES);
  const replay = values.data === undefined ? undefined : replayOf(values, values.data, oracle);
  const needless = Object.keys(values).find((name) => name !== "help" && name !== "oracle");
  if (!replay && needless !== undefined) throw new UsageError(`--${needless} needs --data FILE`);
  return { help: values.help ?? false, oracle, replay };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: text,
        column: text,
        every: text,
        from: text,
        to: text,
        max: text,
        json: text,
        oracle: text,
        help: { type: "boolean" },
      },
    });
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function replayOf(
  values: ReturnType<typeof parsed>,
  file: string,
  oracle: OracleChoice,
): ReplayOptions {
  const from = values.from === undefined ? undefined : dayOf("from", values.from);
  const to = values.to === undefined ? undefined : dayOf("to", values.to) + PERIODS.day - 1n;
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError(`--from ${values.from} is after --to ${values.to}`);
  }
  return {
    file,
    column: values.column === undefined ? undefined : oneOf("column", values.column, PRICE_COLUMNS),
    every: oneOf("every", values.every ?? "week", ["week", "day"] as const),
    from,
    to,
    max: values.max === undefined ? undefined : countOf("max", values.max),
    json: values.json,
    oracle,
  };
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((choice) => choice === value);
  if (found === undefined) {
    throw new UsageError(`--${name} ${value}: one of ${allowed.join(", ")} is wanted`);
  }
  return found;
}

function countOf(name: string, value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new UsageError(`--${name} ${value}: a whole number from 1 on is wanted`);
  }
  return Number(value);
}

function dayOf(name: string, value: string): bigint {
  const at = Date.parse(`${value}T00:00:00Z`);
  const real = /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at);
  // Date.parse takes 2023-02-31 for March 3rd.
  if (!real || !new Date(at).toISOString().startsWith(value)) {
    throw new UsageError(`--${name} ${value}: a day as YYYY-MM-DD is wanted`);
  }
  return BigInt(at / 1_000);
}

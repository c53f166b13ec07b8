import { recorded, rowsOf } from "../lib/recorded.ts";

/** A bar of a venue; times in unix seconds. */
export interface Bar {
  readonly opened: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Bars of one venue and market in one window. */
export interface Series {
  /** The file it is of, without its ending. */
  readonly window: string;
  readonly venue: string;
  readonly market: string;
  /** Seconds a bar. */
  readonly interval: number;
  readonly bars: readonly Bar[];
}

/** The windows with minute, three-minute and five-minute bars. */
export const WINDOWS = [
  "2021-05-19_china_ban",
  "2022-05-09_luna",
  "2022-11-08_ftx",
  "2023-03-10_usdc_depeg_eth",
  "2023-08-17_flash_crash",
  "2024-08-05_yen_carry",
  "2025-04-07_tariffs",
  "2025-10-10_liquidation_cascade",
] as const;

/** Longest bars that say something about five minutes. */
const LONGEST = 300;
const DEX = "dex/uniswap_v3_polygon_usdc_weth_005_minute.csv.gz";
/** A pool's days without a break belong together. */
const BREAK = 86_400;

/** Where a recorded file lies; without it there is nothing to calibrate on. */
export function required(file: string): string {
  const path = recorded(file);
  if (path === undefined) throw new Error(`${file} does not lie beside this checkout`);
  return path;
}

/** Every series of a file in long format. */
export function readSeries(file: string): readonly Series[] {
  const found = new Map<string, { series: Omit<Series, "bars">; bars: Bar[] }>();
  for (const row of rowsOf(required(file))) {
    const { source = "", market = "", interval_s: interval = "" } = row;
    const key = [source, market, interval].join(" ");
    let entry = found.get(key);
    if (entry === undefined) {
      const window = file.replace(/^.*\/|\.csv\.gz$/g, "");
      const series = { window, venue: source, market, interval: Number(interval) };
      found.set(key, (entry = { series, bars: [] }));
    }
    const [opened = 0, high = 0, low = 0, close = 0] = ["ts", "high", "low", "close"].map((name) =>
      Number(row[name]),
    );
    entry.bars.push({ opened, high, low, close });
  }
  return [...found.values()].map(({ series, bars }) => ({
    ...series,
    bars: bars.sort((a, b) => a.opened - b.opened),
  }));
}

/** The series of all windows that are fine enough. */
export function fineSeries(): readonly Series[] {
  return WINDOWS.flatMap((window) => readSeries(`crash_windows/${window}.csv.gz`)).filter(
    ({ interval }) => interval <= LONGEST,
  );
}

/** A pool on a decentralised exchange, by the minute, in the stretches that were recorded. */
export function poolSeries(): readonly Series[] {
  const stretches: Bar[][] = [];
  for (const row of rowsOf(required(DEX))) {
    const opened = Number(row["ts"]);
    const last = stretches.at(-1)?.at(-1)?.opened;
    if (last === undefined || opened - last > BREAK) stretches.push([]);
    // A tick counts WETH in USDC, so the lowest one is the highest price.
    const [high = 0, low = 0, close = 0] = ["lowestTick", "highestTick", "closeTick"].map(
      (name) => 1e12 / 1.0001 ** Number(row[name]),
    );
    stretches.at(-1)?.push({ opened, high, low, close });
  }
  return stretches.map((bars) => ({
    window: `dex ${new Date((bars[0]?.opened ?? 0) * 1_000).toISOString().slice(0, 10)}`,
    venue: "uniswap_v3_polygon",
    market: "ETH/USDC",
    interval: 60,
    bars,
  }));
}

import { id } from "ethers";

import { eightDecimals, rowsOf } from "../../../scripts/lib/recorded.ts";

/** Price at a time, unix seconds, 8 decimals; undefined where nothing is known. */
export type Path = (time: bigint) => bigint | undefined;

/** A bar of a venue; the path within it is not recorded. */
interface Bar {
  readonly opened: bigint;
  readonly corners: readonly [open: bigint, first: bigint, second: bigint, close: bigint];
}

/** A recorded window with series of several venues. */
export interface Window {
  /** The path of a series by its source, market and seconds a bar. */
  readonly path: (source: string, market: string, interval: bigint) => Path;
}

const ONE = 10n ** 8n;
/** A quiet market keeps its last price this long. */
const LONGEST_SILENCE = 3_600n;
/** When within a bar its extremes are passed, in thirds. */
const THIRDS = 3n;

/** Reads a window of candles in long format. */
export function readWindow(file: string): Window {
  const series = new Map<string, Bar[]>();
  for (const row of rowsOf(file)) {
    const { ts = "", source, market, interval_s: interval } = row;
    const [open, high, low, close] = ["open", "high", "low", "close"].map((name) =>
      eightDecimals(row[name] ?? ""),
    ) as [bigint, bigint, bigint, bigint];
    const key = `${source} ${market} ${interval}`;
    const bars = series.get(key) ?? [];
    series.set(key, bars);
    // A bar that rises is taken to have fallen first, and the other way round.
    const corners =
      close >= open ? ([open, low, high, close] as const) : ([open, high, low, close] as const);
    bars.push({ opened: BigInt(ts), corners });
  }
  const path = (source: string, market: string, interval: bigint): Path => {
    const bars = series.get(`${source} ${market} ${interval}`);
    if (bars === undefined) throw new Error(`${file} has no ${source} ${market} ${interval}`);
    bars.sort((a, b) => Number(a.opened - b.opened));
    return (time) => priceIn(bars, interval, time);
  };
  return { path };
}

/** A path through points, on the line between two of them. */
export function through(points: readonly (readonly [time: bigint, price: bigint])[]): Path {
  return (time) => {
    const after = upperBound(points.length, (index) => (points[index]?.[0] ?? 0n) > time);
    const [before, next] = [points[after - 1], points[after]];
    if (before === undefined || next === undefined)
      return before?.[0] === time ? before[1] : undefined;
    return between(before[1], next[1], time - before[0], next[0] - before[0]);
  };
}

/** The price of a in c, from a in b and b in c. */
export function times(a: Path, b: Path): Path {
  return (time) => {
    const [one, other] = [a(time), b(time)];
    return one === undefined || other === undefined ? undefined : (one * other) / ONE;
  };
}

/** The price of b in c, from a in c and a in b. */
export function over(a: Path, b: Path): Path {
  return (time) => {
    const [one, other] = [a(time), b(time)];
    return one === undefined || other === undefined ? undefined : (one * ONE) / other;
  };
}

/** What was there to be seen some seconds ago. */
export function late(path: Path, seconds: bigint): Path {
  return (time) => path(time - seconds);
}

/** A path that is off by up to so many bps, to be the same in every run. */
export function noisy(path: Path, bps: bigint, seed: string): Path {
  return (time) => {
    const price = path(time);
    if (price === undefined) return undefined;
    const off = (BigInt(id(`${seed} ${time}`)) % (2n * bps + 1n)) - bps;
    return price + (price * off) / 10_000n;
  };
}

function priceIn(bars: readonly Bar[], interval: bigint, time: bigint): bigint | undefined {
  // The bar that is open at the time, or ends with it.
  const after = upperBound(bars.length, (index) => (bars[index]?.opened ?? 0n) >= time);
  const bar = bars[after - 1];
  if (bar === undefined) return undefined;
  const { opened, corners } = bar;
  const passed = time - opened;
  if (passed >= interval) return passed - interval <= LONGEST_SILENCE ? corners[3] : undefined;
  const third = (passed * THIRDS) / interval;
  const [from, to] = [corners[Number(third)] ?? 0n, corners[Number(third) + 1] ?? 0n];
  return between(from, to, passed * THIRDS - third * interval, interval);
}

function between(from: bigint, to: bigint, passed: bigint, length: bigint): bigint {
  return from + ((to - from) * passed) / length;
}

/** The first index of which a condition holds that holds of all after it. */
function upperBound(length: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

import { rowsOf } from "../lib/recorded.ts";
import { readSeries, required } from "./candles.ts";

/** How far votes were apart at a time, bps of the lowest. */
export interface Apart {
  readonly time: number;
  readonly bps: number;
}

/** How often votes were apart. */
export interface Dispersion {
  readonly name: string;
  readonly readings: number;
  /** Bps. */
  readonly median: number;
  readonly most: number;
  /** Share of the readings from 1 % on, 0..1: no undegraded spot. */
  readonly degraded: number;
  /** For each pair of thresholds: readings that trip Apart (and the one before does), and FarApart. */
  readonly trips: readonly { readonly apart: number; readonly farApart: number }[];
}

/** Thresholds, bps: `apart` and `farApart`. */
export type Thresholds = readonly [apart: number, farApart: number];

const BPS = 10_000;
const DEGRADED = 100;
/** A notice of Apart is good for so long. */
const NOTICE = 900;
const NODES = "oracle/ethusd_chainlink_nodes_and_providers_2022-04-17_2022-05-23.csv.gz";
const DEPEG = "crash_windows/2023-03-10_usdc_depeg_multisource_1m.csv.gz";

/** What some readings come to. */
export function dispersionOf(
  name: string,
  readings: readonly Apart[],
  thresholds: readonly Thresholds[],
): Dispersion {
  const sorted = readings.map(({ bps }) => bps).sort((a, b) => a - b);
  const trips = thresholds.map(([apart, farApart]) => ({
    apart: readings.filter(
      ({ time, bps }, i) =>
        bps >= apart &&
        (readings[i - 1]?.bps ?? 0) >= apart &&
        time - (readings[i - 1]?.time ?? 0) <= NOTICE,
    ).length,
    farApart: readings.filter(({ bps }) => bps >= farApart).length,
  }));
  return {
    name,
    readings: readings.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    most: sorted.at(-1) ?? 0,
    degraded: readings.filter(({ bps }) => bps > DEGRADED).length / readings.length,
    trips,
  };
}

/** Closes of several venues of a window at the same time; a product of two where one trades in something else. */
export function venuesApart(file: string, votes: readonly (readonly string[])[]): readonly Apart[] {
  const series = readSeries(file);
  const closes = votes.map((legs) =>
    legs.map((leg) => {
      const found = series.find(
        ({ venue, market, interval }) => `${venue} ${market} ${interval}` === leg,
      );
      if (found === undefined) throw new Error(`${file} has no ${leg}`);
      return new Map(found.bars.map(({ opened, close }) => [opened, close]));
    }),
  );
  const times = [...(closes[0]?.[0]?.keys() ?? [])];
  return times.flatMap((time) => {
    const prices = closes.map((legs) =>
      legs.reduce<number | undefined>((product, leg) => {
        const close = leg.get(time);
        return product === undefined || close === undefined ? undefined : product * close;
      }, 1),
    );
    const known = prices.filter((price) => price !== undefined);
    return known.length < votes.length ? [] : [{ time, bps: apart(known) }];
  });
}

/** BTC in dollars at three venues while USDC was off its peg, by the minute. */
export function bitcoinApart(): readonly Apart[] {
  return venuesApart(DEPEG, [
    ["kraken_spot BTC/USD 60"],
    ["coinbase_spot BTC/USD 60"],
    ["binanceus_spot BTC/USDT 60", "kraken_spot USDT/USD 60"],
  ]);
}

/** USDC in dollars at three venues, two of which trade next to nothing. */
export function coinApart(): readonly Apart[] {
  return venuesApart(DEPEG, [
    ["kraken_spot USDC/USD 60"],
    ["binanceus_spot USDC/USDT 60", "kraken_spot USDT/USD 60"],
    ["binanceus_spot USDC/USDT 60", "coinbase_spot USDT/USD 60"],
  ]);
}

/** Chainlink's aggregate, the median of its nodes, and the median of providers: what three classes might say. */
export function classesApart(): readonly Apart[] {
  return polls((row) => [
    Number(row["chainlink_aggregate"]),
    median(cells(row, "node_")),
    median(cells(row, "src_")),
  ]);
}

/** The two of Chainlink's nodes that are furthest apart; what a node said last may be old. */
export function nodesApart(): readonly Apart[] {
  return polls((row) => cells(row, "node_"));
}

function polls(of: (row: Readonly<Record<string, string>>) => readonly number[]): Apart[] {
  return rowsOf(required(NODES)).map((row) => ({ time: Number(row["ts"]), bps: apart(of(row)) }));
}

function cells(row: Readonly<Record<string, string>>, prefix: string): readonly number[] {
  return Object.entries(row).flatMap(([name, value]) =>
    name.startsWith(prefix) ? Number(value) : [],
  );
}

function apart(prices: readonly number[]): number {
  const [lowest, highest] = [Math.min(...prices), Math.max(...prices)];
  return Math.floor(((highest - lowest) * BPS) / lowest);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]];
  return (low + high) / 2;
}

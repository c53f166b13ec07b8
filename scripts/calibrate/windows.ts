import { WINDOWS, fineSeries, poolSeries } from "./candles.ts";
import type { Series } from "./candles.ts";
import { furthest, possibleMoves, seenMoves } from "./moves.ts";
import { tightnessOf } from "./tightness.ts";
import { episodesOf, minutesOf } from "./trips.ts";

/** Thresholds of a move in force, bps: as it starts, at full tightness, the tightest policy, and that at full tightness. */
export const MOVES = [1_000, 750, 500, 375] as const;

/** What a threshold comes to in a window. */
export interface Tripped {
  /** As whoever looks at the end of every bar of the finest series sees it. */
  readonly times: number;
  readonly minutes: number;
  /** Of these times: those after which the price was back within the hour. */
  readonly back: number;
  /** Whether any look at any of the window's series could have tripped it. */
  readonly possible: boolean;
}

/** Five-minute moves of a window. */
export interface WindowMoves {
  readonly window: string;
  /** Its finest series. */
  readonly series: string;
  /** Seconds a bar, and how many there are. */
  readonly interval: number;
  readonly bars: number;
  /** Bps: the furthest that was seen there and in any series, and the furthest possible in any. */
  readonly seen: number;
  readonly seenElsewhere: number;
  readonly possible: number;
  /** Bps: the most that volatility alone tightened a market with a daily volatility of 5 %. */
  readonly tightness: number;
  /** In the order of `MOVES`. */
  readonly tripped: readonly Tripped[];
}

const UNDERLYING = /^ETH\//;
const DAILY_VOL = 500;

/** Five-minute moves of ETH in every window, and in the pool on the days of the flash crash. */
export function windowMoves(): readonly WindowMoves[] {
  const series = fineSeries().filter(({ market }) => UNDERLYING.test(market));
  const byWindow = WINDOWS.map((name) => series.filter(({ window }) => window === name));
  return [...byWindow, poolSeries().slice(0, 1)].map(movesOf);
}

function movesOf(series: readonly Series[]): WindowMoves {
  const finest = series.reduce((best, each) => (each.interval < best.interval ? each : best));
  const seen = seenMoves(finest);
  const possible = Math.max(...series.map((each) => furthest(possibleMoves(each))));
  const tripped = MOVES.map((threshold) => {
    const episodes = episodesOf(seen, threshold);
    return {
      times: episodes.length,
      minutes: minutesOf(episodes),
      back: episodes.filter(({ back }) => back).length,
      possible: possible >= threshold,
    };
  });
  const tightness = Math.max(...tightnessOf(seen, DAILY_VOL).map((each) => each.tightness));
  const { window, venue, market, interval, bars } = finest;
  return {
    window,
    series: `${venue} ${market}`,
    interval,
    bars: bars.length,
    seen: furthest(seen),
    seenElsewhere: Math.max(...series.map((each) => furthest(seenMoves(each)))),
    possible,
    tightness,
    tripped,
  };
}

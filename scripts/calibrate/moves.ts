import type { Series } from "./candles.ts";

/** How far a price is from one of the five minutes before, at a time; unix seconds. */
export interface Move {
  readonly time: number;
  readonly price: number;
  readonly reference: number;
  readonly bps: number;
}

/** Age up to which an observation is a reference. */
const AGE = 300;
const BPS = 10_000;

/** What somebody sees who looks at the end of every bar: the furthest of the references that he has. */
export function seenMoves({ bars, interval }: Series): readonly Move[] {
  return bars.map(({ opened, close }, index) => {
    let move: Move = { time: opened + interval, price: close, reference: close, bps: 0 };
    for (let i = index - 1; i >= 0; i--) {
      const before = bars[i];
      if (before === undefined || opened - before.opened > AGE) break;
      const bps = Math.floor((Math.abs(close - before.close) * BPS) / before.close);
      if (bps > move.bps) move = { ...move, reference: before.close, bps };
    }
    return move;
  });
}

/**
 * The furthest that a price can have been from one of the five minutes before at any time of a bar: from the extremes of the
 * bars that five minutes can touch. No look at any time sees more.
 */
export function possibleMoves({ bars, interval }: Series): readonly Move[] {
  return bars.map(({ opened, close }, index) => {
    let [high, low] = [0, Infinity];
    for (let i = index; i >= 0; i--) {
      const bar = bars[i];
      if (bar === undefined || opened - (bar.opened + interval) >= AGE) break;
      [high, low] = [Math.max(high, bar.high), Math.min(low, bar.low)];
    }
    // A rise is told in parts of the low, a fall in parts of the high, which is less.
    const bps = Math.floor(((high - low) * BPS) / low);
    return { time: opened + interval, price: close, reference: low, bps };
  });
}

/** The furthest of all. */
export function furthest(moves: readonly Move[]): number {
  return moves.reduce((most, { bps }) => Math.max(most, bps), 0);
}

import type { Bar } from "./candles.ts";

/** How a market's tightness would have gone. */
export interface Tightness {
  /** Bps. */
  readonly dailyVol: number;
  /** Share of the time at 0, above 0, at the whole; 0..1. */
  readonly none: number;
  readonly some: number;
  readonly whole: number;
  /** Its mean, 0..1. */
  readonly mean: number;
}

const MEMORY = 21_600;
const DAY = 86_400;
const PPM = 1_000_000;
const WHOLE = 10_000;
const ADAPT = 600;
const UP = 2_000;
const DOWN = 200;

/** Volatility of docs/breakers.md §2 over observations, and what `adapt` would make of it every ten minutes, §3. */
export function tightnessOf(
  readings: readonly { readonly time: number; readonly price: number }[],
  dailyVol: number,
): readonly { readonly time: number; readonly tightness: number }[] {
  let variance = (100 * dailyVol) ** 2;
  let tightness = 0;
  let adapted = readings[0]?.time ?? 0;
  const adaptUntil = (end: number, observed: number) => {
    for (; adapted + ADAPT < end; adapted += ADAPT) {
      const aged = (variance * MEMORY) / (MEMORY + adapted + ADAPT - observed);
      const stress = stressOf(Math.floor(Math.sqrt(aged)), dailyVol);
      tightness =
        stress >= tightness ? Math.min(stress, tightness + UP) : Math.max(stress, tightness - DOWN);
    }
  };
  return readings.map(({ time, price }, index) => {
    const before = readings[index - 1];
    if (before !== undefined) {
      adaptUntil(time, before.time);
      const elapsed = time - before.time;
      const moved = Math.floor((Math.abs(price - before.price) * PPM) / before.price);
      const move = Math.min(moved, PPM);
      variance = Math.floor((variance * MEMORY + move * move * DAY) / (MEMORY + elapsed));
      // Whoever observes adapts next.
      adaptUntil(time + 1, time);
    }
    return { time, tightness };
  });
}

/** Shares of time of an hourly history, for each volatility that a feed may name. */
export function tightnessBy(hours: readonly Bar[], dailyVols: readonly number[]): Tightness[] {
  const readings = hours.map(({ opened, close }) => ({ time: opened + 3_600, price: close }));
  return dailyVols.map((dailyVol) => {
    const all = tightnessOf(readings, dailyVol).map(({ tightness }) => tightness);
    const share = (holds: (value: number) => boolean) => all.filter(holds).length / all.length;
    return {
      dailyVol,
      none: share((value) => value === 0),
      some: share((value) => value > 0),
      whole: share((value) => value === WHOLE),
      mean: all.reduce((sum, value) => sum + value, 0) / all.length / WHOLE,
    };
  });
}

function stressOf(value: number, dailyVol: number): number {
  const [calm, worst] = [100 * dailyVol, 400 * dailyVol];
  if (value <= calm) return 0;
  return value >= worst ? WHOLE : Math.floor(((value - calm) * WHOLE) / (worst - calm));
}

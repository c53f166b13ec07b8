import asciichart from "asciichart";

import { price } from "./format.ts";
import type { ProfitPoint } from "./profit.ts";

/** A profit curve as text for a terminal. */
export interface ChartInput {
  /** Equal steps of the price. */
  readonly points: readonly ProfitPoint[];
  /** Decimals of the profit's token. */
  readonly decimals: number;
  /** Where the book settled, 8 decimals. */
  readonly settlement: bigint;
}

const HEIGHT = 12;
const AXIS = 12;

/** The curve with its axes; a mark below shows where the book settled. */
export function terminalChart({ points, decimals, settlement }: ChartInput): string {
  const values = points.map(({ profit }) => Number(profit) / 10 ** decimals);
  const format = (value: number) => value.toFixed(0).padStart(AXIS - 2);
  const plot = asciichart.plot(values, { height: HEIGHT, format });
  const [first, last] = [points[0]?.price ?? 0n, points.at(-1)?.price ?? 0n];
  const span = last > first ? last - first : 1n;
  const columns = BigInt(points.length - 1);
  const at = (value: bigint) => AXIS + Number(((value - first) * columns) / span);
  const ends = `${price(first).padStart(AXIS + 4)}${price(last).padStart(points.length - 8)}`;
  const mark = settlement >= first && settlement <= last ? at(settlement) : undefined;
  const lines = [plot, ends];
  if (mark !== undefined) lines.push(`${" ".repeat(mark)}^ settled at ${price(settlement)}`);
  return lines.join("\n");
}

import { FLAGS, STANDINGS, STATUS_BITS, STEPS, VERDICTS } from "./figures.ts";
import type { Figures } from "./figures.ts";

/** What a campaign must have come to. */
export interface Gate {
  readonly what: string;
  readonly ok: boolean;
}

/** What was counted, a line a group, the most frequent first. */
export function figuresTable({ counts }: Figures): string {
  const width = Math.max(0, ...Object.keys(counts).map((group) => group.length));
  return Object.entries(counts)
    .map(([group, names]) => {
      const sorted = Object.entries(names).sort(([, a], [, b]) => b - a);
      return `${group.padEnd(width)}  ${sorted.map(([name, times]) => `${name} ${times}`).join(", ")}`;
    })
    .join("\n");
}

/** Fixings, and steps at the hub, from which on everything must have been met. */
const ENOUGH = { expiries: 200, steps: 3_000 };

/** Steps and flags, statuses, verdicts and standings that a campaign of some size must have met. */
export function gatesOf(figures: Figures): readonly Gate[] {
  const met = (group: string, names: readonly string[]): readonly Gate[] =>
    names.map((name) => ({
      what: `${group}: ${name} was met`,
      ok: figures.of(group, name) > 0,
    }));
  const fixings = figures.of("done", "expiries") >= ENOUGH.expiries;
  const hub = figures.of("done", "steps at the hub") >= ENOUGH.steps;
  return [
    ...(fixings ? [...met("steps", STEPS.slice(1)), ...met("flags", FLAGS)] : []),
    ...(hub ? [...met("status", STATUS_BITS), ...met("verdicts", VERDICTS)] : []),
    ...(hub ? met("standings", STANDINGS) : []),
  ];
}

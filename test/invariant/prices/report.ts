import { FLAGS, STEPS } from "./figures.ts";
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

/** Fixings from which on everything must have been met. */
const ENOUGH = 200;

/** The steps and flags that a campaign of some size must have met. */
export function gatesOf(figures: Figures): readonly Gate[] {
  const met = (group: string, name: string): Gate => ({
    what: `${group}: ${name} was met`,
    ok: figures.of(group, name) > 0,
  });
  if (figures.of("done", "expiries") < ENOUGH) return [];
  return [
    ...STEPS.slice(1).map((step) => met("steps", step)),
    ...FLAGS.map((flag) => met("flags", flag)),
  ];
}

import type { Command, Kind } from "./command.ts";
import type { Step } from "./lockstep.ts";

/** How often something was tried and how often it succeeded. */
export interface Tally {
  tried: number;
  succeeded: number;
}

/** What was done and what came of it; plain, so that it can be sent between processes. */
export interface Stats {
  commands: number;
  runs: number;
  readonly kinds: Partial<Record<Kind, Tally>>;
  readonly errors: Record<string, number>;
  /** Situations that successful calls met. */
  readonly situations: Record<string, number>;
  /** Fills that the lens foresaw; those that went through succeeded. */
  readonly previews: Tally;
}

/** Nothing done yet. */
export function emptyStats(): Stats {
  return {
    commands: 0,
    runs: 0,
    kinds: {},
    errors: {},
    situations: {},
    previews: { tried: 0, succeeded: 0 },
  };
}

function countIn(tally: Tally, { ok }: Step): void {
  tally.tried++;
  if (ok) tally.succeeded++;
}

/** Counts a step. */
export function count(stats: Stats, command: Command, step: Step): void {
  stats.commands++;
  countIn((stats.kinds[command.kind] ??= { tried: 0, succeeded: 0 }), step);
  if (step.foreseen === true) countIn(stats.previews, step);
  if (step.error === undefined) return;
  stats.errors[step.error.name] = (stats.errors[step.error.name] ?? 0) + 1;
}

/** Counts a situation. */
export function reach(stats: Stats, situation: string): void {
  stats.situations[situation] = (stats.situations[situation] ?? 0) + 1;
}

function addCounts(sum: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [name, times] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + times;
}

function addTally(sum: Tally, { tried, succeeded }: Tally): void {
  sum.tried += tried;
  sum.succeeded += succeeded;
}

/** Adds what another process has done. */
export function addStats(sum: Stats, more: Stats): void {
  sum.commands += more.commands;
  sum.runs += more.runs;
  for (const [kind, tally] of Object.entries(more.kinds)) {
    addTally((sum.kinds[kind as Kind] ??= { tried: 0, succeeded: 0 }), tally);
  }
  addTally(sum.previews, more.previews);
  addCounts(sum.errors, more.errors);
  addCounts(sum.situations, more.situations);
}

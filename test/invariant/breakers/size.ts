import type { Run } from "./campaign.ts";
import { KNOWN_RUNS } from "./knownSeeds.ts";

/** How much a campaign does. */
export interface Size {
  readonly runs: number;
  /** Of each run. */
  readonly commands: number;
}

/** A campaign's size when nothing is said. */
export const FULL: Size = { runs: 200, commands: 300 };
/** Some seconds on two cores. */
export const SMALL: Size = { runs: 20, commands: 250 };

/** A run to do, and what was wrong with it if it once failed. */
export interface Job extends Run {
  readonly cause?: string;
}

/** The runs of a campaign: what once failed, then all others; one alone if its number is given. */
export function planJobs(size: Size, seed: number, only: number | undefined): readonly Job[] {
  const { runs, commands: length } = size;
  if (only !== undefined) return [{ seed, run: only, length }];
  const drawn = Array.from({ length: runs }, (_, run): Job => ({ seed, run, length }));
  return [...KNOWN_RUNS, ...drawn];
}

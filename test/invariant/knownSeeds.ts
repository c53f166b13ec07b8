/** A run that once failed. The small profile does it again for ever. */
export interface KnownSeed {
  readonly seed: number;
  readonly run: number;
  /** Commands of the run. */
  readonly length: number;
  /** What was wrong, and where. */
  readonly cause: string;
}

/** Runs that failed once, oldest first. */
export const KNOWN_SEEDS: readonly KnownSeed[] = [];

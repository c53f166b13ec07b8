/** A run that once failed. Every campaign plays it again first. */
export interface KnownRun {
  /** The campaign in which it was found. */
  readonly seed: number;
  /** Its number there, and how many commands it takes. */
  readonly run: number;
  readonly length: number;
  /** What was wrong, and where. */
  readonly cause: string;
}

/** Runs that failed once, oldest first. They stay what they were as long as the plays draw the same. */
export const KNOWN_RUNS: readonly KnownRun[] = [];

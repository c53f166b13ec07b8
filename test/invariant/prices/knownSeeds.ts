/** A fixing that once failed. Every campaign over the recorded rounds plays it again first. */
export interface KnownFixing {
  /** The campaign in which it was found. */
  readonly seed: number;
  readonly expiries: number;
  /** Its number there. */
  readonly index: number;
  /** What was wrong, and where. */
  readonly cause: string;
}

/** Fixings that failed once, oldest first. They stay what they were as long as `plan.ts` draws the same. */
export const KNOWN_FIXINGS: readonly KnownFixing[] = [
  {
    seed: 2026,
    expiries: 10_000,
    index: 992,
    cause:
      "The campaign put the push feed's proof for an instant that no round was young enough for (MarkTooOld) into the " +
      "same calls as proofs that held, and lost other ones of them in each order. Contract and model agreed.",
  },
];

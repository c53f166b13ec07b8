/** A run that once failed, shortened. Every campaign does it again. */
export interface KnownSeed {
  /** Where it was found. */
  readonly seed: number;
  readonly run: number;
  /** Its commands, in `known/`. */
  readonly file: string;
  /** What was wrong, and where. */
  readonly cause: string;
}

/** Runs that failed once, oldest first. */
export const KNOWN_SEEDS: readonly KnownSeed[] = [
  {
    seed: 2026,
    run: 17,
    file: "first-part-of-book-zero.json",
    cause: "The ledger compared the first part's book with 0 and called it unsorted.",
  },
  {
    seed: 2026,
    run: 5,
    file: "deposit-beyond-the-word.json",
    cause: "The ledger added to the cash before it asked the token, and the sum overflowed.",
  },
  {
    seed: 2026,
    run: 267,
    file: "requirement-beyond-the-word.json",
    cause: "Rules and model let a draw raise collateral beyond its word; the ledger refused it.",
  },
  {
    seed: 20261121,
    run: 1234,
    file: "claim-behind-a-payment.json",
    cause:
      "The model told the balance before a claim's earlier payments when the token refused a later one.",
  },
];

/** A campaign that hunts faults. */
export type Campaign = "ledger" | "prices" | "breakers";

/** One fault planted into the sources: a text that stands there once, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** File below `contracts/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The campaign that hunts it. */
  readonly hunt: Campaign;
}

type Row = readonly [name: string, find: string, replace: string];

/** The faults of one file of the ledger's. */
export function inFile(file: string, rows: readonly Row[]): readonly Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace, hunt: "ledger" }));
}

/** The faults of one file that forms prices. */
export function inPriceFile(file: string, rows: readonly Row[]): readonly Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace, hunt: "prices" }));
}

/** The faults of one file of the breaker, or of what it asks. */
export function inBreakerFile(file: string, rows: readonly Row[]): readonly Mutant[] {
  return rows.map(([name, find, replace]) => ({ name, file, find, replace, hunt: "breakers" }));
}

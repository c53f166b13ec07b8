import { refuse } from "../../errors.ts";
import { median } from "./compare.ts";
import { countBits, formOfSigners } from "./forms.ts";
import type { Value } from "./sources.ts";
import { transact } from "./transaction.ts";
import type { MultiOutcome } from "./transaction.ts";

/** Signers of a source as of one time. */
export interface SignerSet {
  /** Mask of those that count. */
  readonly standing: bigint;
  /** Least number of them. */
  readonly threshold: bigint;
}

/** What a claimed set of signers says of one time: the median of their prices. */
export function signersValue(
  prices: ReadonlyMap<bigint, bigint>,
  { standing, threshold }: SignerSet,
): MultiOutcome<Value> {
  return transact(() => {
    const bitmap = [...prices.keys()].reduce((mask, signer) => mask | (1n << signer), 0n);
    const count = countBits(bitmap);
    if (count < threshold) refuse("TooFewSigners", count, threshold);
    for (const signer of prices.keys()) {
      if (((standing >> signer) & 1n) === 0n) refuse("SignerNotStanding", signer);
    }
    return { price: median([...prices.values()]), form: formOfSigners(bitmap, standing) };
  });
}

/**
 * Signers whose observations of a time count: whoever is removed counts for all times up to the removal's block.
 *
 * @param signers - How many there are.
 * @param removed - Time of the block in which each was removed.
 */
export function standingAt(
  signers: bigint,
  removed: ReadonlyMap<bigint, bigint>,
  time: bigint,
): bigint {
  let standing = (1n << signers) - 1n;
  for (const [signer, at] of removed) if (time > at) standing &= ~(1n << signer);
  return standing;
}

import { toWord } from "../../../scripts/lib/abi.ts";
import type { Expected } from "../../../scripts/lib/ledger-storage.ts";

export { LEG_SLOTS, LedgerStorage, hex, oracleWords } from "../../../scripts/lib/ledger-storage.ts";
export type { Expected } from "../../../scripts/lib/ledger-storage.ts";

/** The slots of some expectations, as the lens takes them. */
export function lensInput(expected: readonly Expected[]): string {
  let input = "";
  for (const { slot } of expected) input += toWord(slot);
  return input;
}

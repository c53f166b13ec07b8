import type { Expected } from "../lib/ledger-storage.ts";
import { hex } from "../lib/ledger-storage.ts";
import { takeApart } from "../lib/word-fields.ts";
import type { BlockRef, ChainNode } from "./node.ts";

/** A field of a word that is not as the model has it. */
export interface FieldDifference {
  readonly name: string;
  readonly expected: bigint;
  readonly found: bigint;
}

/** Something on chain that is not as the model has it. */
export interface Difference {
  /** In the words of the protocol. */
  readonly what: string;
  /** Slot of the contract, where it is a slot. */
  readonly slot?: bigint;
  readonly expected: bigint;
  readonly found: bigint;
  /** The fields that differ, where the word has fields. */
  readonly fields: readonly FieldDifference[];
}

/** Slots asked for between two lines of progress. */
const AT_A_TIME = 4_000;

/** Reads the slots of a contract at a block and tells which do not hold what they should. */
export async function compareWords(
  node: ChainNode,
  contract: string,
  expected: readonly Expected[],
  block: BlockRef,
  progress: (done: number) => void,
): Promise<readonly Difference[]> {
  const differences: Difference[] = [];
  for (let from = 0; from < expected.length; from += AT_A_TIME) {
    const some = expected.slice(from, from + AT_A_TIME);
    const slots = some.map(({ slot }) => slot);
    const words = await node.words(contract, slots, block);
    some.forEach((each, index) => {
      const found = words[index] ?? 0n;
      if (found !== each.word) differences.push(differenceOf(each, found));
    });
    progress(from + some.length);
  }
  return differences;
}

function differenceOf(
  { slot, word: expected, what, fields = [] }: Expected,
  found: bigint,
): Difference {
  const wanted = new Map(takeApart(expected, fields).map(({ name, value }) => [name, value]));
  const differing = takeApart(found, fields)
    .map(({ name, value }) => ({ name, expected: wanted.get(name) ?? 0n, found: value }))
    .filter((field) => fields.length > 0 && field.expected !== field.found);
  return { what: what(), slot, expected, found, fields: differing };
}

/** A difference in one line. */
export function tellDifference({ what, expected, found, fields }: Difference): string {
  const parts = fields.map((field) => `${field.name} ${tellPair(field)}`);
  const detail = parts.length === 0 ? "" : ` (${parts.join("; ")})`;
  return `${what} expected ${hex(expected)} found ${hex(found)}${detail}`;
}

function tellPair({ expected, found }: FieldDifference): string {
  return `expected ${expected} found ${found}`;
}

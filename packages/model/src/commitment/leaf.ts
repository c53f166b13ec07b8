import { MAX_UINT256 } from "../constants.ts";
import { ModelFault } from "../errors.ts";
import { keccakWords } from "../keccak.ts";

/** Number of each kind of fact. A number is never given to anything else. */
export const KINDS = {
  domain: 1n,
  treasury: 2n,
  held: 3n,
  terms: 4n,
  scale: 5n,
  guard: 6n,
  book: 7n,
  marketCount: 8n,
  marketAt: 9n,
  account: 16n,
  epoch: 17n,
  cash: 18n,
  position: 19n,
  operator: 20n,
  nonces: 21n,
  partial: 22n,
  packageBalance: 32n,
  packageAllowance: 33n,
  packageOperator: 34n,
  code: 48n,
  token: 49n,
  tokenBalance: 50n,
  tokenAllowance: 51n,
  permitNonce: 52n,
  oracle: 53n,
  fixing: 54n,
  authority: 55n,
} as const;

/** Kind of a fact. */
export type Kind = keyof typeof KINDS;

/** Kinds of the facts that stand in the tree of their account; the first word of their keys is the account. */
export const ACCOUNT_KINDS: ReadonlySet<Kind> = new Set([
  "epoch",
  "cash",
  "position",
  "operator",
  "nonces",
  "partial",
]);

/** One fact of a state. */
export interface StateLeaf {
  readonly kind: Kind;
  /** What the fact is about. Two facts of a state differ in kind or key. */
  readonly key: readonly bigint[];
  /** What is so, in the words that the chain stores. */
  readonly value: readonly bigint[];
}

const WORD_BYTES = 32n;

/** A fact, unless all its words are zero: what reads as zero is no fact. */
export function factOf(
  kind: Kind,
  key: readonly bigint[],
  ...value: readonly bigint[]
): readonly StateLeaf[] {
  if (!key.every(isWord) || !value.every(isWord)) {
    throw new ModelFault(`a fact of kind ${kind} does not fit into words`);
  }
  return value.every((word) => word === 0n) ? [] : [{ kind, key, value }];
}

/** What no two facts of a state have in common. */
export function nameOf(kind: Kind, key: readonly bigint[]): string {
  return [kind, ...key.map((word) => word.toString(16))].join(" ");
}

function areEqual(one: readonly bigint[], other: readonly bigint[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}

/** Whether two leaves say the same. */
export function areSame(one: StateLeaf, other: StateLeaf): boolean {
  return (
    one.kind === other.kind && areEqual(one.key, other.key) && areEqual(one.value, other.value)
  );
}

/** Whether a value is a number that a word holds. */
export function isWord(value: unknown): value is bigint {
  return typeof value === "bigint" && value >= 0n && value <= MAX_UINT256;
}

/** The words of abi.encode(uint256 kind, uint256[] key, uint256[] value). */
export function encodeLeaf({ kind, key, value }: StateLeaf): readonly bigint[] {
  const keyAt = 3n * WORD_BYTES;
  const valueAt = keyAt + WORD_BYTES * BigInt(1 + key.length);
  const lengths = [BigInt(key.length), BigInt(value.length)] as const;
  return [KINDS[kind], keyAt, valueAt, lengths[0], ...key, lengths[1], ...value];
}

/** Hash of a leaf: keccak256(bytes.concat(keccak256(abi.encode(kind, key, value)))). No node of a tree hashes one word. */
export function hashLeaf(leaf: StateLeaf): bigint {
  return keccakWords([keccakWords(encodeLeaf(leaf))]);
}

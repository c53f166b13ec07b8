import { leafOfAccount } from "./account.ts";
import { ACCOUNT_KINDS, KINDS, hashLeaf, isWord } from "./leaf.ts";
import type { Kind, StateLeaf } from "./leaf.ts";
import { rootFrom } from "./merkle.ts";

/** What leads from a fact to the root of a state. */
export interface StateProof {
  /** From a fact of an account to the root of the account's facts, empty if it is the only one; missing for any other fact. */
  readonly inner?: readonly bigint[];
  /** From the leaf of the account, or from any other fact, to the root of the state. */
  readonly outer: readonly bigint[];
}

/** Something of which nothing is known but that its fields can be asked for. */
type Unknown<T> = { readonly [K in keyof T]?: unknown };

function isObject<T>(value: unknown): value is Unknown<T> {
  return typeof value === "object" && value !== null;
}

function areWords(value: unknown): value is readonly bigint[] {
  return Array.isArray(value) && [...(value as readonly unknown[])].every(isWord);
}

function isKind(value: unknown): value is Kind {
  return typeof value === "string" && Object.hasOwn(KINDS, value);
}

function isLeaf(leaf: unknown): leaf is StateLeaf {
  return (
    isObject<StateLeaf>(leaf) && isKind(leaf.kind) && areWords(leaf.key) && areWords(leaf.value)
  );
}

function isProof(proof: unknown): proof is StateProof {
  if (!isObject<StateProof>(proof) || !areWords(proof.outer)) return false;
  return proof.inner === undefined || areWords(proof.inner);
}

/**
 * Whether a proof shows that a fact is part of the state with a root. Anything that is malformed is shown by no proof;
 * nothing is thrown.
 *
 * @param root - Commitment to the state.
 * @param leaf - The fact.
 * @param proof - What leads from it to the root.
 */
export function verify(root: bigint, leaf: StateLeaf, proof: StateProof): boolean {
  if (!isLeaf(leaf) || !isProof(proof)) return false;
  const { inner, outer } = proof;
  if (!ACCOUNT_KINDS.has(leaf.kind)) {
    return inner === undefined && rootFrom(hashLeaf(leaf), outer) === root;
  }
  const [account] = leaf.key;
  if (account === undefined || inner === undefined) return false;
  const facts = rootFrom(hashLeaf(leaf), inner);
  return rootFrom(hashLeaf(leafOfAccount(account, facts)), outer) === root;
}

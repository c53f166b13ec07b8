import { keyOf } from "../state.ts";
import type { State } from "../state.ts";
import type { AccountId } from "../types.ts";
import type { World } from "../world/world.ts";
import { factsOfAccount, leafOfAccount } from "./account.ts";
import { ACCOUNT_KINDS, areSame, hashLeaf, nameOf } from "./leaf.ts";
import type { Kind, StateLeaf } from "./leaf.ts";
import { factsOfLedger, idOf } from "./ledger.ts";
import { MerkleTree } from "./merkle.ts";
import type { StateProof } from "./verify.ts";
import { factsOfWorld } from "./world.ts";

/** A fact with what proves it. */
export interface ProvenLeaf {
  readonly leaf: StateLeaf;
  readonly proof: StateProof;
}

/** A leaf with its hash. */
interface Hashed {
  readonly leaf: StateLeaf;
  readonly hash: bigint;
}

/** The tree of an account's facts, and the leaf that names its root. */
interface AccountTree extends Hashed {
  readonly facts: readonly StateLeaf[];
  readonly tree: MerkleTree;
}

function hashed(leaf: StateLeaf): Hashed {
  return { leaf, hash: hashLeaf(leaf) };
}

function growAccount(id: AccountId, facts: readonly StateLeaf[]): AccountTree {
  const tree = new MerkleTree(facts.map(hashLeaf));
  return { facts, tree, ...hashed(leafOfAccount(id, tree.root)) };
}

/** A tree over all facts of a state as it was when the tree was built: it does not follow the state. */
export class StateTree {
  readonly #accounts: ReadonlyMap<string, AccountTree>;
  /** Leaves of the tree by name. */
  readonly #top: ReadonlyMap<string, Hashed>;
  readonly #tree: MerkleTree;

  /**
   * @param state - The ledger.
   * @param world - What it meets outside; left out, it counts as empty.
   * @param before - A tree of an earlier state: what has not changed since is not hashed again.
   */
  constructor(state: State, world?: World, before?: StateTree) {
    const others = [...factsOfLedger(state), ...(world ? factsOfWorld(world) : [])];
    this.#accounts = accountTrees(state, before && before.#accounts);
    const top = [
      ...others.map((leaf) => (before && before.#known(leaf)) ?? hashed(leaf)),
      ...this.#accounts.values(),
    ];
    this.#top = new Map(top.map((each) => [nameOf(each.leaf.kind, each.leaf.key), each]));
    this.#tree = new MerkleTree(top.map(({ hash }) => hash));
  }

  /** The commitment to the state. */
  get root(): bigint {
    return this.#tree.root;
  }

  /** The leaves of the tree itself; an account is one of them. */
  get leaves(): readonly StateLeaf[] {
    return [...this.#top.values()].map(({ leaf }) => leaf);
  }

  /** All facts of an account: those whose tree its leaf names. */
  factsOf(account: AccountId): readonly StateLeaf[] {
    return this.#accounts.get(keyOf(account))?.facts ?? [];
  }

  /** A fact with its proof; undefined if there is no such fact, which is to say that it reads as zero. */
  prove(kind: Kind, key: readonly bigint[]): ProvenLeaf | undefined {
    return ACCOUNT_KINDS.has(kind) ? this.#proveOfAccount(kind, key) : this.#proveTop(kind, key);
  }

  #proveTop(kind: Kind, key: readonly bigint[]): ProvenLeaf | undefined {
    const found = this.#top.get(nameOf(kind, key));
    const outer = found && this.#tree.pathOf(found.hash);
    return outer && { leaf: found.leaf, proof: { outer } };
  }

  #proveOfAccount(kind: Kind, key: readonly bigint[]): ProvenLeaf | undefined {
    const account = this.#accounts.get(keyOf(key[0] ?? 0n));
    const name = nameOf(kind, key);
    const leaf = account?.facts.find((each) => nameOf(each.kind, each.key) === name);
    const inner = leaf && account?.tree.pathOf(hashLeaf(leaf));
    const outer = account && this.#tree.pathOf(account.hash);
    return inner && outer && { leaf, proof: { inner, outer } };
  }

  /** What is known of a leaf that is as it was. */
  #known(leaf: StateLeaf): Hashed | undefined {
    const known = this.#top.get(nameOf(leaf.kind, leaf.key));
    return known && areSame(known.leaf, leaf) ? known : undefined;
  }
}

function accountTrees(
  { accounts }: State,
  before?: ReadonlyMap<string, AccountTree>,
): ReadonlyMap<string, AccountTree> {
  const trees = new Map<string, AccountTree>();
  for (const [key, account] of accounts) {
    const id = idOf(key);
    const facts = factsOfAccount(id, account);
    if (facts.length === 0) continue;
    const known = before?.get(key);
    trees.set(key, known && areAllSame(known.facts, facts) ? known : growAccount(id, facts));
  }
  return trees;
}

function areAllSame(ones: readonly StateLeaf[], others: readonly StateLeaf[]): boolean {
  return (
    ones.length === others.length &&
    others.every((other, index) => {
      const one = ones[index];
      return one !== undefined && areSame(one, other);
    })
  );
}

/**
 * The commitment to a state: equal states have equal roots, whatever led to them, and other states have others.
 *
 * @param state - The ledger.
 * @param world - What it meets outside; left out, it counts as empty.
 */
export function stateRoot(state: State, world?: World): bigint {
  return new StateTree(state, world).root;
}

/**
 * Proves one fact.
 *
 * @param source - A tree at hand, or a state for which one is built.
 * @param kind - Kind of the fact.
 * @param key - Its key.
 * @returns undefined if there is no such fact, which is to say that it reads as zero.
 */
export function prove(
  source: StateTree | State,
  kind: Kind,
  key: readonly bigint[],
): ProvenLeaf | undefined {
  return (source instanceof StateTree ? source : new StateTree(source)).prove(kind, key);
}

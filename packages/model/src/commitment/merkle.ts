import { keccakWords } from "../keccak.ts";
import { itemAt } from "../lists.ts";

/** Hash of a node over two others, whichever stands first. */
function hashPair(one: bigint, other: bigint): bigint {
  return keccakWords(one < other ? [one, other] : [other, one]);
}

function compare(one: bigint, other: bigint): number {
  return one < other ? -1 : Number(one > other);
}

/** The root to which a path leads from a hash: OpenZeppelin's `MerkleProof.processProof`. */
export function rootFrom(hash: bigint, path: readonly bigint[]): bigint {
  return path.reduce(hashPair, hash);
}

/**
 * A tree over hashes, node for node that of OpenZeppelin's merkle-tree library: a complete binary tree in an array,
 * leaves sorted by hash from its end, pairs sorted before they are hashed.
 */
export class MerkleTree {
  /** The children of node i are nodes 2i + 1 and 2i + 2. */
  readonly #nodes: readonly bigint[];

  /**
   * @param hashes - Hashes of the leaves in any order, at least one.
   */
  constructor(hashes: readonly bigint[]) {
    const leaves = hashes.toSorted(compare).reverse();
    const inner = leaves.length - 1;
    const nodes = [...new Array<bigint>(inner).fill(0n), ...leaves];
    for (let node = inner - 1; node >= 0; node--) {
      nodes[node] = hashPair(itemAt(nodes, 2 * node + 1), itemAt(nodes, 2 * node + 2));
    }
    this.#nodes = nodes;
  }

  /** Hash of the top node; of the leaf, if there is one alone. */
  get root(): bigint {
    return itemAt(this.#nodes, 0);
  }

  /** The path from a leaf to the root, nearest sibling first; undefined if there is no such leaf. */
  pathOf(hash: bigint): readonly bigint[] | undefined {
    let node = this.#seek(hash);
    if (this.#nodes[node] !== hash) return undefined;
    const path: bigint[] = [];
    while (node > 0) {
      path.push(itemAt(this.#nodes, node % 2 === 0 ? node - 1 : node + 1));
      node = Math.floor((node - 1) / 2);
    }
    return path;
  }

  /** The first leaf whose hash is no higher: leaves descend. */
  #seek(hash: bigint): number {
    let low = (this.#nodes.length - 1) / 2;
    let high = this.#nodes.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (itemAt(this.#nodes, middle) > hash) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

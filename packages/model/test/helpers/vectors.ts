import { KINDS, StateTree, hashLeaf, stateRoot } from "@certus/model";
import type { Kind, ProvenLeaf, StateLeaf } from "@certus/model";
import { tellHistory } from "./history.ts";
import { QUOTE } from "./scene.ts";

function hex(word: bigint): string {
  return `0x${word.toString(16).padStart(64, "0")}`;
}

function shown(leaf: StateLeaf) {
  const { kind, key, value } = leaf;
  return {
    name: kind,
    kind: Number(KINDS[kind]),
    key: key.map(hex),
    value: value.map(hex),
    hash: hex(hashLeaf(leaf)),
  };
}

function shownProof({ leaf, proof: { inner, outer } }: ProvenLeaf) {
  return { leaf: shown(leaf), ...(inner && { inner: inner.map(hex) }), outer: outer.map(hex) };
}

/**
 * The state after the scripted history, its leaves, its roots and some proofs, as JSON carries them. The file next to
 * the tests is this, written once; its roots and proofs were compared with those of OpenZeppelin's library.
 */
export function stateVectors() {
  const { ledger, linear, inverse, alice, bob, carol } = tellHistory();
  const tree = new StateTree(ledger.state, ledger.world);
  const proofs: readonly (readonly [Kind, ...(readonly bigint[])])[] = [
    ["account", alice],
    ["position", alice, linear.book],
    ["position", bob, linear.book],
    ["cash", carol, QUOTE],
    ["nonces", bob, 1n],
    ["book", inverse.book],
    ["treasury"],
  ];
  return {
    encoding: ["uint256", "uint256[]", "uint256[]"],
    root: hex(tree.root),
    rootWithoutWorld: hex(stateRoot(ledger.state)),
    leaves: tree.leaves.map(shown),
    accounts: [alice, bob, carol].map((account) => ({
      account: hex(account),
      root: hex(tree.prove("account", [account])?.leaf.value[0] ?? 0n),
      facts: tree.factsOf(account).map(shown),
    })),
    proofs: proofs.flatMap(([kind, ...key]) => {
      const proven = tree.prove(kind, key);
      return proven ? [shownProof(proven)] : [];
    }),
  };
}

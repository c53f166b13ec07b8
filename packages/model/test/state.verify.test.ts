import { expect } from "chai";
import { KINDS, StateTree, accountLeaf, hashLeaf, keccakWords, verify } from "@certus/model";
import type { Kind, Ledger, ProvenLeaf, StateLeaf, StateProof } from "@certus/model";
import { tellHistory } from "./helpers/history.ts";
import { QUOTE, createScene, fund } from "./helpers/scene.ts";

const { ledger, linear, alice, bob } = tellHistory();
const tree = new StateTree(ledger.state, ledger.world);
const { root } = tree;

function proven(kind: Kind, ...key: readonly bigint[]): ProvenLeaf {
  const found = tree.prove(kind, key);
  if (found === undefined) throw new Error(`there is no ${kind}`);
  return found;
}

/** One fact of an account, the account itself, and one fact of the ledger. */
const samples = [
  proven("position", alice, linear.book),
  proven("account", alice),
  proven("book", linear.book),
];

/** The paths of a proof, each with what puts another in its place. */
function pathsOf(proof: StateProof) {
  const { inner, outer } = proof;
  const last = { path: outer, put: (path: readonly bigint[]) => ({ ...proof, outer: path }) };
  if (inner === undefined) return [last];
  return [{ path: inner, put: (path: readonly bigint[]) => ({ ...proof, inner: path }) }, last];
}

/** Asserts that no proof is shown by any of these. */
function expectRejected(tries: readonly (readonly [bigint, StateLeaf, StateProof])[]): void {
  expect(tries.length > 0).to.equal(true);
  expect(tries.filter(([of, leaf, proof]) => verify(of, leaf, proof))).to.deep.equal([]);
}

/** Every leaf that a proof could be about. */
function everyProof({ state }: Ledger): readonly ProvenLeaf[] {
  const accounts = [...state.accounts.values()].flatMap(({ account }) => tree.factsOf(account));
  return [...tree.leaves, ...accounts].map(({ kind, key }) => proven(kind, ...key));
}

describe("verify", () => {
  it("accepts what was proven, and the same in other objects", () => {
    for (const { leaf, proof } of samples) {
      expect(verify(root, leaf, proof)).to.equal(true);
      expect(verify(root, structuredClone(leaf), structuredClone(proof))).to.equal(true);
    }
  });

  it("rejects the proof of any other leaf, and any other root", () => {
    const all = everyProof(ledger);
    for (const { leaf, proof } of samples) {
      const others = all.filter((each) => hashLeaf(each.leaf) !== hashLeaf(leaf));
      expectRejected(others.map((each) => [root, each.leaf, proof]));
      expectRejected(others.map((each) => [root, leaf, each.proof]));
      expectRejected([0n, root ^ 1n, hashLeaf(leaf), -1n].map((of) => [of, leaf, proof]));
    }
  });

  it("rejects a leaf of which one word is another, is missing, or is one too many", () => {
    for (const { leaf, proof } of samples) {
      const altered = (["key", "value"] as const).flatMap((field) => [
        ...leaf[field].map((word, at) => ({ ...leaf, [field]: leaf[field].with(at, word ^ 1n) })),
        ...leaf[field].map((_, at) => ({ ...leaf, [field]: leaf[field].toSpliced(at, 1) })),
        { ...leaf, [field]: [...leaf[field], 0n] },
        { ...leaf, [field]: [0n, ...leaf[field]] },
      ]);
      const kinds = (Object.keys(KINDS) as Kind[]).filter((kind) => kind !== leaf.kind);
      const relabelled = kinds.map((kind) => ({ ...leaf, kind }));
      expectRejected([...altered, ...relabelled].map((each) => [root, each, proof]));
    }
  });

  it("rejects a proof of which one hash is another, is missing, or is one too many", () => {
    for (const { leaf, proof } of samples) {
      const altered = pathsOf(proof).flatMap(({ path, put }) => [
        ...path.map((hash, at) => put(path.with(at, hash ^ 1n))),
        ...path.map((_, at) => put(path.toSpliced(at, 1))),
        ...path.map((_, at) => put(path.toSpliced(at, 0, 0n))),
        put([...path, root]),
      ]);
      const { inner = [], outer } = proof;
      const [first = 0n, ...rest] = outer;
      const others = [
        { outer: rest, inner: [...inner, first] },
        { outer: [...inner, ...outer] },
        { outer: inner, inner: outer },
        { outer, inner: [] },
        { outer },
      ].filter((other) => other.inner?.length !== proof.inner?.length);
      expectRejected([...altered, ...others].map((each) => [root, leaf, each]));
    }
  });

  it("rejects an inner node presented as a leaf, whatever its two hashes are called", () => {
    for (const { leaf, proof } of samples) {
      const [{ path, put }] = [pathsOf(proof)[0] ?? expect.fail()];
      const [sibling = 0n, ...rest] = path;
      const pair = [hashLeaf(leaf), sibling].sort((a, b) => (a < b ? -1 : 1));
      const [one = 0n, two = 0n] = pair;
      const node = keccakWords(pair);
      const shorter = put(rest);
      const forged = (Object.keys(KINDS) as Kind[]).flatMap((kind): StateLeaf[] => [
        { kind, key: leaf.key, value: [node] },
        { kind, key: leaf.key, value: pair },
        { kind, key: [alice], value: [node] },
        { kind, key: [one], value: [two] },
        { kind, key: [], value: pair },
        { kind, key: pair, value: [] },
      ]);
      expectRejected(forged.map((each) => [root, each, shorter]));
    }
  });

  it("rejects some facts of an account as all of them", () => {
    const { proof } = proven("account", bob);
    const facts = tree.factsOf(bob);
    const some = facts.flatMap((missing) => {
      const leaf = accountLeaf(
        bob,
        facts.filter((fact) => fact !== missing),
      );
      return leaf ? [leaf] : [];
    });
    expectRejected(some.map((leaf) => [root, leaf, proof]));
    const whole = accountLeaf(bob, facts);
    expect(whole && verify(root, whole, proof)).to.equal(true);
  });

  it("tells the only fact of an account from the account", () => {
    const lone = createScene({ cash: 0n });
    fund(lone.ledger, lone.alice, QUOTE, 5n);
    const small = new StateTree(lone.ledger.state);
    const [fact, account] = [
      small.prove("cash", [lone.alice, QUOTE]),
      small.prove("account", [lone.alice]),
    ];
    if (!fact || !account) return expect.fail();
    expect(fact.proof).to.deep.equal({ inner: [], outer: account.proof.outer });
    expect(verify(small.root, fact.leaf, fact.proof)).to.equal(true);
    expect(verify(small.root, account.leaf, account.proof)).to.equal(true);
    expect(verify(small.root, fact.leaf, account.proof)).to.equal(false);
    expect(verify(small.root, account.leaf, fact.proof)).to.equal(false);
  });

  it("rejects a fact of an account as that of another", () => {
    const { leaf, proof } = proven("cash", alice, QUOTE);
    const { outer } = proven("account", bob).proof;
    expectRejected([
      [root, { ...leaf, key: [bob, QUOTE] }, proof],
      [root, leaf, { ...proof, outer }],
      [root, { ...leaf, key: [bob, QUOTE] }, { ...proof, outer }],
      [root, { ...leaf, key: [] }, proof],
    ]);
  });

  it("rejects what is malformed and throws nothing", () => {
    const [{ leaf, proof }] = [samples[0] ?? proven("treasury")];
    const holed: unknown[] = [1n];
    holed[2] = 1n;
    const wrongs = [undefined, null, 1, 1n, "0x", true, [], {}, () => 1n, Symbol("no"), new Map()];
    const words = [...wrongs.slice(0, 4), "0x01", [-1n], [1n << 256n], [1], ["1"], [null], holed];
    const kinds = [...wrongs, "", "toString", "__proto__", "cash "];
    const leaves = [
      ...wrongs,
      ...kinds.map((kind) => ({ ...leaf, kind })),
      ...words.flatMap((wrong) => [
        { ...leaf, key: wrong },
        { ...leaf, value: wrong },
      ]),
    ];
    const proofs = [
      ...wrongs,
      ...words.flatMap((wrong) => [
        { ...proof, inner: wrong },
        { ...proof, outer: wrong },
      ]),
      { inner: proof.inner },
      { outer: proof.outer },
    ];
    const check = verify as (...given: readonly unknown[]) => unknown;
    for (const wrong of leaves) expect(check(root, wrong, proof)).to.equal(false);
    for (const wrong of proofs) expect(check(root, leaf, wrong)).to.equal(false);
    for (const wrong of wrongs) expect(check(wrong, leaf, proof)).to.equal(false);
    expect(check()).to.equal(false);
  });
});

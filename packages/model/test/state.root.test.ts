import { expect } from "chai";
import { AbiCoder, concat, getBytes, keccak256, toBeHex } from "ethers";
import {
  KINDS,
  ModelFault,
  StateTree,
  accountLeaf,
  createState,
  digestState,
  dumpState,
  emptyWorld,
  hashLeaf,
  mint,
  prove,
  stateRoot,
  verify,
} from "@certus/model";
import type { Dump, Ledger, State, StateLeaf } from "@certus/model";
import { alterationsOf, reversed } from "./helpers/alterations.ts";
import { FEED_ORACLE, tellHistory } from "./helpers/history.ts";
import {
  ALICE,
  LEDGER,
  QUOTE,
  STRANGER,
  ScriptedOracle,
  TREASURY,
  UNDERLYING,
  createScene,
  expectOk,
  from,
} from "./helpers/scene.ts";

/** Hash of a leaf as OpenZeppelin's library has it, by another encoder and another keccak. */
function standardHash({ kind, key, value }: StateLeaf): bigint {
  const types = ["uint256", "uint256[]", "uint256[]"];
  const encoded = AbiCoder.defaultAbiCoder().encode(types, [KINDS[kind], key, value]);
  return BigInt(keccak256(concat([keccak256(encoded)])));
}

/** All facts of a ledger and its accounts. */
function everyLeaf({ state, world }: Ledger): readonly StateLeaf[] {
  const tree = new StateTree(state, world);
  const accounts = tree.leaves.filter(({ kind }) => kind === "account");
  return [...tree.leaves, ...accounts.flatMap(({ key: [id = 0n] }) => tree.factsOf(id))];
}

/** Every number, boolean and text of a dump by its path. */
function flatten(dump: Dump, path = ""): readonly (readonly [string, string | boolean])[] {
  if (typeof dump !== "object") return [[path, dump]];
  return Object.entries(dump).flatMap(([field, held]) => flatten(held, `${path}.${field}`));
}

/** Paths of a dump at which another has something else, or nothing. */
function pathsOff(dump: Dump, other: Dump): readonly string[] {
  const values = new Map(flatten(other));
  return flatten(dump).flatMap(([path, value]) => (values.get(path) === value ? [] : [path]));
}

/** One thing changed in a state. */
interface Change {
  readonly path: string;
  /** Where the dump is another. */
  readonly dumped: readonly string[];
  /** Whether the dump, and whether the root, is another. */
  readonly shown: boolean;
  readonly committed: boolean;
}

/** What changing one thing at a time does to a copy of a state. */
function changesOf(state: State): readonly Change[] {
  const [dump, digest, root] = [dumpState(state), digestState(state), stateRoot(state)];
  return alterationsOf(structuredClone(state)).map(({ path }, index) => {
    const copy = structuredClone(state);
    alterationsOf(copy)[index]?.alter();
    return {
      path,
      dumped: pathsOff(dump, dumpState(copy)),
      shown: digestState(copy) !== digest,
      committed: stateRoot(copy) !== root,
    };
  });
}

describe("stateRoot", () => {
  it("rests on leaves that are hashed as OpenZeppelin's library hashes them", () => {
    for (const leaf of everyLeaf(tellHistory().ledger)) {
      expect(hashLeaf(leaf)).to.equal(standardHash(leaf));
    }
  });

  it("is that of a single leaf, of two and of three as OpenZeppelin's library builds the tree", () => {
    const pair = (one: bigint, two: bigint): bigint => {
      const words = [one, two].map((word) => toBeHex(word, 32)).sort();
      return BigInt(keccak256(getBytes(concat(words))));
    };
    const facts = [1n, 2n, 3n].map((token): StateLeaf => {
      return { kind: "cash", key: [9n, token], value: [1n] };
    });
    const rootOf = (count: number) => accountLeaf(9n, facts.slice(0, count))?.value[0];
    const [a = 0n, b = 0n, c = 0n] = facts.map(standardHash);
    expect(accountLeaf(9n, [])).to.equal(undefined);
    expect(rootOf(1)).to.equal(a);
    expect(rootOf(2)).to.equal(pair(a, b));
    const [low = 0n, middle = 0n, high = 0n] = [a, b, c].sort((one, two) => (one < two ? -1 : 1));
    expect(rootOf(3)).to.equal(pair(pair(low, middle), high));
  });

  it("has facts of every kind, and each one once", () => {
    const leaves = everyLeaf(tellHistory().ledger);
    expect(new Set(leaves.map(({ kind }) => kind))).to.deep.equal(new Set(Object.keys(KINDS)));
    expect(new Set(Object.values(KINDS)).size).to.equal(Object.keys(KINDS).length);
    expect(new Set(leaves.map(hashLeaf)).size).to.equal(leaves.length);
  });

  it("changes with every single thing that the dump of a state shows", () => {
    const { state } = tellHistory().ledger;
    const shown = changesOf(state).filter((change) => change.shown);
    const dumped = new Set(shown.flatMap((change) => change.dumped));
    const paths = flatten(dumpState(state)).map(([path]) => path);
    expect(
      paths.filter((path) => !dumped.has(path)),
      "each path is changed once",
    ).to.deep.equal([]);
    expect(shown.filter(({ committed }) => !committed)).to.deep.equal([]);
  });

  it("holds words that a dump leaves out because they follow from others, but no derived tables", () => {
    const unshown = changesOf(tellHistory().ledger.state).filter(({ shown }) => !shown);
    const fieldsOf = (changes: readonly Change[]) =>
      new Set(changes.map(({ path }) => path.replace(/\[\w+\]/g, "").replace(/\.legs.*/, ".legs")));
    expect(fieldsOf(unshown.filter(({ committed }) => committed))).to.deep.equal(
      new Set([".domain", ".markets.scale.inverse", ".markets.scale.num", ".markets.scale.den"]),
    );
    const packages = [" renamed", " removed", ".id", ".book", ".legs"];
    expect(fieldsOf(unshown.filter(({ committed }) => !committed))).to.deep.equal(
      new Set([
        ...[".books.book", ".books.key", ".accounts.account"],
        ...packages.map((field) => `.packages${field}`),
      ]),
    );
  });

  it("changes with every single thing that the world keeps", () => {
    const { state, world } = tellHistory().ledger;
    for (const token of world.tokens.values()) {
      for (const holder of token.balances.keys()) mint(token, holder, 2n);
    }
    const root = stateRoot(state, world);
    const { oracles, ...rest } = world;
    const fixings = oracles.get(FEED_ORACLE);
    const kept = { ...rest, words: new Map(fixings?.words?.() ?? []) };
    const rootOf = ({ words, ...copy }: typeof kept): bigint => {
      const oracle = Object.assign(new ScriptedOracle(), { words: () => words });
      return stateRoot(state, { ...copy, oracles: new Map(oracles).set(FEED_ORACLE, oracle) });
    };
    expect(rootOf(structuredClone(kept))).to.equal(root);
    const same = alterationsOf(kept).filter((_, index) => {
      const copy = structuredClone(kept);
      alterationsOf(copy)[index]?.alter();
      return rootOf(copy) === root;
    });
    expect(same.map(({ path }) => path)).to.deep.equal([]);
    const others = new Map([...oracles].slice(1));
    expect(stateRoot(state, { ...world, oracles: others })).not.to.equal(root);
    expect(stateRoot(state, emptyWorld())).to.equal(stateRoot(state));
  });

  it("does not show in which order things were written, nor what is gone again", () => {
    const { ledger, alice, bob } = tellHistory();
    const root = stateRoot(ledger.state);
    expect(stateRoot(reversed(ledger.state))).to.equal(root);
    expectOk(ledger.withdraw(from(ALICE), alice, QUOTE, 5n, ALICE));
    expect(stateRoot(ledger.state)).not.to.equal(root);
    expectOk(ledger.deposit(from(ALICE), alice, QUOTE, 5n));
    expect(stateRoot(ledger.state)).to.equal(root);
    ledger.state.accounts.set("7", { ...structuredClone(blank()), account: 7n });
    ledger.state.held.set(99n, 0n);
    expect(stateRoot(ledger.state)).to.equal(root);
    ledger.state.accounts.delete(bob.toString(16));
    expect(stateRoot(ledger.state)).not.to.equal(root);
  });

  it("shows in which order markets were listed", () => {
    const { state } = tellHistory().ledger;
    const root = stateRoot(state);
    expect(prove(state, "marketCount", [])?.leaf.value).to.deep.equal([2n]);
    expect(prove(state, "marketAt", [1n])?.leaf.value).to.deep.equal([state.listed[1]]);
    state.listed.reverse();
    expect(stateRoot(state)).not.to.equal(root);
  });

  it("tells chains and addresses of the ledger apart", () => {
    const of = (chainId: bigint, ledger: bigint) =>
      stateRoot(createState({ chainId, ledger, treasury: TREASURY }));
    expect(new Set([of(1n, LEDGER), of(2n, LEDGER), of(1n, LEDGER + 1n)]).size).to.equal(3);
  });

  it("is refused to a state that no words hold", () => {
    const { ledger, linear, alice } = createScene();
    const cash = ledger.state.accounts.get(alice.toString(16))?.cash;
    cash?.set(QUOTE, -1n);
    expect(() => stateRoot(ledger.state)).to.throw(ModelFault, "does not fit into words");
    cash?.set(QUOTE, 1n);
    linear.pool = 1n << 112n;
    expect(() => stateRoot(ledger.state)).to.throw(ModelFault, "does not fit into 112 bits");
  });
});

function blank() {
  const [cash, positions, operators, nonces] = [new Map(), new Map(), new Map(), new Map()];
  return { account: 0n, epoch: 0n, cash, positions, operators, nonces };
}

describe("prove", () => {
  it("proves every fact of a state, from a tree or from the state itself", () => {
    const { ledger, linear, alice } = tellHistory();
    const tree = new StateTree(ledger.state, ledger.world);
    for (const leaf of everyLeaf(ledger)) {
      const proven = tree.prove(leaf.kind, leaf.key);
      expect(proven?.leaf).to.deep.equal(leaf);
      expect(proven && verify(tree.root, leaf, proven.proof)).to.equal(true);
    }
    const proven = prove(ledger.state, "position", [alice, linear.book]);
    expect(proven && verify(stateRoot(ledger.state), proven.leaf, proven.proof)).to.equal(true);
    expect(prove(tree, "treasury", [])?.leaf.value).to.deep.equal([TREASURY]);
  });

  it("proves nothing that is not so", () => {
    const { ledger, linear, alice } = tellHistory();
    const tree = new StateTree(ledger.state);
    expect(tree.prove("cash", [alice, 1n])).to.equal(undefined);
    expect(tree.prove("cash", [STRANGER << 96n, QUOTE])).to.equal(undefined);
    expect(tree.prove("cash", [])).to.equal(undefined);
    expect(tree.prove("account", [1n])).to.equal(undefined);
    expect(tree.prove("book", [linear.book, 0n])).to.equal(undefined);
    expect(tree.prove("code", [QUOTE])).to.equal(undefined);
    expect(tree.factsOf(1n)).to.deep.equal([]);
  });

  it("gives an account with all it has: its leaf follows from all its facts and no fewer", () => {
    const { ledger, bob } = tellHistory();
    const tree = new StateTree(ledger.state);
    const facts = tree.factsOf(bob);
    const proven = tree.prove("account", [bob]);
    expect(facts.length > 3).to.equal(true);
    expect(accountLeaf(bob, facts)).to.deep.equal(proven?.leaf);
    expect(accountLeaf(bob, facts.toReversed())).to.deep.equal(proven?.leaf);
    for (const missing of facts) {
      const fewer = facts.filter((fact) => fact !== missing);
      expect(accountLeaf(bob, fewer)).not.to.deep.equal(proven?.leaf);
    }
  });

  it("does not follow the state, and hashes again only what has changed since a tree", () => {
    const { ledger, alice, bob } = tellHistory();
    const before = new StateTree(ledger.state, ledger.world);
    const { root } = before;
    expectOk(ledger.withdraw(from(ALICE), alice, UNDERLYING, 5n, ALICE));
    const after = new StateTree(ledger.state, ledger.world, before);
    expect(after.root).to.equal(stateRoot(ledger.state, ledger.world));
    expect(after.factsOf(bob)).to.equal(before.factsOf(bob));
    expect([before.root, before.root === after.root]).to.deep.equal([root, false]);
    const old = before.prove("cash", [alice, UNDERLYING]);
    expect(old && verify(root, old.leaf, old.proof)).to.equal(true);
    expect(old && verify(after.root, old.leaf, old.proof)).to.equal(false);
    // What was there is gone, what was not is there.
    expectOk(ledger.raiseEpoch(from(ALICE), alice));
    ledger.state.accounts.delete(bob.toString(16));
    const last = new StateTree(ledger.state, undefined, after);
    expect(last.root).to.equal(stateRoot(ledger.state));
  });
});

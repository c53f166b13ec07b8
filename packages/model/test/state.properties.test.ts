import { expect } from "chai";
import fc from "fast-check";
import { StateTree, applyEvent, digestState, hashLeaf, stateRoot, verify } from "@certus/model";
import type { ProvenLeaf, State } from "@certus/model";
import { alterationsOf, reversed } from "./helpers/alterations.ts";
import { createCampaign, createReplica } from "./helpers/campaign.ts";
import type { Campaign, Step } from "./helpers/campaign.ts";
import { steps, takeStep } from "./helpers/operations.ts";

const sequences = fc.array(steps, { maxLength: 40, size: "max" });

function campaignOf(sequence: readonly Step[]): Campaign {
  const campaign = createCampaign();
  for (const step of sequence) takeStep(campaign, step);
  return campaign;
}

/** Every fact of a tree over a state, with its proof. */
function everyProof(tree: StateTree, { accounts }: State): readonly ProvenLeaf[] {
  const ofAccounts = [...accounts.values()].flatMap(({ account }) => tree.factsOf(account));
  return [...tree.leaves, ...ofAccounts].map(({ kind, key }) => {
    const proven = tree.prove(kind, key);
    if (proven === undefined) throw new Error("a fact without proof");
    return proven;
  });
}

describe("stateRoot: any sequence", () => {
  it("never gives two states one root, nor one state two", () => {
    const roots = new Map<bigint, bigint>();
    const digests = new Map<bigint, bigint>();
    const property = fc.property(sequences, (sequence) => {
      const campaign = createCampaign();
      for (const step of sequence) {
        if (takeStep(campaign, step)?.ok !== true) continue;
        const { state } = campaign.ledger;
        const [digest, root] = [digestState(state), stateRoot(state)];
        expect(roots.get(digest) ?? root).to.equal(root);
        expect(digests.get(root) ?? digest).to.equal(digest);
        roots.set(digest, root);
        digests.set(root, digest);
      }
    });
    fc.assert(property, { numRuns: 100 });
    expect(roots.size > 200, `${roots.size} states`).to.equal(true);
  });

  it("is another for any single change, and the same in any order", () => {
    const property = fc.property(sequences, fc.nat(), (sequence, seed) => {
      const { state } = campaignOf(sequence).ledger;
      const root = stateRoot(state);
      expect(stateRoot(reversed(state))).to.equal(root);
      const copy = structuredClone(state);
      const alterations = alterationsOf(copy);
      alterations[seed % alterations.length]?.alter();
      if (digestState(copy) !== digestState(state)) expect(stateRoot(copy)).not.to.equal(root);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("is the same when the events are replayed, and when a tree is taken forward", () => {
    const property = fc.property(sequences, (sequence) => {
      const campaign = createCampaign();
      const { ledger, log } = campaign;
      let tree = new StateTree(ledger.state, ledger.world);
      sequence.forEach((step, index) => {
        takeStep(campaign, step);
        if (index % 3 === 2) tree = new StateTree(ledger.state, ledger.world, tree);
      });
      tree = new StateTree(ledger.state, ledger.world, tree);
      expect(tree.root).to.equal(stateRoot(ledger.state, ledger.world));
      const replica = createReplica();
      for (const { event, time } of log) applyEvent(replica, event, time);
      expect(stateRoot(replica)).to.equal(stateRoot(ledger.state));
    });
    fc.assert(property, { numRuns: 100 });
  });

  it("is reached by the proof of each fact, and by none from another", () => {
    const property = fc.property(sequences, fc.nat(), (sequence, seed) => {
      const { state, world } = campaignOf(sequence).ledger;
      const tree = new StateTree(state, world);
      const all = everyProof(tree, state);
      for (const { leaf, proof } of all) expect(verify(tree.root, leaf, proof)).to.equal(true);
      const chosen = all[seed % all.length];
      for (const { leaf, proof } of all) {
        if (chosen === undefined || hashLeaf(chosen.leaf) === hashLeaf(leaf)) continue;
        expect(verify(tree.root, chosen.leaf, proof)).to.equal(false);
        expect(verify(tree.root, leaf, chosen.proof)).to.equal(false);
      }
    });
    fc.assert(property, { numRuns: 60 });
  });
});

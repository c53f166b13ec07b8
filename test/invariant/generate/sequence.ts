import { SCOPE_MANAGE, ownerOf } from "@certus/model";
import type { AccountId } from "@certus/model";

import type { LedgerAction } from "../run/command.ts";
import { RELAY } from "../world/actors.ts";
import { drawBatch, sentBy } from "./batch.ts";
import type { Drafts } from "./batch.ts";
import { givenBack, uncovering } from "./batchMoves.ts";
import { inTurn } from "./gates.ts";
import { operatorsOf } from "./scene.ts";
import type { CallDraft, Draft, Scene } from "./scene.ts";

/** All scopes of an operator. */
const ALL = 3n;

function batchOf(calls: readonly CallDraft[]): LedgerAction {
  return { kind: "batch", calls: sentBy(RELAY, calls) };
}

/** The accounts that a call is made for. */
function accountsOf(call: CallDraft): readonly AccountId[] {
  if (call.kind === "transferLegs") return [call.from, call.to];
  const pays = call.kind === "deposit" || call.kind === "depositToBook";
  return "account" in call && !pays ? [call.account] : [];
}

/** Grants that the relay needs for some calls and does not have. */
function grants(scene: Scene, calls: readonly CallDraft[]): readonly Draft[] {
  const accounts = new Set(calls.flatMap(accountsOf));
  return [...accounts]
    .filter((account) => !operatorsOf(scene, account, SCOPE_MANAGE).includes(RELAY))
    .map((account) => ({
      kind: "setAccountOperator",
      sender: ownerOf(account),
      account,
      operator: RELAY,
      scopes: ALL,
      until: scene.now + 400_000n,
    }));
}

/** A batch that leaves a position uncovered for a while, and one that leaves the same position so. */
function twice(scene: Scene): readonly (readonly CallDraft[])[] | undefined {
  const there = uncovering(scene);
  if (there === undefined) return undefined;
  const [round, half] = [[there, givenBack(there)], [there]];
  return scene.dice.pick([
    [round, half],
    [half, round],
    [round, half, round],
  ]);
}

/** Two or three batches of any kind. */
function several(scene: Scene, drafts: Drafts): readonly (readonly CallDraft[])[] {
  const count = 2 + scene.dice.below(2);
  return Array.from({ length: count }, () => drawBatch(scene, drafts)?.calls ?? []);
}

/** sequence: batches and single calls that a contract makes in one transaction, with the grants that it needs. */
export function draftSequence(scene: Scene, drafts: Drafts): Draft | undefined {
  const { dice } = scene;
  const batches = dice.chance(0.6) ? twice(scene) : several(scene, drafts);
  if (batches === undefined) return undefined;
  const singles = batches.flatMap((calls) => (dice.chance(0.15) ? calls.slice(-1) : []));
  const calls = [...batches.map(batchOf), ...sentBy(RELAY, singles)];
  return inTurn(scene, [...grants(scene, batches.flat()), { kind: "sequence", calls }]);
}

import { SCOPE_MANAGE, addLegs, max, requirement, unpackLegs } from "@certus/model";

import { bookAt, heldIn } from "./cash.ts";
import type { Together } from "./batchFills.ts";
import { coverFor, covering, shortAfter } from "./covering.ts";
import { callerFor } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { soundTransfer } from "./transfer.ts";
import type { TransferDraft } from "./transfer.ts";

/** A transfer that takes so much collateral along that the giver stays uncovered. */
export function uncovering(scene: Scene): TransferDraft | undefined {
  const { dice } = scene;
  for (let tries = 0; tries < 6; tries++) {
    const draft = soundTransfer(scene);
    const book = draft && bookAt(scene, draft.book);
    if (draft === undefined || book === undefined) return undefined;
    const { collateral, legs } = heldIn(scene, draft.from, book);
    const left = addLegs(legs, unpackLegs(draft.legs), -1n);
    const needed = requirement(book.market.scale, left);
    if (needed === 0n) continue;
    const kept = dice.weighted([
      [3, 0n],
      [3, needed - 1n],
      [2, needed / 2n],
    ]);
    return { ...draft, collateral: max(0n, collateral - kept) };
  }
  return undefined;
}

/** The transfer that gives all of it back. */
export function givenBack(draft: TransferDraft): TransferDraft {
  return { ...draft, from: draft.to, to: draft.from };
}

/** A transfer that leaves the giver uncovered, until it comes back. */
export function thereAndBack(scene: Scene): Together | undefined {
  const there = uncovering(scene);
  if (there === undefined) return undefined;
  const short = scene.dice.chance(0.15);
  const back = givenBack(there);
  const calls = short ? [there] : [there, back];
  return { calls, note: short ? "left uncovered" : "undone later" };
}

/** A transfer that leaves the giver uncovered, until something is paid in. */
export function transferThenCover(scene: Scene): Together | undefined {
  const there = uncovering(scene);
  const book = there && bookAt(scene, there.book);
  if (there === undefined || book === undefined) return undefined;
  const { from, to, legs, collateral, sender } = there;
  const short = max(0n, shortAfter(scene, from, book, legs, collateral, -1n));
  const missing = max(0n, shortAfter(scene, to, book, legs, collateral, 1n));
  const [paid, brought] = [coverFor(scene, short), coverFor(scene, missing)];
  const covers = paid >= short && brought >= missing;
  return {
    calls: [
      there,
      ...(paid > 0n ? covering(scene, sender, from, book, paid) : []),
      ...(brought > 0n ? covering(scene, sender, to, book, brought) : []),
    ],
    note: covers ? "covered later" : "left uncovered",
  };
}

/** A position uncovered by a transfer, of which free would take more: that is refused at once. */
export function freeWhileUncovered(scene: Scene): Together | undefined {
  const there = uncovering(scene);
  if (there === undefined) return undefined;
  const { from, book } = there;
  const sender = callerFor(scene, from, SCOPE_MANAGE);
  return {
    calls: [there, { kind: "free", sender, account: from, book, amount: 1n }, givenBack(there)],
  };
}

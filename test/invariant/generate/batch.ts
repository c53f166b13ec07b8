import { ownerOf } from "@certus/model";
import type { Address, BookId } from "@certus/model";

import type { InnerCall, LedgerCall } from "../run/command.ts";
import { TOKENS } from "../world/places.ts";
import { coveredLater, undoneLater } from "./batchFills.ts";
import type { Together } from "./batchFills.ts";
import { wrapAndBack, wrapThenCover } from "./batchWraps.ts";
import { freeWhileUncovered, thereAndBack, transferThenCover } from "./batchMoves.ts";
import { cashIn, holdersOf } from "./cash.ts";
import { unfixedBooks, unsettledBooks } from "./expiry.ts";
import { isReady, proofFor } from "./feed.ts";
import { inTurn } from "./gates.ts";
import { permitter, soundPermit } from "./permit.ts";
import { anyAccount, isCallDraft } from "./scene.ts";
import { holdingsOf } from "./tokens.ts";
import type { CallDraft, Draft, Planned, Scene } from "./scene.ts";

/** Drafts of the ledger's functions, by name. */
export type Drafts = { readonly [K in LedgerCall]: Planned };

/** What a batch draws from as from single calls, by weight. */
const LISTED: readonly (readonly [weight: number, kind: LedgerCall])[] = [
  [2, "deposit"],
  [1.5, "depositToBook"],
  [1.5, "withdraw"],
  [2, "allocate"],
  [2, "free"],
  [6, "fill"],
  [2, "fillMany"],
  [2, "transferLegs"],
  [1.5, "wrap"],
  [1, "unwrap"],
  [0.7, "redeem"],
  [1, "cancel"],
  [1, "settle"],
  [1, "claim"],
  [0.6, "fixPrice"],
  [0.6, "selfPermit"],
];

/** What a batch refuses to call. */
const UNLISTED: readonly LedgerCall[] = [
  "list",
  "retire",
  "setGuard",
  "openBook",
  "transfer",
  "transferFrom",
  "approve",
  "setOperator",
  "batch",
  "raiseEpoch",
  "setAccountOperator",
  "pushFees",
  "setTreasury",
];

/** Draws a call and what it plans to go before or behind it, as calls of one batch. */
function drawTogether(scene: Scene, drafts: Drafts, kind: LedgerCall): readonly CallDraft[] {
  const kept = scene.plan.splice(0);
  const first = drafts[kind](scene);
  const others = scene.plan.splice(0).map((planned) => planned(scene));
  scene.plan.splice(0, Infinity, ...kept);
  return [first, ...others].filter(isCallDraft);
}

/** Calls of any kind of one sender. */
function assorted(scene: Scene, drafts: Drafts): Together | undefined {
  const { dice } = scene;
  const calls = [...drawTogether(scene, drafts, dice.weighted(LISTED))];
  const sender = calls.at(-1)?.sender;
  const count = 1 + dice.below(3);
  for (let tries = 0; tries < 12 && calls.length < 6; tries++) {
    const more = drawTogether(scene, drafts, dice.weighted(LISTED));
    if (more.at(-1)?.sender === sender) calls.push(...more);
    if (calls.length > count) break;
  }
  return { calls };
}

/** A fill with what it needs, as one step. */
function funded(scene: Scene, drafts: Drafts): Together {
  return { calls: drawTogether(scene, drafts, scene.dice.chance(0.7) ? "fill" : "fillMany") };
}

/** A permit, and the deposit that it is for. */
function permitted(scene: Scene): Together {
  const { dice } = scene;
  const sender = permitter(scene);
  const token = dice.pick(TOKENS);
  const permit = soundPermit(scene, sender, token);
  const amount = dice.magnitude(dice.chance(0.5) ? 30 : 60);
  const account = anyAccount(scene);
  const shown = dice.chance(0.2) ? [permit, permit] : [permit];
  return { calls: [...shown, { kind: "deposit", sender, account, token, amount }] };
}

/** What somebody holds of a book's packages, paid out. */
function redemptions(scene: Scene, holder: Address, book: BookId): readonly CallDraft[] {
  return holdingsOf(scene)
    .filter((held) => held.holder === holder && held.what.book === book)
    .map(({ what: { legs }, balance }) => {
      const amount = balance >> 64n === 0n ? balance : 1n;
      return { kind: "redeem", sender: holder, book, legs, amount, to: holder };
    });
}

/** The end of a book for one owner: price, settlement, payout, wallet. */
function ending(scene: Scene): Together | undefined {
  const { dice } = scene;
  const ready = unfixedBooks(scene).filter((book) => isReady(scene, book));
  const book = dice.maybe(ready) ?? dice.maybe(unsettledBooks(scene));
  const account = book && dice.maybe(holdersOf(scene, book));
  if (book === undefined || account === undefined) return undefined;
  const [sender, id] = [ownerOf(account), book.book];
  const proof = proofFor(scene, book);
  const { token } = book.market.terms;
  const amount = cashIn(scene, account, token);
  const calls: readonly (CallDraft | undefined)[] = [
    book.price === 0n ? { kind: "fixPrice", sender, book: id, proof } : undefined,
    { kind: "settle", sender, book: id, accounts: holdersOf(scene, book) },
    { kind: "claim", sender, account, books: [id], toWallet: dice.chance(0.5) },
    ...redemptions(scene, sender, id),
    amount > 0n ? { kind: "withdraw", sender, account, token, amount, to: sender } : undefined,
  ];
  return { calls: calls.filter(isCallDraft) };
}

/** Calls of which one is not on the list. */
function unlisted(scene: Scene, drafts: Drafts): Together | undefined {
  const { dice } = scene;
  const [first] = drawTogether(scene, drafts, dice.pick(["deposit", "cancel"]));
  const wanted = dice.chance(0.2) ? "batch" : dice.pick(UNLISTED);
  const bad = drawTogether(scene, drafts, wanted).find(({ kind }) => kind === wanted);
  if (first === undefined || bad === undefined) return undefined;
  // The last one's sender makes all of them: it could make this one, were it on the list.
  return { calls: dice.chance(0.5) ? [bad] : [first, bad] };
}

/** Bytes that are no function's, some of them fewer than a selector has. */
function stray({ dice }: Scene): InnerCall {
  const length = dice.pick([0, 1, 3, 4, 5, 36]);
  const data = Array.from({ length }, () => dice.bits(8).toString(16).padStart(2, "0"));
  return { kind: "bytes", data: data.join("") };
}

type Scenario = (scene: Scene, drafts: Drafts) => Together | undefined;

const SCENARIOS: readonly (readonly [weight: number, Scenario])[] = [
  [3, assorted],
  [4, funded],
  [4, coveredLater],
  [2, undoneLater],
  [2.5, thereAndBack],
  [2.5, transferThenCover],
  [2.5, wrapThenCover],
  [1.5, wrapAndBack],
  [0.5, freeWhileUncovered],
  [1.5, permitted],
  [1.5, ending],
  [2, unlisted],
];

/** The same calls by one sender. */
export function sentBy(sender: Address, calls: readonly CallDraft[]): readonly CallDraft[] {
  return calls.map((call) => ({ ...call, sender }));
}

/** Calls that make a batch, with what has to happen before it. */
export function drawBatch(scene: Scene, drafts: Drafts): Together | undefined {
  return scene.dice.weighted(SCENARIOS)(scene, drafts);
}

/** batch: calls drawn as single ones are, in one of several patterns, by the sender of the last one. */
export function draftBatch(scene: Scene, drafts: Drafts): Draft | undefined {
  const { dice } = scene;
  const drawn = drawBatch(scene, drafts);
  const sender = drawn?.calls.at(-1)?.sender;
  if (drawn === undefined || sender === undefined) return undefined;
  const calls: readonly InnerCall[] = sentBy(sender, drawn.calls);
  const note = drawn.note === undefined ? {} : { note: drawn.note };
  const batch: Draft = {
    kind: "batch",
    sender,
    calls: dice.chance(0.02) ? [...calls, stray(scene)] : calls,
    ...note,
  };
  return inTurn(scene, [...(drawn.before ?? []), batch]);
}

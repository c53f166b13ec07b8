import { MAX_UINT256, SCOPE_MANAGE, findBook, keyOf, ownerOf } from "@certus/model";
import type { Address, Book, Package } from "@certus/model";

import { ACCOUNTS, HOLDERS, SPENDERS } from "../world/actors.ts";
import { AT } from "../world/places.ts";
import { inTurn } from "./gates.ts";
import { spoilPacking } from "./packages.ts";
import { callerFor, operatorsOf } from "./scene.ts";
import type { CallDraft, Draft, Scene } from "./scene.ts";

/** Packages that somebody holds. */
export interface Holding {
  readonly holder: Address;
  readonly what: Package;
  readonly book: Book;
  readonly balance: bigint;
}

/** All packages that anybody holds. */
export function holdingsOf({ state }: Scene): readonly Holding[] {
  return [...state.holders].flatMap(([holder, { balances }]) =>
    [...balances].flatMap(([key, balance]) => {
      const what = state.packages.get(key);
      const book = what && findBook(state, what.book);
      return what === undefined || book === undefined ? [] : [{ holder, what, book, balance }];
    }),
  );
}

function share({ dice }: Scene, balance: bigint): bigint {
  return dice.weighted([
    [4, balance],
    [4, dice.between(1n, balance)],
    [0.4, balance + 1n],
    [0.3, 0n],
  ]);
}

function receiver({ dice }: Scene): Address {
  return dice.weighted([
    [12, dice.pick(HOLDERS)],
    [0.6, 0n],
    [0.2, AT.ledger],
  ]);
}

/** An amount as a word of 64 bits carries it. */
function narrow(amount: bigint): bigint {
  return amount >> 64n === 0n ? amount : (1n << 64n) - 1n;
}

/** unwrap: packages of a live book into an account of their holder's, else with one thing wrong. */
export function draftUnwrap(scene: Scene): Draft | undefined {
  const { dice, now } = scene;
  const live = holdingsOf(scene).filter(
    ({ holder, book }) =>
      book.expiry > now && ACCOUNTS.some((account) => ownerOf(account) === holder),
  );
  const held = dice.maybe(live);
  if (held === undefined) return undefined;
  const account = dice.pick(ACCOUNTS.filter((owned) => ownerOf(owned) === held.holder));
  const operators = operatorsOf(scene, account, SCOPE_MANAGE);
  const operator = dice.chance(0.4) ? dice.maybe(operators) : undefined;
  const sender = operator ?? callerFor(scene, account, SCOPE_MANAGE);
  const { book, legs } = held.what;
  const amount = narrow(share(scene, held.balance));
  const sound: Draft & { readonly kind: "unwrap" } = {
    kind: "unwrap",
    sender,
    account,
    book,
    legs,
    amount,
  };
  if (dice.chance(0.15)) return { ...sound, ...spoilPacking(scene, sound) };
  const leave = sender === held.holder || dice.chance(0.25);
  return leave ? sound : inTurn(scene, [rightFor(scene, held, sender, amount), sound]);
}

/** A right of somebody to move what is held: all of it for good, or an amount. */
function rightFor(scene: Scene, { holder, what }: Holding, to: Address, amount: bigint): CallDraft {
  if (scene.dice.chance(0.3)) {
    return { kind: "setOperator", sender: holder, spender: to, approved: true };
  }
  const allowed = allowanceFor(scene, amount);
  return { kind: "approve", sender: holder, spender: to, id: what.id, amount: allowed };
}

/** redeem: packages of a fixed book by whoever holds them, else with one thing wrong. */
export function draftRedeem(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const all = holdingsOf(scene);
  const fixed = all.filter(({ book }) => book.price !== 0n);
  const held = dice.maybe(fixed.length > 0 && dice.chance(0.92) ? fixed : all);
  if (held === undefined) return undefined;
  const { book, legs } = held.what;
  const to = dice.weighted([
    [8, held.holder],
    [3, dice.pick(HOLDERS)],
    [0.3, 0n],
    [0.3, AT.ledger],
  ]);
  const sender = dice.chance(0.06) ? dice.pick(HOLDERS) : held.holder;
  const amount = narrow(share(scene, held.balance));
  // Some lots too many: the legs of another package, if of any. The last leg of all would leave its word.
  const more = dice.pick([1n, 2n]);
  const wrong = dice.chance(0.1)
    ? { legs: legs.map((leg) => BigInt.asUintN(128, leg + more)) }
    : {};
  return { kind: "redeem", sender, book, legs, amount, to, ...wrong };
}

/** transfer: packages that the caller holds mostly. */
export function draftSend(scene: Scene): Draft {
  const { dice } = scene;
  const held = dice.maybe(holdingsOf(scene));
  const sender = held === undefined || dice.chance(0.05) ? dice.pick(HOLDERS) : held.holder;
  const id = held?.what.id ?? dice.bits(255);
  const amount = held === undefined ? dice.bits(1) : share(scene, held.balance);
  return { kind: "transfer", sender, receiver: receiver(scene), id, amount };
}

/** transferFrom: with or without the leave that it takes, and what is left of that tried again. */
export function draftSendFrom(scene: Scene): Draft | undefined {
  const { dice, state } = scene;
  const held = dice.maybe(holdingsOf(scene));
  if (held === undefined) return undefined;
  const { holder, balance } = held;
  const { id } = held.what;
  const rights = state.holders.get(holder);
  const let_ = [...(rights?.allowances ?? [])]
    .filter(([, ids]) => ids.has(keyOf(id)))
    .map(([spender]) => spender);
  const known = [...let_, ...(rights?.operators ?? [])];
  const sender = dice.weighted([
    [known.length > 0 ? 6 : 0, dice.maybe(known) ?? holder],
    [1, dice.pick(SPENDERS)],
    [0.5, holder],
  ]);
  const amount = share(scene, balance);
  const move: CallDraft = {
    kind: "transferFrom",
    sender,
    holder,
    receiver: receiver(scene),
    id,
    amount: dice.chance(0.1) ? 0n : amount,
  };
  // Nobody allows anything for nobody: only nothing comes as far as the holder's own check.
  if (dice.chance(0.04)) return { ...move, holder: 0n, amount: 0n };
  if (known.includes(sender) || sender === holder || dice.chance(0.2)) return move;
  return inTurn(scene, [rightFor(scene, held, sender, amount), move]);
}

function allowanceFor({ dice }: Scene, amount: bigint): bigint {
  return dice.weighted([
    [3, amount],
    [2, amount + dice.magnitude(20)],
    [2, MAX_UINT256],
    [0.5, amount > 0n ? amount - 1n : 0n],
  ]);
}

function spender({ dice }: Scene): Address {
  return dice.chance(0.06) ? 0n : dice.pick(SPENDERS);
}

/** approve: of a package that somebody holds mostly, without end now and then, and taken back. */
export function draftApprove(scene: Scene): Draft {
  const { dice } = scene;
  const held = dice.maybe(holdingsOf(scene));
  const amount = dice.weighted([
    [4, held?.balance ?? 1n],
    [3, MAX_UINT256],
    [2, 0n],
    [1, dice.magnitude(256) - 1n],
  ]);
  const sender = held?.holder ?? dice.pick(HOLDERS);
  return {
    kind: "approve",
    sender,
    spender: spender(scene),
    id: held?.what.id ?? dice.bits(255),
    amount,
  };
}

/** setOperator of tokens: given and taken back. */
export function draftTokenOperator(scene: Scene): Draft {
  const { dice } = scene;
  const sender = dice.maybe(holdingsOf(scene))?.holder ?? dice.pick(HOLDERS);
  return { kind: "setOperator", sender, spender: spender(scene), approved: dice.chance(0.6) };
}

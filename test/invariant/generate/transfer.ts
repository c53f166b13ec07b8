import {
  MAX_INT64,
  SCOPE_MANAGE,
  addLegs,
  max,
  min,
  ownerOf,
  packLeg,
  requirement,
} from "@certus/model";
import type { AccountId, Book, Leg } from "@certus/model";

import { ACCOUNTS, OPERATORS } from "../world/actors.ts";
import { anyBook, bookAt, heldIn, holdersOf } from "./cash.ts";
import { tidy } from "./legs.ts";
import { anyAccount, callerFor, expiredBooks, liveBooks, operatorsOf } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

/** A transfer of legs in the making. */
export type TransferDraft = Draft & { readonly kind: "transferLegs" };

/** The other accounts of the same owner. */
export function siblings(account: AccountId): readonly AccountId[] {
  return ACCOUNTS.filter((other) => other !== account && ownerOf(other) === ownerOf(account));
}

/** Some of the legs held, each whole or a part of it; calls net where they must. */
export function someHeld({ dice }: Scene, book: Book, held: readonly Leg[]): readonly Leg[] {
  const share = (quantity: bigint): bigint => {
    const size = quantity < 0n ? -quantity : quantity;
    const part = dice.chance(0.5) ? size : dice.between(1n, size);
    return quantity < 0n ? -part : part;
  };
  const take = (legs: readonly Leg[]): readonly Leg[] =>
    legs.map((leg) => ({ ...leg, quantity: share(leg.quantity) }));
  if (book.market.scale.inverse) return take(dice.some(held, 0.6));
  const puts = take(dice.some(held.filter(({ isCall }) => !isCall)));
  const calls = held.filter(({ isCall }) => isCall);
  const long = dice.maybe(calls.filter(({ quantity }) => quantity > 0n));
  const short = dice.maybe(calls.filter(({ quantity }) => quantity < 0n));
  if (long === undefined || short === undefined || dice.chance(0.3)) return puts;
  if (dice.chance(0.4)) return tidy([...puts, ...calls], 1n);
  const lots = dice.between(1n, min(long.quantity, -short.quantity));
  return tidy([...puts, { ...long, quantity: lots }, { ...short, quantity: -lots }], 1n);
}

/** Collateral that leaves both sides covered, at one end of what does or beside it. */
function collateralFor(
  scene: Scene,
  book: Book,
  from: AccountId,
  to: AccountId,
  legs: readonly Leg[],
): bigint {
  const { dice } = scene;
  const { scale } = book.market;
  const [giver, receiver] = [heldIn(scene, from, book), heldIn(scene, to, book)];
  const left = addLegs(giver.legs, legs, -1n);
  const after = addLegs(receiver.legs, legs, 1n);
  if (!scale.inverse && callsOf(after) < 0n) return giver.collateral;
  const most = giver.collateral - requirement(scale, left);
  const least = max(0n, requirement(scale, after) - receiver.collateral);
  const drawn = dice.weighted([
    [4, least],
    [3, most],
    [2, least < most ? dice.between(least, most) : least],
    [0.4, least - 1n],
    [0.4, most + 1n],
    [0.4, dice.near(giver.collateral)],
    [0.3, 0n],
  ]);
  return max(0n, drawn);
}

function callsOf(legs: readonly Leg[]): bigint {
  return legs.reduce((sum, { isCall, quantity }) => sum + (isCall ? quantity : 0n), 0n);
}

type Spoiler = (scene: Scene, draft: TransferDraft) => TransferDraft;

/** Somebody who may manage accounts of two owners, and one of each. */
function betweenOwners(scene: Scene): Partial<TransferDraft> | undefined {
  const { dice } = scene;
  const managed = OPERATORS.map((operator) => ({
    operator,
    accounts: ACCOUNTS.filter((account) =>
      operatorsOf(scene, account, SCOPE_MANAGE).includes(operator),
    ),
  }));
  const pairs = managed.flatMap(({ operator: sender, accounts }) =>
    accounts.flatMap((from) =>
      accounts.filter((to) => ownerOf(to) !== ownerOf(from)).map((to) => ({ sender, from, to })),
    ),
  );
  return dice.maybe(pairs);
}

function withFirst(draft: TransferDraft, change: (leg: bigint) => bigint): TransferDraft {
  const [first, ...rest] = draft.legs;
  return first === undefined ? draft : { ...draft, legs: [change(first), ...rest] };
}

/** Each makes one thing of a transfer wrong. */
const SPOILERS: readonly Spoiler[] = [
  (scene, draft) => ({ ...draft, ...betweenOwners(scene) }),
  ({ dice }, draft) => ({ ...draft, to: dice.pick(ACCOUNTS) }),
  (_scene, draft) => ({ ...draft, to: draft.from }),
  (_scene, draft) => ({ ...draft, legs: [], collateral: 0n }),
  (scene, draft) => ({ ...draft, book: anyBook(scene, expiredBooks(scene)) }),
  (_scene, draft) => ({ ...draft, legs: draft.legs.toReversed() }),
  // A lot more than is held, or the opposite of what is held: low 64 bits are the quantity.
  (_scene, draft) => withFirst(draft, (leg) => leg + 1n),
  (_scene, draft) =>
    withFirst(draft, (leg) => {
      const lots = BigInt.asIntN(64, leg);
      return lots === -MAX_INT64 - 1n ? leg : ((leg >> 64n) << 64n) | BigInt.asUintN(64, -lots);
    }),
  (_scene, draft) => withFirst(draft, (leg) => (leg >> 64n) << 64n),
  (_scene, draft) => withFirst(draft, (leg) => leg ^ (1n << 65n)),
  (_scene, draft) => ({ ...draft, collateral: (1n << 256n) - 1n }),
];

/** A transfer between two accounts of one owner, sound as far as it goes. */
export function soundTransfer(scene: Scene): TransferDraft | undefined {
  const { dice } = scene;
  const places = liveBooks(scene).flatMap((book) =>
    holdersOf(scene, book)
      .filter((account) => siblings(account).length > 0)
      .map((account) => [book, account] as const),
  );
  const place = dice.maybe(places);
  if (place === undefined) return undefined;
  const [book, from] = place;
  const to = dice.pick(siblings(from));
  const legs = dice.chance(0.85) ? someHeld(scene, book, heldIn(scene, from, book).legs) : [];
  return {
    kind: "transferLegs",
    sender: callerFor(scene, from, SCOPE_MANAGE),
    from,
    to,
    book: book.book,
    legs: legs.map(packLeg),
    collateral: collateralFor(scene, book, from, to, legs),
  };
}

/** transferLegs: sound mostly, else with one thing wrong. Without anything to move, some collateral of whoever it is. */
export function draftTransfer(scene: Scene): Draft {
  const { dice } = scene;
  const sound = soundTransfer(scene);
  if (sound !== undefined) return dice.chance(0.3) ? dice.pick(SPOILERS)(scene, sound) : sound;
  const from = anyAccount(scene);
  const book = anyBook(scene, liveBooks(scene));
  const to = dice.maybe(siblings(from)) ?? anyAccount(scene);
  const known = bookAt(scene, book);
  const collateral = known === undefined ? 1n : heldIn(scene, from, known).collateral;
  const sender = callerFor(scene, from, SCOPE_MANAGE);
  return { kind: "transferLegs", sender, from, to, book, legs: [], collateral };
}

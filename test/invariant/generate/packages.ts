import {
  MAX_INT64,
  SCOPE_MANAGE,
  abs,
  gcd,
  isRestricted,
  max,
  min,
  packLeg,
  requirement,
  unpackLegs,
} from "@certus/model";
import type { AccountId, Book, Leg } from "@certus/model";

import type { Packing } from "../run/command.ts";
import { anyBook, bookAt, heldIn, holdersOf } from "./cash.ts";
import { coverFor, covering, shortAfter } from "./covering.ts";
import { inTurn } from "./gates.ts";
import { anyAccount, callerFor, expiredBooks, liveBooks } from "./scene.ts";
import type { CallDraft, Draft, Scene } from "./scene.ts";

/** A wrap in the making. */
export type WrapDraft = Draft & { readonly kind: "wrap" };

/** Legs in lowest terms. */
function reduced(legs: readonly Leg[]): readonly Leg[] {
  const divisor = legs.reduce((common, { quantity }) => gcd(common, abs(quantity)), 0n);
  return divisor <= 1n ? legs : legs.map((leg) => ({ ...leg, quantity: leg.quantity / divisor }));
}

/** Vectors of legs that an account holds at least once: single legs, pairs, all of them. */
function vectorsOf(held: readonly Leg[]): readonly (readonly Leg[])[] {
  const one = (leg: Leg, lots: bigint): Leg => ({
    ...leg,
    quantity: leg.quantity < 0n ? -lots : lots,
  });
  const singles = held.map((leg) => [one(leg, 1n)]);
  const pairs = held.flatMap((low, at) =>
    held
      .slice(at + 1)
      .flatMap((high) => [
        [one(low, 1n), one(high, 1n)],
        reduced([low, high]),
        [one(low, min(2n, abs(low.quantity))), one(high, 1n)],
      ]),
  );
  return [...singles, ...pairs.slice(0, 60), reduced(held)];
}

function netsCalls({ market }: Book, legs: readonly Leg[]): boolean {
  const calls = legs.reduce((sum, { isCall, quantity }) => sum + (isCall ? quantity : 0n), 0n);
  return market.scale.inverse || calls === 0n;
}

/** Vectors that may be wrapped: they never owe anything. */
function wrappable(book: Book, held: readonly Leg[]): readonly (readonly Leg[])[] {
  return vectorsOf(held).filter(
    (legs) => netsCalls(book, legs) && requirement(book.market.scale, legs) === 0n,
  );
}

/** How many packages the legs of an account make. */
function mostPackages(held: readonly Leg[], legs: readonly Leg[]): bigint {
  const times = legs.map(({ strike, isCall, quantity }) => {
    const own = held.find((leg) => leg.strike === strike && leg.isCall === isCall);
    return own === undefined ? 0n : own.quantity / quantity;
  });
  return times.reduce(min, MAX_INT64);
}

interface Place {
  readonly book: Book;
  readonly account: AccountId;
}

/** Accounts with legs in live books, in a restricted one if the dice say so. */
function placesOf(scene: Scene): readonly Place[] {
  const live = liveBooks(scene);
  const shut = live.filter((book) => isRestricted(book, scene.now));
  const books = shut.length > 0 && scene.dice.chance(0.3) ? shut : live;
  return books.flatMap((book) =>
    holdersOf(scene, book)
      .filter((account) => heldIn(scene, account, book).legs.length > 0)
      .map((account) => ({ book, account })),
  );
}

/** A wrap of what an account holds, as far as legs go. Nothing if nobody holds anything that may be wrapped. */
export function soundWrap(scene: Scene): WrapDraft | undefined {
  const { dice } = scene;
  for (let tries = 0; tries < 8; tries++) {
    const place = dice.maybe(placesOf(scene));
    if (place === undefined) return undefined;
    const { book, account } = place;
    const held = heldIn(scene, account, book).legs;
    const vectors = wrappable(book, held);
    const several = vectors.filter((legs) => legs.length > 1);
    const legs = dice.maybe(several.length > 0 && dice.chance(0.6) ? several : vectors);
    if (legs === undefined) continue;
    const most = mostPackages(held, legs);
    if (most < 1n) continue;
    const amount = dice.weighted([
      [4, most],
      [4, dice.between(1n, most)],
      [0.5, most + 1n],
    ]);
    const sender = callerFor(scene, account, SCOPE_MANAGE);
    return { kind: "wrap", sender, account, book: book.book, legs: legs.map(packLeg), amount };
  }
  return undefined;
}

type Spoiler = (scene: Scene, packing: Packing) => Partial<Packing>;

/** Each makes one thing of a package wrong. */
const SPOILERS: readonly Spoiler[] = [
  () => ({ amount: 0n }),
  ({ dice }, { amount }) => ({ amount: amount + dice.magnitude(20) }),
  (scene) => ({ book: anyBook(scene, expiredBooks(scene)) }),
  (scene) => ({ account: anyAccount(scene) }),
  (_scene, { legs }) => ({ legs: legs.toReversed() }),
  (_scene, { legs }) => ({ legs: [...legs, ...legs.slice(-1)] }),
  () => ({ legs: [] }),
  // Twice the lots; the opposite; another strike: as packed, quantity low, strike from bit 65 on.
  (_scene, { legs }) => ({ legs: withLots(legs, (lots) => lots * 2n) }),
  (_scene, { legs }) => ({ legs: withLots(legs, (lots) => -lots) }),
  (_scene, { legs }) => ({ legs: legs.map((leg) => leg ^ (1n << 65n)) }),
];

function withLots(legs: readonly bigint[], change: (lots: bigint) => bigint): readonly bigint[] {
  return unpackLegs(legs).map((leg) => {
    const quantity = change(leg.quantity);
    return packLeg(abs(quantity) > MAX_INT64 ? leg : { ...leg, quantity });
  });
}

/** What an account lacks once it has given its legs away. */
export function shortAfterWrap(scene: Scene, { account, book, legs, amount }: Packing): bigint {
  const found = bookAt(scene, book);
  if (found === undefined) return 0n;
  const held = heldIn(scene, account, found).legs;
  if (mostPackages(held, unpackLegs(legs)) < amount) return 0n;
  const given = unpackLegs(legs).map((leg) => packLeg({ ...leg, quantity: leg.quantity * amount }));
  return max(0n, shortAfter(scene, account, found, given, 0n, -1n));
}

/** Pays in what an account lacks once it has given its legs away. */
export function coverOfWrap(scene: Scene, wrap: WrapDraft): readonly CallDraft[] {
  const found = bookAt(scene, wrap.book);
  const paid = coverFor(scene, shortAfterWrap(scene, wrap));
  return found === undefined || paid === 0n
    ? []
    : covering(scene, wrap.sender, wrap.account, found, paid);
}

/** wrap: what somebody holds, with the collateral that its other legs then need; else with one thing wrong. */
export function draftWrap(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const sound = soundWrap(scene);
  if (sound === undefined) return undefined;
  if (dice.chance(0.2)) return { ...sound, ...dice.pick(SPOILERS)(scene, sound) };
  return inTurn(scene, dice.chance(0.1) ? [sound] : [...coverOfWrap(scene, sound), sound]);
}

/** Makes one thing of an unwrap wrong. */
export function spoilPacking(scene: Scene, packing: Packing): Partial<Packing> {
  return scene.dice.pick(SPOILERS)(scene, packing);
}

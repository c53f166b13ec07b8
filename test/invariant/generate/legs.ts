import { MAX_INT64, PRICE_ONE, abs, compareLegs } from "@certus/model";
import type { AccountId, Book, Leg } from "@certus/model";

import { FEEDS } from "../world/places.ts";
import { heldIn, holdersOf } from "./cash.ts";
import type { Scene } from "./scene.ts";

/** A vector of legs with the name of what it is. */
export interface Strategy {
  readonly name: string;
  readonly legs: readonly Leg[];
}

/** What strategies are built from in a book: strikes in ascending order, and a size in lots. */
interface Kit {
  readonly scene: Scene;
  readonly strikes: readonly bigint[];
  readonly lots: bigint;
}

type Template = readonly [name: string, build: (kit: Kit) => readonly Leg[]];

const put = (strike: bigint, quantity: bigint): Leg => ({ strike, isCall: false, quantity });
const call = (strike: bigint, quantity: bigint): Leg => ({ strike, isCall: true, quantity });

/** A present price of a book's feed, 8 decimals. */
function spotOf(book: Book): bigint {
  const feed = FEEDS.find(({ proxy }) => proxy === book.market.terms.feed) ?? FEEDS[0];
  if (feed === undefined) return PRICE_ONE;
  return (feed.answer * 10n ** (8n + feed.priceExp)) / 10n ** feed.decimals;
}

/** A strike on the tick: near the price mostly, or one that is used, or at the ends of what is allowed. */
function strikeFor(scene: Scene, book: Book, used: readonly bigint[]): bigint {
  const { dice } = scene;
  const tick = book.market.terms.strikeTick;
  const spot = spotOf(book);
  const step = tick > spot / 40n ? tick : (spot / 40n / tick) * tick || tick;
  const at = (price: bigint): bigint => {
    const most = (MAX_INT64 / tick) * tick;
    const rounded = (price / tick) * tick;
    if (rounded < tick) return tick;
    return rounded > most ? most : rounded;
  };
  return dice.weighted([
    [used.length > 0 ? 5 : 0, dice.maybe(used) ?? tick],
    [8, at(spot + step * dice.between(-8n, 8n))],
    [3, at(spot + tick * dice.between(-9n, 9n))],
    [1.5, at(tick * dice.between(1n, 6n))],
    [0.5, at(dice.magnitude(63))],
    [0.2, at(MAX_INT64)],
  ]);
}

function strikesFor(scene: Scene, book: Book, count: number): readonly bigint[] {
  const used = [...scene.state.accounts.values()].flatMap(
    ({ positions }) => positions.get(book.key)?.legs.map(({ strike }) => strike) ?? [],
  );
  const strikes = new Set<bigint>();
  for (let tries = 0; strikes.size < count && tries < count * 4; tries++) {
    strikes.add(strikeFor(scene, book, used));
  }
  const tick = book.market.terms.strikeTick;
  const multiples = MAX_INT64 / tick;
  const wanted = multiples < 64n ? 1 : count;
  while (strikes.size < wanted) strikes.add(tick * scene.dice.between(1n, multiples));
  return [...strikes].sort((a, b) => (a < b ? -1 : 1));
}

function lotsFor({ dice, knobs }: Scene): bigint {
  const large = knobs.flavour === "bounds" ? 2 : 0.4;
  return dice.weighted([
    [6, dice.between(1n, 5n)],
    [3, dice.between(1n, 1_000n)],
    [1, dice.magnitude(30)],
    [large, dice.magnitude(62)],
    [large / 4, MAX_INT64],
  ]);
}

function strike({ strikes }: Kit, index: number): bigint {
  return strikes[index] ?? strikes[0] ?? 1n;
}

/** Legs of any quantity; calls add up to zero where they must. */
function anyLegs({ scene: { dice }, strikes, lots }: Kit, puts: boolean, nets: boolean): Leg[] {
  const legs: Leg[] = [];
  let calls = 0n;
  for (const at of strikes) {
    const quantity = (dice.chance(0.5) ? 1n : -1n) * dice.between(1n, lots);
    if (puts && dice.chance(0.5)) legs.push(put(at, quantity));
    else legs.push(call(at, quantity));
    if (legs.at(-1)?.isCall === true) calls += quantity;
  }
  if (!nets || calls === 0n) return legs;
  const last = legs.findLast(({ isCall }) => isCall);
  const rest = legs.filter((leg) => leg !== last);
  const quantity = (last?.quantity ?? 0n) - calls;
  return quantity === 0n || last === undefined ? rest : [...rest, { ...last, quantity }];
}

const LINEAR: readonly (readonly [number, Template])[] = [
  [3, ["put", (kit) => [put(strike(kit, 0), kit.lots)]]],
  [3, ["put spread", (kit) => [put(strike(kit, 0), kit.lots), put(strike(kit, 1), -kit.lots)]]],
  [3, ["call spread", (kit) => [call(strike(kit, 0), kit.lots), call(strike(kit, 1), -kit.lots)]]],
  [
    3,
    [
      "condor",
      (kit) => [
        put(strike(kit, 0), kit.lots),
        put(strike(kit, 1), -kit.lots),
        call(strike(kit, 2), -kit.lots),
        call(strike(kit, 3), kit.lots),
      ],
    ],
  ],
  [
    2,
    [
      "box",
      (kit) => [
        call(strike(kit, 0), kit.lots),
        put(strike(kit, 0), -kit.lots),
        call(strike(kit, 1), -kit.lots),
        put(strike(kit, 1), kit.lots),
      ],
    ],
  ],
  [2, ["butterfly", butterfly]],
  [2, ["any legs", (kit) => anyLegs(kit, true, true)]],
];

const INVERSE: readonly (readonly [number, Template])[] = [
  [4, ["call", (kit) => [call(strike(kit, 0), kit.lots)]]],
  [3, ["call spread", (kit) => [call(strike(kit, 0), kit.lots), call(strike(kit, 1), -kit.lots)]]],
  [2, ["butterfly", butterfly]],
  [2, ["ratio", (kit) => [call(strike(kit, 0), kit.lots), call(strike(kit, 1), -2n * kit.lots)]]],
  [2, ["any legs", (kit) => anyLegs(kit, false, false)]],
];

function butterfly(kit: Kit): readonly Leg[] {
  const { lots } = kit;
  return [call(strike(kit, 0), lots), call(strike(kit, 1), -2n * lots), call(strike(kit, 2), lots)];
}

/** Sorted, one leg a series, none of zero lots or beyond the bounds; turned round as the dice say. */
export function tidy(legs: readonly Leg[], sign: bigint): readonly Leg[] {
  const sums = new Map<string, Leg>();
  for (const leg of legs) {
    const key = `${leg.strike}/${leg.isCall}`;
    const quantity = (sums.get(key)?.quantity ?? 0n) + sign * leg.quantity;
    sums.set(key, { ...leg, quantity });
  }
  return [...sums.values()].filter(({ quantity }) => quantity !== 0n).sort(compareLegs);
}

function fits(legs: readonly Leg[]): boolean {
  return (
    legs.length > 0 &&
    legs.length <= 32 &&
    legs.every(({ quantity }) => quantity <= MAX_INT64 && quantity >= -MAX_INT64)
  );
}

/** What the maker must receive for an account, the maker's or the taker's, to be rid of its legs. */
export function closing(
  scene: Scene,
  book: Book,
  account: AccountId,
  maker: AccountId,
): Strategy | undefined {
  const { legs } = heldIn(scene, account, book);
  if (legs.length === 0) return undefined;
  return { name: "closing", legs: tidy(legs, account === maker ? -1n : 1n) };
}

/** More of what an account holds: as much as its quantities may grow, or one lot beyond. */
export function toTheBound(scene: Scene, book: Book, account: AccountId): Strategy | undefined {
  const { legs } = heldIn(scene, account, book);
  const some = scene.dice.chance(0.5) ? legs : legs.slice(0, 1);
  const beyond = scene.dice.pick([0n, 1n]);
  const more = some.map((leg) => {
    const room = MAX_INT64 - abs(leg.quantity) + beyond;
    return { ...leg, quantity: leg.quantity < 0n ? -room : room };
  });
  const calls = more.reduce((sum, { isCall, quantity }) => sum + (isCall ? quantity : 0n), 0n);
  const tradable = book.market.scale.inverse || calls === 0n;
  return tradable && fits(more) ? { name: "to the bound", legs: more } : undefined;
}

/** A new strategy for a book. */
export function strategyFor(scene: Scene, book: Book): Strategy {
  const { dice } = scene;
  const wide = dice.chance(0.04);
  const count = wide ? 8 + dice.below(25) : 4;
  const strikes = strikesFor(scene, book, count);
  const [name, build] = dice.weighted(book.market.scale.inverse ? INVERSE : LINEAR);
  const kit: Kit = { scene, strikes, lots: lotsFor(scene) };
  const { inverse } = book.market.scale;
  const sign = dice.chance(0.5) ? 1n : -1n;
  const legs = tidy(wide ? anyLegs(kit, !inverse, !inverse) : build(kit), sign);
  if (fits(legs)) return { name: wide ? "wide" : name, legs };
  const one = inverse ? call(strike(kit, 0), sign) : put(strike(kit, 0), sign);
  return { name: "one lot", legs: [one] };
}

/** An account with legs in a book, if there is one. */
export function someHolder(scene: Scene, book: Book): AccountId | undefined {
  return scene.dice.maybe(
    holdersOf(scene, book).filter((account) => heldIn(scene, account, book).legs.length > 0),
  );
}

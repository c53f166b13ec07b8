import { findBook, isRestricted, max } from "@certus/model";
import type { AccountId, Order } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { ACCOUNTS } from "../world/actors.ts";
import { fundingOf, limitFor, remember } from "./fill.ts";
import { quoteMany } from "./manyQuote.ts";
import type { ManyQuote } from "./manyQuote.ts";
import { spoilMany, withStrays } from "./manySpoils.ts";
import {
  aliveOrder,
  newOrder,
  orderOf,
  premiumFor,
  remainingOf,
  signatoryOf,
  takingAccount,
  unitsFor,
} from "./orders.ts";
import { TRADE, callerFor } from "./scene.ts";
import type { Draft, Planned, Scene } from "./scene.ts";

/** A call of fillMany in the making. */
export type ManyDraft = Draft & { readonly kind: "fillMany" };

/** Orders of several makers with the books and legs of one, each with its own price and size. */
export function likes(
  scene: Scene,
  taking: AccountId,
  first: SignedOrder,
  count: number,
): readonly SignedOrder[] {
  const { dice } = scene;
  const makers = ACCOUNTS.filter(
    (account) => account !== taking && account !== first.order.account,
  );
  const single = first.order.units === 1n && dice.chance(0.7);
  return Array.from({ length: count }, () => {
    const account = dice.chance(0.12) ? first.order.account : dice.pick(makers);
    const parts = first.order.parts.map((part) => ({ ...part, premium: premiumFor(scene) }));
    const units = single ? 1n : unitsFor(scene);
    return orderOf(scene, taking, signatoryOf(scene, account), parts, units);
  });
}

function sumOfRemaining(scene: Scene, orders: readonly Order[]): bigint {
  return orders.reduce((sum, order) => sum + max(0n, remainingOf(scene, order)), 0n);
}

const UINT64 = (1n << 64n) - 1n;

/** Most units of a call: all of them, a part of the last order, or far more than there are. */
function mostUnits(scene: Scene, orders: readonly Order[]): bigint {
  const { dice } = scene;
  const all = sumOfRemaining(scene, orders);
  const last = orders.at(-1);
  const before = all - (last === undefined ? 0n : remainingOf(scene, last));
  const most = dice.weighted([
    [4, all],
    [4, dice.between(before + 1n, max(before + 1n, all))],
    [1, dice.between(1n, max(1n, all))],
    [1, all + dice.magnitude(20)],
    [0.7, UINT64],
  ]);
  return most < 1n ? 1n : BigInt.asUintN(64, most > UINT64 ? UINT64 : most);
}

function leastUnits({ dice }: Scene, most: bigint, reached: bigint): bigint {
  const least = dice.weighted([
    [6, 1n],
    [3, reached],
    [0.5, reached + 1n],
    [0.3, most],
  ]);
  return least < 1n ? 1n : least > most ? most : least;
}

/** The call that fills good orders, with limits around what it would pay and draw. */
export function assembleMany(
  scene: Scene,
  account: AccountId,
  good: readonly SignedOrder[],
): { readonly draft: ManyDraft; readonly quote: ManyQuote | undefined } {
  const orders = good.map(({ order }) => order);
  const maxUnits = mostUnits(scene, orders);
  const quote = quoteMany(scene, account, orders, maxUnits);
  const minUnits = leastUnits(scene, maxUnits, quote?.units ?? 1n);
  const parts = orders[0]?.parts ?? [];
  const limits = parts.map((_, at) => limitFor(scene, quote?.parts[at]));
  const sender = callerFor(scene, account, TRADE);
  return {
    draft: { kind: "fillMany", sender, account, fills: good, minUnits, maxUnits, limits },
    quote,
  };
}

/** What makers and taker lack, paid in. */
export function fundingOfMany(
  scene: Scene,
  account: AccountId,
  { makers, parts }: ManyQuote,
): readonly Planned[] {
  return [
    ...makers.flatMap((maker) => fundingOf(scene, maker.parts, maker.account, "makerShort")),
    ...fundingOf(scene, parts, account, "takerShort"),
  ];
}

function isShut({ state, now }: Scene, { parts }: Order): boolean {
  return parts.some(({ book }) => {
    const found = findBook(state, book);
    return found !== undefined && isRestricted(found, now);
  });
}

/** fillMany: orders of one shape, strays among them, spoilt as a whole now and then. */
export function draftFillMany(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const known = dice.chance(0.3) ? aliveOrder(scene) : undefined;
  const taking = takingAccount(scene, known?.order);
  const first = known ?? newOrder(scene, taking);
  if (first === undefined) return undefined;
  const { taker } = first.order;
  const account = first.order.account === taking ? takingAccount(scene, first.order) : taking;
  const count = dice.weighted([
    [1, 0],
    [4, 1],
    [3, 2],
    [1.5, 3],
    [0.15, 15],
  ]);
  const others = likes(scene, account, first, isShut(scene, first.order) ? 1 : count);
  const good = [first, ...others].filter(({ order }) => taker === 0n || order.account !== account);
  for (const order of others.slice(0, 3)) remember(scene, order);
  const { draft, quote } = assembleMany(scene, account, good);
  if (dice.chance(0.15)) {
    const spoilt = spoilMany(scene, draft);
    if (spoilt !== undefined) return spoilt;
  }
  const mixed = withStrays(scene, draft);
  if (quote === undefined || dice.chance(0.08)) return mixed;
  const steps = fundingOfMany(scene, account, quote)
    .map((step) => step(scene))
    .filter((step) => step !== undefined);
  const [head, ...rest] = [...steps, mixed];
  scene.plan.push(...rest.map((step) => () => step));
  return head ?? mixed;
}

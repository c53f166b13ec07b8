import { MAX_UINT112, max, min, ownerOf } from "@certus/model";
import type { AccountId, Address, Limit, Order } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { spoil } from "./badFill.ts";
import { lacking, quoteFill } from "./quote.ts";
import type { SideName } from "./quote.ts";
import { aliveOrder, newOrder, remainingOf, takingAccount } from "./orders.ts";
import { TRADE, callerFor } from "./scene.ts";
import type { Draft, Planned, Scene } from "./scene.ts";

/** A fill in the making. */
export type FillDraft = Draft & { readonly kind: "fill" };

const MAX_INT128 = (1n << 127n) - 1n;

/** Units to fill: all that is left, the least allowed, something between, and what stands beside these. */
function unitsToFill(scene: Scene, order: Order): bigint {
  const { dice } = scene;
  const remaining = remainingOf(scene, order);
  const least = max(1n, min(order.minFill, remaining));
  const units = dice.weighted([
    [4, remaining],
    [2, least],
    [6, dice.between(least, max(least, remaining))],
    [0.4, remaining + 1n],
    [0.4, least - 1n],
  ]);
  return BigInt.asUintN(64, max(units, 1n));
}

/** A limit of the taker around what it would pay and draw. */
export function limitFor(
  { dice }: Scene,
  quote: { readonly pay: bigint; readonly takerShort: bigint } | undefined,
): Limit {
  const pay = quote?.pay ?? 0n;
  const short = max(0n, quote?.takerShort ?? 0n);
  const clamp = (value: bigint, bound: bigint): bigint =>
    value > bound ? bound : max(value, -bound);
  const maxPay = dice.weighted([
    [5, pay],
    [0.4, pay - 1n],
    [1, pay + 1n],
    [6, MAX_INT128],
  ]);
  const maxDraw = dice.weighted([
    [5, short],
    [0.4, max(0n, short - 1n)],
    [1, short + 1n],
    [6, MAX_UINT112],
  ]);
  return { maxPay: clamp(maxPay, MAX_INT128), maxDraw: min(maxDraw, MAX_UINT112) };
}

/** The fill of an order by an account, with limits around what it would pay and draw. */
export function assemble(scene: Scene, known: SignedOrder, account: AccountId): FillDraft {
  const { order, signer, signing } = known;
  const units = unitsToFill(scene, order);
  const quotes = quoteFill(scene, order, units, account);
  const limits = order.parts.map((_, index) => limitFor(scene, quotes?.[index]));
  const sender = callerFor(scene, account, TRADE);
  return { kind: "fill", sender, account, order, signer, signing, units, limits };
}

/** Most that is paid in to make a fill possible. */
const MOST_FUNDING = 1n << 118n;

/** Pays in what a side lacks, to the unit or one beside it, or takes out what is too much for it to be exact. */
function funding(
  scene: Scene,
  account: AccountId,
  [token, amount]: readonly [Address, bigint],
): Planned {
  const { dice } = scene;
  const paid = dice.weighted([
    [6, amount],
    [0.6, amount - 1n],
    [1, amount + 1n],
    [4, amount + dice.magnitude(60)],
  ]);
  const sender = ownerOf(account);
  return () => (paid > 0n ? { kind: "deposit", sender, account, token, amount: paid } : undefined);
}

/** Pays in what a side of quoted parts lacks. */
export function fundingOf<S extends SideName>(
  scene: Scene,
  quotes: readonly ({ readonly token: Address } & Readonly<Record<S, bigint>>)[],
  account: AccountId,
  side: S,
): readonly Planned[] {
  return lacking(scene, quotes, account, side)
    .filter(([, amount]) => amount < MOST_FUNDING)
    .map((need) => funding(scene, account, need));
}

/** Puts what a fill needs in front of it. */
function withFunding(scene: Scene, draft: FillDraft): Draft {
  const { order, account, units } = draft;
  const quotes = quoteFill(scene, order, units, account);
  if (quotes === undefined || scene.dice.chance(0.08)) return draft;
  const steps = [
    ...fundingOf(scene, quotes, order.account, "makerShort"),
    ...fundingOf(scene, quotes, account, "takerShort"),
  ].map((step) => step(scene));
  const [first, ...rest] = [...steps.filter((step) => step !== undefined), draft];
  scene.plan.push(...rest.map((step) => () => step));
  return first ?? draft;
}

/** fill: a new order or one of before, sound mostly, else spoilt in one way. Without a live book, whatever is known. */
export function draftFill(scene: Scene): Draft | undefined {
  const { dice, orders } = scene;
  const known = dice.chance(0.35) ? aliveOrder(scene) : undefined;
  const taking = takingAccount(scene, known?.order);
  const chosen = known ?? newOrder(scene, taking) ?? dice.maybe(orders);
  if (chosen === undefined) return undefined;
  if (known === undefined) remember(scene, chosen);
  const draft = assemble(scene, chosen, takerOf(scene, chosen.order, taking));
  if (dice.chance(0.18)) {
    const spoilt = spoil(scene, draft);
    if (spoilt !== undefined) return spoilt;
  }
  return withFunding(scene, draft);
}

/** The taking account, or another one if it is the maker. */
export function takerOf(scene: Scene, order: Order, taking: AccountId): AccountId {
  return order.account === taking ? takingAccount(scene, order) : taking;
}

/** Orders that are kept to be filled again. */
const MOST_ORDERS = 60;

/** Keeps an order to be filled again. */
export function remember({ orders }: Scene, known: SignedOrder): void {
  orders.push(known);
  if (orders.length > MOST_ORDERS) orders.shift();
}

import { MAX_UINT112, findBook, max, packLeg, unpackLeg } from "@certus/model";
import type { AccountId, Order } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { ACCOUNTS } from "../world/actors.ts";
import { heldIn } from "./cash.ts";
import { coverFor, covering } from "./covering.ts";
import { assemble, fundingOf, remember, takerOf } from "./fill.ts";
import type { FillDraft } from "./fill.ts";
import { ceilingAt } from "./gates.ts";
import { aliveOrder, newOrder, orderOf, signatoryOf, takingAccount } from "./orders.ts";
import { quoteFill } from "./quote.ts";
import type { PartQuote } from "./quote.ts";
import { isCallDraft } from "./scene.ts";
import type { CallDraft, Draft, Scene } from "./scene.ts";

/** What a batch will call, and what goes before it. */
export interface Together {
  readonly calls: readonly CallDraft[];
  readonly before?: readonly (Draft | undefined)[];
  readonly note?: string;
}

/** A fill from which nothing is drawn on the taker's side. */
interface UndrawnFill {
  readonly fill: FillDraft;
  readonly quotes: readonly PartQuote[];
}

const MAX_INT128 = (1n << 127n) - 1n;

function undrawn(fill: FillDraft): FillDraft {
  return { ...fill, limits: fill.limits.map(() => ({ maxPay: MAX_INT128, maxDraw: 0n })) };
}

function undrawnFill(scene: Scene): UndrawnFill | undefined {
  const known = scene.dice.chance(0.3) ? aliveOrder(scene) : undefined;
  const taking = takingAccount(scene, known?.order);
  const chosen = known ?? newOrder(scene, taking);
  if (chosen === undefined) return undefined;
  if (known === undefined) remember(scene, chosen);
  const fill = assemble(scene, chosen, takerOf(scene, chosen.order, taking));
  const quotes = quoteFill(scene, fill.order, fill.units, fill.account);
  return quotes && { fill: undrawn(fill), quotes };
}

function makerFunding(scene: Scene, { fill, quotes }: UndrawnFill): readonly CallDraft[] {
  return fundingOf(scene, quotes, fill.order.account, "makerShort")
    .map((step) => step(scene))
    .filter(isCallDraft);
}

/** What the taker must have in each book so that it can pay: a batch waits for cover, never for the payment. */
function prepaid(scene: Scene, { fill, quotes }: UndrawnFill): readonly bigint[] {
  return fill.order.parts.map(({ book }, at) => {
    const found = findBook(scene.state, book);
    if (found === undefined) return 0n;
    return max(0n, (quotes[at]?.pay ?? 0n) - heldIn(scene, fill.account, found).collateral);
  });
}

/** Pays amounts into the books of an order's parts. */
function payIn(scene: Scene, fill: FillDraft, amounts: readonly bigint[]): readonly CallDraft[] {
  const { order, account, sender } = fill;
  return order.parts.flatMap(({ book }, at) => {
    const [found, amount = 0n] = [findBook(scene.state, book), amounts[at]];
    if (found === undefined || amount <= 0n) return [];
    return covering(scene, sender, account, found, amount);
  });
}

/** A fill whose taker is covered by what comes behind it, or not. */
export function coveredLater(scene: Scene): Together | undefined {
  const { dice } = scene;
  const found = undrawnFill(scene);
  if (found === undefined) return undefined;
  const { fill, quotes } = found;
  const first = prepaid(scene, found);
  const short = quotes.map(({ takerShort }, at) => max(0n, takerShort - (first[at] ?? 0n)));
  const paid = short.map((amount) => coverFor(scene, amount));
  const covers = paid.every((amount, at) => amount >= (short[at] ?? 0n));
  const ceiling = dice.chance(0.2) ? ceilingFor(scene, found, first, short) : [];
  return {
    before: ceiling.slice(0, 1),
    calls: [
      ...makerFunding(scene, found),
      ...payIn(scene, fill, first),
      fill,
      ...payIn(scene, fill, paid),
    ],
    note: covers ? "covered later" : "left uncovered",
  };
}

/** The ceiling that just holds what a fill of one part brings and what is left uncovered by it. */
function ceilingFor(
  scene: Scene,
  { fill, quotes }: UndrawnFill,
  first: readonly bigint[],
  short: readonly bigint[],
): readonly (Draft | undefined)[] {
  const [part, quote] = [fill.order.parts[0], quotes[0]];
  const book = part && findBook(scene.state, part.book);
  if (book === undefined || quote === undefined || fill.order.parts.length > 1) return [];
  const [paid = 0n, owed = 0n] = [first[0], short[0]];
  const pool = book.pool + paid + max(0n, quote.makerShort) + owed - quote.fee;
  return [ceilingAt(book, scene.dice.near(pool))];
}

function opposite(order: Order): Order["parts"] {
  return order.parts.map(({ book, legs, premium }) => ({
    book,
    legs: legs.map((packed) => {
      const leg = unpackLeg(packed);
      return packLeg({ ...leg, quantity: -leg.quantity });
    }),
    premium: premium === -(1n << 63n) ? 0n : -premium,
    maxDraw: MAX_UINT112,
  }));
}

/** The order that gives a taker back what another one took, from another maker. */
function reverse(scene: Scene, { order, units, account }: FillDraft): SignedOrder {
  const others = ACCOUNTS.filter((other) => other !== account && other !== order.account);
  const maker: AccountId = scene.dice.pick(others);
  const back = orderOf(scene, account, signatoryOf(scene, maker), opposite(order), units);
  return { ...back, order: { ...back.order, minFill: 0n, taker: 0n } };
}

/** A fill, and the fill by which the taker is rid of all of it. */
export function undoneLater(scene: Scene): Together | undefined {
  const found = undrawnFill(scene);
  if (found === undefined) return undefined;
  const { fill, quotes } = found;
  const { sender, account, units } = fill;
  const known = reverse(scene, fill);
  const back = undrawn({ ...fill, ...known, kind: "fill", sender, account, units });
  const backQuotes = quoteFill(scene, back.order, units, account) ?? [];
  const fees = quotes.map(({ fee }, at) => fee + (prepaid(scene, found)[at] ?? 0n));
  return {
    calls: [
      ...makerFunding(scene, found),
      ...makerFunding(scene, { fill: back, quotes: backQuotes }),
      ...payIn(
        scene,
        fill,
        fees.map((fee) => (fee > 0n ? fee + 2n : 2n)),
      ),
      fill,
      back,
    ],
    note: "undone later",
  };
}

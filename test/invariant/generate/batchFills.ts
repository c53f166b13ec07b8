import { MAX_INT64, MAX_UINT112, findBook, max, packLeg, unpackLeg } from "@certus/model";
import type { AccountId, Order } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { ACCOUNTS } from "../world/actors.ts";
import { heldIn } from "./cash.ts";
import { coverFor, covering } from "./covering.ts";
import { assemble, fundingOf, remember, takerOf } from "./fill.ts";
import type { FillDraft } from "./fill.ts";
import { ceilingAt } from "./gates.ts";
import { assembleMany, likes } from "./many.ts";
import type { ManyDraft } from "./many.ts";
import type { ManyPart } from "./manyQuote.ts";
import { aliveOrder, newOrder, orderOf, signatoryOf, takingAccount } from "./orders.ts";
import { quoteFill } from "./quote.ts";
import type { PartQuote } from "./quote.ts";
import { isCallDraft, liveBooks } from "./scene.ts";
import type { CallDraft, Draft, Scene } from "./scene.ts";

/** What a batch will call, and what goes before it. */
export interface Together {
  readonly calls: readonly CallDraft[];
  readonly before?: readonly (Draft | undefined)[];
  readonly note?: string;
}

/** A fill, of one order or of several, from which nothing is drawn on the taker's side. */
interface Undrawn {
  readonly call: FillDraft | ManyDraft;
  readonly order: Order;
  /** What each part does to the taker. */
  readonly parts: readonly Omit<ManyPart, "token">[];
  /** What makers draw in the first part. */
  readonly drawn: bigint;
  /** What pays in what makers lack. */
  readonly funding: readonly CallDraft[];
}

const MAX_INT128 = (1n << 127n) - 1n;

function withoutDraw<C extends FillDraft | ManyDraft>(call: C): C {
  return { ...call, limits: call.limits.map(() => ({ maxPay: MAX_INT128, maxDraw: 0n })) };
}

function makerFunding(
  scene: Scene,
  quotes: readonly PartQuote[],
  account: AccountId,
): readonly CallDraft[] {
  return fundingOf(scene, quotes, account, "makerShort")
    .map((step) => step(scene))
    .filter(isCallDraft);
}

/** One order, drawn anew or known. */
function undrawnFill(scene: Scene): (Undrawn & { readonly call: FillDraft }) | undefined {
  const known = scene.dice.chance(0.3) ? aliveOrder(scene) : undefined;
  const taking = takingAccount(scene, known?.order);
  const chosen =
    known ??
    (scene.dice.chance(0.15) ? hugeOrder(scene, taking) : undefined) ??
    newOrder(scene, taking);
  if (chosen === undefined) return undefined;
  if (known === undefined) remember(scene, chosen);
  const fill = assemble(scene, chosen, takerOf(scene, chosen.order, taking));
  const { order } = fill;
  const quotes = quoteFill(scene, order, fill.units, fill.account);
  return (
    quotes && {
      call: withoutDraw(fill),
      order,
      parts: quotes,
      drawn: max(0n, quotes[0]?.makerShort ?? 0n),
      funding: makerFunding(scene, quotes, order.account),
    }
  );
}

/** An order that leaves its taker with a requirement of any size, beyond the word of collateral too. */
function hugeOrder(scene: Scene, taking: AccountId): SignedOrder | undefined {
  const { dice } = scene;
  // Of as many lots no fee would fit its own word.
  const book = dice.maybe(liveBooks(scene).filter(({ market }) => market.terms.feePerLot === 0n));
  if (book === undefined) return undefined;
  const { strikeTick: strike } = book.market.terms;
  const quantity = MAX_INT64 >> BigInt(dice.below(12));
  const isCall = book.market.scale.inverse;
  const legs = [packLeg({ strike: strike * (MAX_INT64 / strike), isCall, quantity })];
  const parts = [{ book: book.book, legs, premium: 0n, maxDraw: MAX_UINT112 }];
  const maker = dice.pick(ACCOUNTS.filter((account) => account !== taking));
  return orderOf(scene, taking, signatoryOf(scene, maker), parts, 1n);
}

/** Several orders of one shape. */
function undrawnMany(scene: Scene): Undrawn | undefined {
  const taking = takingAccount(scene);
  const first = newOrder(scene, taking);
  if (first === undefined || first.order.account === taking) return undefined;
  const good = [first, ...likes(scene, taking, first, 1 + scene.dice.below(2))];
  const { draft, quote } = assembleMany(scene, taking, good);
  if (quote === undefined) return undefined;
  const drawn = quote.makers.map(({ parts }) => max(0n, parts[0]?.makerShort ?? 0n));
  return {
    call: withoutDraw(draft),
    order: first.order,
    parts: quote.parts,
    drawn: drawn.reduce((sum, draw) => sum + draw, 0n),
    funding: quote.makers.flatMap(({ parts, account }) => makerFunding(scene, parts, account)),
  };
}

/** What the taker must have in each book so that it can pay: a batch waits for cover, never for the payment. */
function prepaid(scene: Scene, { call, order, parts }: Undrawn): readonly bigint[] {
  return order.parts.map(({ book }, at) => {
    const found = findBook(scene.state, book);
    if (found === undefined) return 0n;
    return max(0n, (parts[at]?.pay ?? 0n) - heldIn(scene, call.account, found).collateral);
  });
}

/** Pays amounts into the books of the parts. */
function payIn(
  scene: Scene,
  { call, order }: Undrawn,
  amounts: readonly bigint[],
): readonly CallDraft[] {
  const { account, sender } = call;
  return order.parts.flatMap(({ book }, at) => {
    const [found, amount = 0n] = [findBook(scene.state, book), amounts[at]];
    if (found === undefined || amount <= 0n) return [];
    return covering(scene, sender, account, found, amount);
  });
}

/** A fill whose taker is covered by what comes behind it, or not. */
export function coveredLater(scene: Scene): Together | undefined {
  const { dice } = scene;
  const undrawn = dice.chance(0.7) ? undrawnFill(scene) : undrawnMany(scene);
  if (undrawn === undefined) return undefined;
  const first = prepaid(scene, undrawn);
  const short = undrawn.parts.map(({ takerShort }, at) => max(0n, takerShort - (first[at] ?? 0n)));
  const paid = short.map((amount) => coverFor(scene, amount));
  const covers = paid.every((amount, at) => amount >= (short[at] ?? 0n));
  const ceiling = dice.chance(0.4) ? ceilingFor(scene, undrawn, first, short) : undefined;
  const owes = short.some((amount) => amount > 0n);
  return {
    before: [ceiling],
    calls: [
      ...undrawn.funding,
      ...payIn(scene, undrawn, first),
      undrawn.call,
      ...payIn(scene, undrawn, paid),
    ],
    note: !covers
      ? "left uncovered"
      : ceiling !== undefined && owes
        ? "up to a ceiling"
        : "covered later",
  };
}

/** The ceiling that just holds what a fill of one part brings and what is left uncovered by it. */
function ceilingFor(
  scene: Scene,
  { order, parts, drawn }: Undrawn,
  first: readonly bigint[],
  short: readonly bigint[],
): Draft | undefined {
  const [part, quote] = [order.parts[0], parts[0]];
  const book = part && findBook(scene.state, part.book);
  if (book === undefined || quote === undefined || order.parts.length > 1) return undefined;
  const [paid = 0n, owed = 0n] = [first[0], short[0]];
  const pool = book.pool + paid + drawn + owed - quote.fee;
  return ceilingAt(book, scene.dice.chance(0.75) ? scene.dice.near(pool) : pool - owed / 2n);
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
  const undrawn = undrawnFill(scene);
  if (undrawn === undefined) return undefined;
  const { call: fill, parts, funding } = undrawn;
  const back = withoutDraw({ ...fill, ...reverse(scene, fill) });
  const quotes = quoteFill(scene, back.order, back.units, back.account) ?? [];
  const first = prepaid(scene, undrawn);
  // What rounding and fees take on the way must be there before.
  const lost = parts.map(({ fee }, at) => 2n * fee + 2n + (first[at] ?? 0n));
  return {
    calls: [
      ...funding,
      ...makerFunding(scene, quotes, back.order.account),
      ...payIn(scene, undrawn, lost),
      fill,
      back,
    ],
    note: "undone later",
  };
}

import {
  LEVEL_NORMAL,
  LEVEL_RESTRICTED,
  MAX_UINT112,
  max,
  min,
  ownerOf,
  packLeg,
} from "@certus/model";
import type { AccountId, Book } from "@certus/model";

import type { SignedOrder } from "../run/command.ts";
import { ACCOUNTS, ACTORS } from "../world/actors.ts";
import { bookAt, heldIn } from "./cash.ts";
import { closing, someHolder } from "./legs.ts";
import { assembleMany, fundingOfMany, likes } from "./many.ts";
import { quoteMany } from "./manyQuote.ts";
import { newOrder, orderOf, premiumFor, signatoryOf, takingAccount } from "./orders.ts";
import { liveBooks } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

/** The guard sets a ceiling, at the normal level. */
export function ceilingAt({ market }: Book, ceiling: bigint): Draft | undefined {
  if (ceiling < 0n || ceiling > market.terms.ceiling) return undefined;
  const sender = ACTORS.guard.address;
  return {
    kind: "setGuard",
    sender,
    market: market.market,
    level: LEVEL_NORMAL,
    until: 0n,
    ceiling,
  };
}

/** Does the first step now and puts the others in front of all that is planned. */
export function inTurn({ plan }: Scene, steps: readonly (Draft | undefined)[]): Draft | undefined {
  const [first, ...rest] = steps.filter((step) => step !== undefined);
  plan.unshift(...rest.map((step) => () => step));
  return first;
}

/** A closing order for an account that takes it: what comes behind it raises open interest again. */
function closingOrder(
  scene: Scene,
  book: Book,
): { readonly taking: AccountId; readonly first: SignedOrder } | undefined {
  const taking = someHolder(scene, book);
  const account = scene.dice.pick(ACCOUNTS.filter((other) => other !== taking));
  const legs = taking === undefined ? undefined : closing(scene, book, taking, account)?.legs;
  if (taking === undefined || legs === undefined) return undefined;
  const part = { book: book.book, legs: legs.map(packLeg), premium: premiumFor(scene) };
  const parts = [{ ...part, maxDraw: MAX_UINT112 }];
  return { taking, first: orderOf(scene, taking, signatoryOf(scene, account), parts, 1n) };
}

/** Orders of which the first one closes and the next would open, at the level Restricted. */
export function behindRestriction(scene: Scene): Draft | undefined {
  const book = scene.dice.maybe(liveBooks(scene));
  const found = book && closingOrder(scene, book);
  if (book === undefined || found === undefined) return undefined;
  const { taking, first } = found;
  const good = [first, ...likes(scene, taking, first, 1 + scene.dice.below(2))];
  const { draft, quote } = assembleMany(scene, taking, good);
  if (quote === undefined) return undefined;
  const restricted: Draft = {
    kind: "setGuard",
    sender: ACTORS.guard.address,
    market: book.market.market,
    level: LEVEL_RESTRICTED,
    until: scene.now + 200n,
    ceiling: book.market.guard.ceiling,
  };
  const limits = draft.limits.map(() => ({ maxPay: (1n << 127n) - 1n, maxDraw: MAX_UINT112 }));
  return inTurn(scene, [
    ...fundingOfMany(scene, taking, quote).map((step) => step(scene)),
    restricted,
    { ...draft, limits, minUnits: 1n, maxUnits: 1n << 40n },
  ]);
}

/** A call whose ceiling holds the first orders, to the unit, and whatever comes behind them only if it brings nothing. */
function underCeiling(
  scene: Scene,
  book: Book,
  taking: AccountId,
  good: readonly SignedOrder[],
  some: number,
): Draft | undefined {
  const { dice } = scene;
  const orders = good.map(({ order }) => order);
  const most = 1n << 62n;
  const quote = quoteMany(scene, taking, orders.slice(0, some), most);
  const whole = quoteMany(scene, taking, orders, most);
  const part = quote?.parts[0];
  if (quote === undefined || whole === undefined || part === undefined) return undefined;
  const draws = quote.makers.map(({ parts }) => max(0n, parts[0]?.makerShort ?? 0n));
  const owed = max(0n, part.takerShort);
  const drawn = draws.reduce((sum, draw) => sum + draw, 0n);
  // What the taker lacks counts as far as its limit goes; what it has paid in counts all the same.
  const lacks = dice.chance(0.5);
  const maxDraw = lacks && dice.chance(0.3) ? owed / 2n : MAX_UINT112;
  const counted = lacks ? min(owed, maxDraw) : owed;
  const ceiling = ceilingAt(book, dice.near(book.pool + counted + drawn - part.fee));
  if (ceiling === undefined) return undefined;
  const sender = ownerOf(taking);
  const paid: Draft = {
    kind: "depositToBook",
    sender,
    account: taking,
    book: book.book,
    amount: owed,
  };
  const limits = [{ maxPay: (1n << 127n) - 1n, maxDraw }];
  return inTurn(scene, [
    ...fundingOfMany(scene, taking, lacks ? whole : { ...whole, parts: [] }).map((step) =>
      step(scene),
    ),
    owed > 0n && !lacks ? paid : undefined,
    ceiling,
    {
      kind: "fillMany",
      sender,
      account: taking,
      fills: good,
      minUnits: 1n,
      maxUnits: most,
      limits,
    },
    ceilingAt(book, book.market.terms.ceiling),
  ]);
}

/** Orders of which the first ones fit under the ceiling and the next one does not. */
export function belowCeiling(scene: Scene): Draft | undefined {
  const taking = takingAccount(scene);
  const first = newOrder(scene, taking);
  const book = first && bookAt(scene, first.order.parts[0]?.book ?? 0n);
  if (first === undefined || book === undefined || first.order.parts.length > 1) return undefined;
  if (first.order.account === taking) return undefined;
  const good = [first, ...likes(scene, taking, first, 2)];
  return underCeiling(scene, book, taking, good, 1 + scene.dice.below(2));
}

/** An order that raises open interest up to the ceiling, and one that raises none but makes its maker draw. */
export function drawBehindCeiling(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const book = dice.maybe(liveBooks(scene));
  if (book === undefined) return undefined;
  const longs = ACCOUNTS.flatMap((account) =>
    heldIn(scene, account, book)
      .legs.filter((leg) => leg.quantity > 0n && leg.isCall === book.market.scale.inverse)
      .map((leg) => ({ account, leg })),
  );
  const long = dice.maybe(longs);
  if (long === undefined) return undefined;
  const others = ACCOUNTS.filter((account) => account !== long.account);
  const taking = dice.pick(others);
  const opening = dice.pick(others.filter((account) => account !== taking));
  const legs = [packLeg({ ...long.leg, quantity: -1n })];
  const order = (account: AccountId, premium: bigint): SignedOrder => {
    const part = { book: book.book, legs, premium, maxDraw: MAX_UINT112 };
    return orderOf(scene, taking, signatoryOf(scene, account), [part], 1n);
  };
  const good = [order(opening, premiumFor(scene)), order(long.account, -dice.magnitude(44))];
  return underCeiling(scene, book, taking, good, 1);
}

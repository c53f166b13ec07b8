import {
  END_DELAY,
  LEVEL_NORMAL,
  MAX_INT64,
  MAX_UINT112,
  isRestricted,
  levelAt,
  ownerOf,
  packLeg,
} from "@certus/model";
import type { AccountId, Book } from "@certus/model";

import { ACCOUNTS } from "../world/actors.ts";
import { heldIn } from "./cash.ts";
import { freeStrikes } from "./crowded.ts";
import { draftRound, proofFor } from "./feed.ts";
import { fundingOf } from "./fill.ts";
import { inTurn } from "./gates.ts";
import { orderOf, signatoryOf } from "./orders.ts";
import { quoteFill } from "./quote.ts";
import { liveBooks } from "./scene.ts";
import type { Draft, Planned, Scene } from "./scene.ts";

const MOST_FEES = (1n << 80n) - 1n;

/** Lots of one series that an account buys of two makers in turn, and wraps. */
interface Pile {
  readonly book: Book;
  readonly taking: AccountId;
  readonly makers: readonly [AccountId, AccountId];
  readonly strike: bigint;
  /** Of each maker. */
  readonly lots: bigint;
}

/** A series that none of three accounts holds, at the lowest strike: no other asks for less of who sells so many. */
function drawPile(scene: Scene): Pile | undefined {
  const { dice, now } = scene;
  const open = liveBooks(scene).filter(
    (book) => levelAt(book.market.guard, now) === LEVEL_NORMAL && !isRestricted(book, now),
  );
  const book = dice.maybe(open);
  const [taking, ...makers] = dice.some(ACCOUNTS, 0.6);
  const [first, second] = makers;
  if (book === undefined || taking === undefined) return undefined;
  if (first === undefined || second === undefined) return undefined;
  const held = [taking, first, second].flatMap((account) => heldIn(scene, account, book).legs);
  const [strike] = freeStrikes(book, held, 1);
  const lots = dice.pick([MAX_INT64, (1n << 62n) + dice.magnitude(60), 1n << 62n]);
  const fees = book.fees + 2n * lots * book.market.terms.feePerLot;
  if (strike === undefined || strike > MAX_INT64 || fees > MOST_FEES) return undefined;
  return { book, taking, makers: [first, second], strike, lots };
}

/** One lot, or more, of the series of a pile. */
function legOf({ book, strike }: Pile, quantity: bigint): bigint {
  return packLeg({ strike, isCall: book.market.scale.inverse, quantity });
}

/** What one maker sells, and the packages that its buyer makes of it. */
function bought(scene: Scene, pile: Pile, maker: AccountId): readonly (Draft | undefined)[] {
  const { taking, lots } = pile;
  const { book, expiry } = pile.book;
  const part = { book, legs: [legOf(pile, -lots)], premium: 0n, maxDraw: MAX_UINT112 };
  const drawn = orderOf(scene, taking, signatoryOf(scene, maker), [part], 1n);
  // What else can be wrong with an order, other fills try.
  const order = { ...drawn.order, minFill: 0n, deadline: expiry, parts: [part] };
  const quotes = quoteFill(scene, order, 1n, taking) ?? [];
  const sender = ownerOf(taking);
  const limits = [{ maxPay: (1n << 127n) - 1n, maxDraw: MAX_UINT112 }];
  return [
    ...fundingOf(scene, quotes, maker, "makerShort").map((step) => step(scene)),
    ...fundingOf(scene, quotes, taking, "takerShort").map((step) => step(scene)),
    { ...drawn, kind: "fill", sender, account: taking, order, units: 1n, limits },
    { kind: "wrap", sender, account: taking, book, legs: [legOf(pile, 1n)], amount: lots },
  ];
}

/** The price of the book, and all packages redeemed at once. */
function redeemed(pile: Pile): readonly Planned[] {
  const { book, expiry, market } = pile.book;
  const sender = ownerOf(pile.taking);
  const before = expiry - 1n;
  return [
    (scene) => ({ ...draftRound({ ...scene, now: before }, market.terms.feed, true), at: before }),
    (scene) => {
      const proof = proofFor(scene, pile.book);
      return { kind: "fixPrice", sender, book, proof, at: expiry + END_DELAY };
    },
    () => {
      const amount = 2n * pile.lots;
      return { kind: "redeem", sender, book, legs: [legOf(pile, 1n)], amount, to: sender };
    },
  ];
}

/** wrap: of one series what two makers sell, together more than a quantity holds; redeemed in one call if the dice say so. */
export function piledUp(scene: Scene): Draft | undefined {
  const pile = drawPile(scene);
  if (pile === undefined) return undefined;
  if (scene.dice.chance(0.5)) scene.plan.unshift(...redeemed(pile));
  return inTurn(
    scene,
    pile.makers.flatMap((maker) => bought(scene, pile, maker)),
  );
}

import { MAX_LEGS, MAX_UINT112, packLeg } from "@certus/model";
import type { AccountId, Book, Leg } from "@certus/model";

import { ACCOUNTS } from "../world/actors.ts";
import { heldIn } from "./cash.ts";
import { inTurn } from "./gates.ts";
import { tidy } from "./legs.ts";
import { assembleMany, fundingOfMany } from "./many.ts";
import { orderOf, premiumFor, signatoryOf } from "./orders.ts";
import { liveBooks } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

interface Place {
  readonly book: Book;
  readonly taking: AccountId;
  /** A leg of the taker's that two orders of half of it close. */
  readonly even: Leg;
}

function placesOf(scene: Scene): readonly Place[] {
  return liveBooks(scene).flatMap((book) =>
    ACCOUNTS.flatMap((taking) =>
      heldIn(scene, taking, book)
        .legs.filter(({ quantity, isCall }) => {
          return quantity % 2n === 0n && isCall === book.market.scale.inverse;
        })
        .map((even) => ({ book, taking, even })),
    ),
  );
}

/** Strikes on the tick that an account has no leg at, the lowest first. */
export function freeStrikes(
  { market }: Book,
  held: readonly Leg[],
  count: number,
): readonly bigint[] {
  const used = new Set(held.map(({ strike }) => strike));
  const { strikeTick } = market.terms;
  const multiples = Array.from({ length: count + held.length }, (_, at) => BigInt(at + 1));
  return multiples
    .map((multiple) => strikeTick * multiple)
    .filter((strike) => !used.has(strike))
    .slice(0, count);
}

/**
 * fillMany: two orders that close one leg of the taker's between them and open as many new ones that the taker holds 33 legs
 * after the first; after the second 32, or 33 still.
 */
export function crowdedBetween(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const place = dice.maybe(placesOf(scene));
  if (place === undefined) return undefined;
  const { book, taking, even } = place;
  const { legs: held } = heldIn(scene, taking, book);
  const count = Number(MAX_LEGS) + 1 - held.length + dice.below(2);
  const opened = freeStrikes(book, held, count).map((strike): Leg => ({
    strike,
    isCall: even.isCall,
    quantity: dice.pick([-1n, 1n]),
  }));
  const legs = tidy([...opened, { ...even, quantity: even.quantity / 2n }], 1n);
  if (legs.length < 2 || legs.length > Number(MAX_LEGS)) return undefined;
  const makers = ACCOUNTS.filter(
    (account) => account !== taking && heldIn(scene, account, book).legs.length === 0,
  );
  const maker = dice.maybe(makers);
  if (maker === undefined) return undefined;
  const orders = [0, 1].map(() => {
    const part = { book: book.book, legs: legs.map(packLeg), premium: premiumFor(scene) };
    const parts = [{ ...part, maxDraw: MAX_UINT112 }];
    return orderOf(scene, taking, signatoryOf(scene, maker), parts, 1n);
  });
  const { draft, quote } = assembleMany(scene, taking, orders);
  if (quote === undefined) return undefined;
  const limits = [{ maxPay: (1n << 127n) - 1n, maxDraw: MAX_UINT112 }];
  return inTurn(scene, [
    ...fundingOfMany(scene, taking, quote).map((step) => step(scene)),
    { ...draft, limits, minUnits: 2n, maxUnits: 2n },
  ]);
}

import { DEAD_FEED_DELAY, MARK_DELAY, MAX_UINT112, SCOPE_MANAGE } from "@certus/model";
import type { AccountId, Book } from "@certus/model";

import { ACCOUNTS } from "../world/actors.ts";
import { AT, feedAt } from "../world/places.ts";
import { anyBook, bookAt, heldIn, holdersOf } from "./cash.ts";
import { isReady, proofFor } from "./feed.ts";
import { anyAccount, anybody, callerFor, expiredBooks, openBooks } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

/** Expired books without a price. */
export function unfixedBooks(scene: Scene): readonly Book[] {
  return expiredBooks(scene).filter(({ price }) => price === 0n);
}

/** Books with a price and accounts that are not settled. */
export function unsettledBooks(scene: Scene): readonly Book[] {
  return expiredBooks(scene).filter(
    (book) =>
      book.price !== 0n &&
      holdersOf(scene, book).some((account) => !heldIn(scene, account, book).settled),
  );
}

/** Accounts with a settled position. */
export function claimants(scene: Scene): readonly (readonly [account: AccountId, book: Book])[] {
  return openBooks(scene).flatMap((book) =>
    holdersOf(scene, book)
      .filter((account) => heldIn(scene, account, book).settled)
      .map((account) => [account, book] as const),
  );
}

/** Ends a fixing by its mark: when its feed is dead, or when it is overdue. */
function byMark(scene: Scene, book: Book | undefined): Draft | undefined {
  const { dice, now } = scene;
  if (book === undefined || book.market.terms.oracle !== AT.oracle) return undefined;
  const sender = anybody(scene);
  const fix = { kind: "fixPrice", sender, book: book.book, proof: "0x" } as const;
  const dead = dice.chance(0.6);
  const at = dice.near(book.expiry + (dead ? DEAD_FEED_DELAY : MARK_DELAY));
  if (at <= now) return fix;
  if (!dead) return { ...fix, at };
  scene.plan.push(() => ({ ...fix, at }));
  const { feed: proxy } = book.market.terms;
  return { kind: "phase", proxy, decimals: feedAt(proxy).decimals, dead: true };
}

/** fixPrice: of a book that waits for it mostly. */
export function draftFixPrice(scene: Scene): Draft {
  const { dice } = scene;
  const waiting = unfixedBooks(scene);
  const late = dice.chance(0.05) ? byMark(scene, dice.maybe(waiting)) : undefined;
  if (late !== undefined) return late;
  const ready = waiting.filter((book) => isReady(scene, book));
  const first = ready.length > 0 && dice.chance(0.8) ? ready : waiting;
  const id = anyBook(scene, dice.chance(0.9) && first.length > 0 ? first : openBooks(scene));
  const book = bookAt(scene, id);
  const proof = book === undefined ? "0x" : proofFor(scene, book);
  return { kind: "fixPrice", sender: anybody(scene), book: id, proof };
}

/** settle: some of the accounts, all of them, some twice, some that hold nothing. */
export function draftSettle(scene: Scene): Draft {
  const { dice } = scene;
  const waiting = unsettledBooks(scene);
  const id = anyBook(scene, dice.chance(0.9) && waiting.length > 0 ? waiting : openBooks(scene));
  const book = bookAt(scene, id);
  const holders = book === undefined ? [] : holdersOf(scene, book);
  const some = dice.some(holders, 0.6);
  const accounts = dice.weighted<readonly AccountId[]>([
    [4, holders],
    [5, some],
    [1, [...some, ...some]],
    [1, [anyAccount(scene), ...some.toReversed(), dice.bits(256)]],
    [0.3, []],
  ]);
  return { kind: "settle", sender: anybody(scene), book: id, accounts };
}

/** claim: what is settled mostly, of several books, some twice, some not settled yet. */
export function draftClaim(scene: Scene): Draft {
  const { dice } = scene;
  const all = claimants(scene);
  const account = (dice.chance(0.95) ? dice.maybe(all)?.[0] : undefined) ?? anyAccount(scene);
  const own = all.filter(([claimant]) => claimant === account).map(([, { book }]) => book);
  const books = dice.weighted<readonly bigint[]>([
    [6, dice.some(own, 0.7)],
    [2, own],
    [1, [...own, ...own]],
    [1, [...own, anyBook(scene)]],
  ]);
  const sender = callerFor(scene, account, SCOPE_MANAGE);
  return { kind: "claim", sender, account, books, toWallet: dice.chance(0.4) };
}

/** pushFees: of a book that has some mostly. */
export function draftPushFees(scene: Scene): Draft {
  const { dice } = scene;
  const paying = openBooks(scene).filter(({ fees }) => fees > 0n);
  const book = anyBook(scene, dice.chance(0.85) && paying.length > 0 ? paying : openBooks(scene));
  return { kind: "pushFees", sender: anybody(scene), book };
}

/** Breaks the coverage of a position in a fixed book, or the pool that pays it, beyond what any transition can. */
export function draftForce(scene: Scene): Draft | undefined {
  const { dice } = scene;
  const book = dice.maybe(unsettledBooks(scene));
  if (book === undefined) return undefined;
  const open = ACCOUNTS.filter((held) => heldIn(scene, held, book).legs.length > 0);
  const account = dice.maybe(open);
  if (account === undefined) return undefined;
  const { collateral } = heldIn(scene, account, book);
  const free = holdersOf(scene, book).some((id) => {
    const { settled, legs } = heldIn(scene, id, book);
    return !settled && legs.length === 0;
  });
  scene.plan.push(({ dice: later }) => ({
    kind: "settle",
    sender: anybody(scene),
    book: book.book,
    accounts: later.chance(0.7) ? [account] : holdersOf(scene, book),
  }));
  return {
    kind: "force",
    account,
    book: book.book,
    collateral: dice.pick([0n, collateral / 2n, MAX_UINT112, MAX_UINT112 - 1n]),
    // An account without legs could still free collateral, which the pool must then hold.
    pool: free ? book.pool : dice.pick([book.pool, book.pool / 2n, 0n, MAX_UINT112]),
  };
}

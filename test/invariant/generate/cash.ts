import {
  MAX_UINT112,
  MAX_UINT256,
  SCOPE_MANAGE,
  allowanceOf,
  balanceOf,
  cashOf,
  findAccount,
  min,
  ownerOf,
  positionOf,
  requirement,
} from "@certus/model";
import type { AccountId, Address, Book, Position } from "@certus/model";

import { ACCOUNTS, ACTORS, PAYERS } from "../world/actors.ts";
import { AT, FOREIGN, TOKENS } from "../world/places.ts";
import { anyAccount, callerFor, expiredBooks, liveBooks, openBooks, ownerCaller } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

/** A book that is open mostly. */
export function anyBook(scene: Scene, books: readonly Book[] = openBooks(scene)): bigint {
  const { dice } = scene;
  if (dice.chance(0.03)) return dice.pick([0n, dice.bits(150) << 64n, 1n << 255n]);
  const preferred = dice.chance(0.92) ? dice.maybe(books) : dice.maybe(openBooks(scene));
  return preferred?.book ?? 1n << 64n;
}

/** The book of an id, if it is open. */
export function bookAt({ state }: Scene, id: bigint): Book | undefined {
  return state.books.get(id.toString(16));
}

/** Free cash of an account. */
export function cashIn({ state }: Scene, account: AccountId, token: Address): bigint {
  return cashOf(findAccount(state, account), token);
}

/** Position of an account. */
export function heldIn({ state }: Scene, account: AccountId, book: Book): Position {
  return positionOf(findAccount(state, account), book);
}

function natural(value: bigint): bigint {
  return value < 0n ? 0n : value;
}

/** An amount to pay in: any magnitude, nothing, or around what the payer has and allows. */
function payment(scene: Scene, payer: Address, token: Address): bigint {
  const { dice, twin } = scene;
  const known = twin.ledger.world.tokens.get(token);
  if (known === undefined) return 1n;
  const bounds = [balanceOf(known, payer), allowanceOf(known, payer, AT.ledger)];
  const amount = dice.weighted([
    [10, dice.magnitude(90)],
    [2, dice.magnitude(112)],
    [0.6, 0n],
    [1.5, dice.near(dice.pick(bounds))],
  ]);
  return min(natural(amount), MAX_UINT256);
}

/** deposit: mostly a good token into an account that trades. */
export function draftDeposit(scene: Scene): Draft {
  const { dice } = scene;
  const sender = dice.chance(0.75) ? dice.pick(PAYERS.slice(0, 5)) : dice.pick(PAYERS);
  const token = dice.weighted([
    [12, AT.quote],
    [12, AT.base],
    [0.7, FOREIGN.lossy],
    [0.7, FOREIGN.calling],
    [0.5, FOREIGN.nobody],
  ]);
  const account = dice.weighted([
    [20, anyAccount(scene)],
    [0.5, dice.bits(96)],
    [0.5, (ACTORS.sam.address << 96n) | 5n],
  ]);
  return { kind: "deposit", sender, account, token, amount: payment(scene, sender, token) };
}

/** depositToBook: also such that the pool would just fit its word, or just not. */
export function draftDepositToBook(scene: Scene): Draft {
  const { dice, knobs } = scene;
  const id = anyBook(scene, liveBooks(scene));
  const book = bookAt(scene, id);
  const token = book?.market.terms.token ?? AT.quote;
  const sender = dice.chance(0.8) ? dice.pick(PAYERS.slice(0, 5)) : dice.pick(PAYERS);
  const account = dice.chance(0.04) ? dice.bits(96) : anyAccount(scene);
  let amount = payment(scene, sender, token);
  if (book !== undefined && dice.chance(0.08)) {
    const room = MAX_UINT112 - book.pool;
    amount = knobs.flavour === "bounds" && dice.chance(0.3) ? natural(dice.near(room)) : room + 1n;
  }
  return { kind: "depositToBook", sender, account, book: id, amount };
}

/** An amount of something of which there is so much. */
function share(scene: Scene, available: bigint): bigint {
  const { dice } = scene;
  return natural(
    dice.weighted([
      [6, available >> BigInt(1 + dice.below(12))],
      [1.5, dice.near(available)],
      [0.5, available],
      [2, dice.magnitude(40)],
      [0.3, 0n],
      [0.2, (1n << 256n) - 1n],
    ]),
  );
}

/** withdraw: a share of the cash, all of it, or a little more. */
export function draftWithdraw(scene: Scene): Draft {
  const { dice } = scene;
  const token = dice.pick(TOKENS);
  const rich = ACCOUNTS.filter((account) => cashIn(scene, account, token) > 0n);
  const account = (dice.chance(0.9) ? dice.maybe(rich) : undefined) ?? anyAccount(scene);
  const to = dice.weighted([
    [10, ownerOf(account)],
    [3, ACTORS.bob.address],
    [0.4, 0n],
    [0.4, AT.ledger],
  ]);
  const amount = share(scene, cashIn(scene, account, token));
  return { kind: "withdraw", sender: ownerCaller(scene, account), account, token, amount, to };
}

/** allocate: a share of the cash, all of it, or a little more. */
export function draftAllocate(scene: Scene): Draft {
  const { dice } = scene;
  const books = dice.chance(0.95) ? liveBooks(scene) : expiredBooks(scene);
  const id = anyBook(scene, books);
  const token = bookAt(scene, id)?.market.terms.token ?? AT.quote;
  const rich = ACCOUNTS.filter((account) => cashIn(scene, account, token) > 0n);
  const account = (dice.chance(0.9) ? dice.maybe(rich) : undefined) ?? anyAccount(scene);
  const amount = share(scene, cashIn(scene, account, token));
  return {
    kind: "allocate",
    sender: callerFor(scene, account, SCOPE_MANAGE),
    account,
    book: id,
    amount,
  };
}

/** Accounts that have something in a book. */
export function holdersOf(scene: Scene, book: Book): readonly AccountId[] {
  return [...scene.state.accounts.values()]
    .filter(({ positions }) => positions.has(book.key))
    .map(({ account }) => account);
}

/** Collateral that no leg needs. */
function slackOf(scene: Scene, account: AccountId, book: Book): bigint {
  const { collateral, legs } = heldIn(scene, account, book);
  return collateral - requirement(book.market.scale, legs);
}

/** free: what no leg needs, to the last unit and one beyond. */
export function draftFree(scene: Scene): Draft {
  const { dice } = scene;
  const id = anyBook(scene, dice.chance(0.8) ? liveBooks(scene) : expiredBooks(scene));
  const book = bookAt(scene, id);
  const holders = book === undefined ? [] : holdersOf(scene, book);
  const slack = holders.filter((held) => book !== undefined && slackOf(scene, held, book) > 1n);
  const some = dice.chance(0.85) ? dice.maybe(slack) : undefined;
  const account = some ?? dice.maybe(holders) ?? anyAccount(scene);
  const position = book === undefined ? undefined : heldIn(scene, account, book);
  let amount = dice.magnitude(60);
  if (book !== undefined && position !== undefined) {
    const { collateral, legs } = position;
    const needed = requirement(book.market.scale, legs);
    amount = natural(
      dice.weighted([
        [4, dice.near(collateral - needed)],
        [4, (collateral - needed) >> BigInt(1 + dice.below(8))],
        [1, dice.near(collateral)],
        [1, share(scene, collateral)],
        [0.3, 0n],
      ]),
    );
  }
  return {
    kind: "free",
    sender: callerFor(scene, account, SCOPE_MANAGE),
    account,
    book: id,
    amount,
  };
}

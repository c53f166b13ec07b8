import {
  LEVEL_HALTED,
  MAX_INT64,
  MAX_UINT112,
  findAccount,
  findBook,
  isRestricted,
  levelAt,
  max,
  ownerOf,
  packLeg,
} from "@certus/model";
import type { AccountId, Address, Book, Order, Part } from "@certus/model";

import type { Ecdsa, SignedOrder, Signing } from "../run/command.ts";
import { ACCOUNTS, ACTOR_AT, RELAY, WALLET } from "../world/actors.ts";
import { closing, someHolder, strategyFor, toTheBound } from "./legs.ts";
import { quoteFill } from "./quote.ts";
import { TRADE, anyAccount, liveBooks, operatorsOf } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** A good ECDSA signature by somebody. */
export function ecdsa(by: Address): Ecdsa {
  return { kind: "ecdsa", by, over: "ours", form: "plain" };
}

/** How a signer signs well. */
export function goodSigning(scene: Scene, signer: Address): Signing {
  if (ACTOR_AT.has(signer)) return ecdsa(signer);
  const bytes = scene.dice.bits(64).toString(16).padStart(16, "0");
  return { kind: "wallet", bytes: signer === WALLET ? bytes : "" };
}

/** Who signs for an account: its owner, or an operator who may trade. */
function signerFor(scene: Scene, account: AccountId): Address {
  const { dice } = scene;
  const operators = operatorsOf(scene, account, TRADE).filter((operator) => operator !== RELAY);
  return (dice.chance(0.3) ? dice.maybe(operators) : undefined) ?? ownerOf(account);
}

/** Books of a new order, ascending: one mostly, and all of a live market's or of several for packages. */
function booksFor(scene: Scene): readonly Book[] {
  const { dice } = scene;
  const all = liveBooks(scene);
  const open = all.filter((book) => isTradable(scene, book));
  const live = open.length > 0 && dice.chance(0.88) ? open : all;
  const count = dice.weighted([
    [6, 1],
    [3, 2],
    [1.5, 3],
    [1, 4],
  ]);
  const chosen = new Set<Book>();
  for (let tries = 0; tries < count * 2 && chosen.size < count && live.length > 0; tries++) {
    chosen.add(dice.pick(live));
  }
  return [...chosen].sort((a, b) => (a.book < b.book ? -1 : 1));
}

/** Whether open interest may rise in a book now. */
function isTradable({ now }: Scene, book: Book): boolean {
  return levelAt(book.market.guard, now) !== LEVEL_HALTED && !isRestricted(book, now);
}

/** A premium per unit of any size and either sign. */
export function premiumFor({ dice, knobs }: Scene): bigint {
  const sign = dice.chance(0.5) ? 1n : -1n;
  const large = knobs.flavour === "bounds" ? 0.6 : 0.1;
  return dice.weighted([
    [6, sign * dice.magnitude(34)],
    [2, sign * dice.magnitude(12)],
    [1, 0n],
    [large, sign * dice.magnitude(62)],
    [large / 3, sign > 0n ? MAX_INT64 : -MAX_INT64 - 1n],
  ]);
}

/** A size in units. */
export function unitsFor({ dice, knobs }: Scene): bigint {
  const large = knobs.flavour === "bounds" ? 1.5 : 0.3;
  return dice.weighted([
    [6, dice.between(1n, 6n)],
    [3, dice.between(2n, 400n)],
    [large, dice.magnitude(62)],
    [large / 5, (1n << 64n) - 1n],
  ]);
}

/** Draw per unit that a part needs: exactly, one less, one more, or as much as there can be. */
function drawFor({ dice }: Scene, short: bigint, units: bigint): bigint {
  const exact = (max(0n, short) + units - 1n) / units;
  const drawn = dice.weighted([
    [5, exact],
    [0.4, exact - 1n],
    [1, exact + 1n],
    [8, MAX_UINT112],
    [2, exact * 2n + 7n],
  ]);
  if (drawn < 0n) return 0n;
  return drawn > MAX_UINT112 ? MAX_UINT112 : drawn;
}

function deadlineFor({ dice, now }: Scene): bigint {
  return dice.weighted([
    [6, now + 1_000_000n],
    [3, now + dice.between(0n, 400n)],
    [1, now],
    [1, (1n << 40n) - 1n],
  ]);
}

/** When an order is signed: lately, or around the grant of the operator who signs. */
function signedAtFor({ dice, now, state }: Scene, account: AccountId, signer: Address): bigint {
  const grant = findAccount(state, account)?.operators.get(signer);
  if (grant === undefined)
    return dice.weighted([
      [5, now],
      [2, now - 100n],
      [1, now + 100n],
    ]);
  return dice.weighted([
    [4, now],
    [4, grant.since],
    [0.6, grant.since - 1n],
    [0.6, now + 1n],
    [1, grant.since + 1n],
  ]);
}

function nonceFor(scene: Scene): bigint {
  const { dice } = scene;
  scene.nextNonce += dice.weighted([
    [6, 1n],
    [1, 127n],
    [0.2, dice.bits(200)],
  ]);
  return scene.nextNonce;
}

/** Whose order it is and who signs it. */
export interface Signatory {
  readonly account: AccountId;
  readonly signer: Address;
}

/** An account that makes an order, and who signs for it. */
export function signatoryOf(scene: Scene, account: AccountId): Signatory {
  return { account, signer: signerFor(scene, account) };
}

/** The account that closes mostly, else any other than the one that takes. */
function signatoryFor(
  scene: Scene,
  taking: AccountId,
  closes: boolean,
  book: Book | undefined,
): Signatory {
  const { dice } = scene;
  const holder = closes && book !== undefined ? someHolder(scene, book) : undefined;
  const others = ACCOUNTS.filter((account) => account !== taking);
  const account = holder !== undefined && holder !== taking ? holder : dice.pick(others);
  return signatoryOf(scene, account);
}

/**
 * A new order with the draws that its first fill needs, well formed and well signed. Nothing without a live book.
 *
 * @param by - Whose it is and who signs it, if that matters.
 */
export function newOrder(scene: Scene, taking: AccountId, by?: Signatory): SignedOrder | undefined {
  const { dice } = scene;
  const books = booksFor(scene);
  if (books.length === 0) return undefined;
  const restricted = books.some((book) => isRestricted(book, scene.now));
  const closes = dice.chance(restricted ? 0.8 : 0.22);
  const tops = dice.chance(0.06);
  const { account, signer } = by ?? signatoryFor(scene, taking, closes, books[0]);
  const parts = books.map((book): Part => {
    const close = closes
      ? closing(scene, book, dice.chance(0.7) ? account : taking, account)
      : undefined;
    const bound = tops ? toTheBound(scene, book, account) : undefined;
    const { legs } = close ?? bound ?? strategyFor(scene, book);
    const premium = premiumFor(scene);
    return { book: book.book, legs: legs.map(packLeg), premium, maxDraw: MAX_UINT112 };
  });
  const units = (closes || tops) && dice.chance(0.8) ? 1n : unitsFor(scene);
  return orderOf(scene, taking, { account, signer }, parts, units);
}

/** An order of given parts and size, with the draws that its first fill needs, well formed and well signed. */
export function orderOf(
  scene: Scene,
  taking: AccountId,
  { account, signer }: Signatory,
  parts: readonly Part[],
  units: bigint,
): SignedOrder {
  const { dice, state } = scene;
  const draft: Order = {
    account,
    nonce: nonceFor(scene),
    epoch: findAccount(state, account)?.epoch ?? 0n,
    units,
    minFill: dice.weighted([
      [5, 0n],
      [2, dice.between(0n, units)],
      [1, units],
      [0.3, (1n << 64n) - 1n],
    ]),
    signedAt: signedAtFor(scene, account, signer),
    deadline: deadlineFor(scene),
    taker: dice.chance(0.15) ? ownerOf(taking) : 0n,
    parts,
  };
  const order = withDraws(scene, draft, taking);
  return { order, signer, signing: goodSigning(scene, signer) };
}

/** The order with draws around what filling all of it would need. */
function withDraws(scene: Scene, order: Order, taking: AccountId): Order {
  const quotes = quoteFill(scene, order, order.units, taking);
  const parts = order.parts.map((part, index) => {
    const short = quotes?.[index]?.makerShort ?? 1n << 111n;
    return { ...part, maxDraw: drawFor(scene, short, order.units) };
  });
  return { ...order, parts };
}

/** Whether an order can still be filled, as far as its own words say. */
function isAlive(
  { state, now }: Scene,
  { account, nonce, epoch, deadline, parts }: Order,
): boolean {
  const maker = findAccount(state, account);
  const known = maker?.nonces.get(nonce)?.state;
  const current = maker?.epoch ?? 0n;
  const open = parts.every(({ book }) => (findBook(state, book)?.expiry ?? 0n) > now);
  return (
    known !== "filled" && known !== "cancelled" && epoch === current && deadline >= now && open
  );
}

/** An order of before that can still be filled, a partly filled one if the dice say so. */
export function aliveOrder(scene: Scene): SignedOrder | undefined {
  const { dice, orders, state } = scene;
  const calm = (order: Order): boolean =>
    order.parts.every(({ book }) => {
      const found = findBook(state, book);
      return found !== undefined && isTradable(scene, found);
    });
  const all = orders.filter(({ order }) => isAlive(scene, order));
  const alive = dice.chance(0.85) ? all.filter(({ order }) => calm(order)) : all;
  const partial = alive.filter(
    ({ order }) => findAccount(state, order.account)?.nonces.get(order.nonce)?.state === "partial",
  );
  return dice.maybe(partial.length > 0 && dice.chance(0.8) ? partial : alive);
}

/** Units left of an order. */
export function remainingOf({ state }: Scene, { account, nonce, units }: Order): bigint {
  const known = findAccount(state, account)?.nonces.get(nonce);
  return known?.state === "partial" ? units - known.filled : units;
}

/** An account that takes: not the maker's, and its owner's if the order names one. */
export function takingAccount(scene: Scene, order?: Order): AccountId {
  const named = order?.taker ?? 0n;
  const accounts = ACCOUNTS.filter(
    (account) => account !== order?.account && (named === 0n || named === ownerOf(account)),
  );
  return scene.dice.maybe(accounts) ?? anyAccount(scene);
}

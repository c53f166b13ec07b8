import {
  addLegs,
  findAccount,
  findBook,
  min,
  positionOf,
  premiumOf,
  requirement,
  unpackLegs,
} from "@certus/model";
import type { AccountId, Address, Leg, Order } from "@certus/model";

import { remainingOf } from "./orders.ts";
import { isWithin, opened, quoteFill } from "./quote.ts";
import type { PartQuote } from "./quote.ts";
import type { Scene } from "./scene.ts";

/** What one part of a call of fillMany would do to the taker, over all orders that fill. */
export interface ManyPart {
  readonly token: Address;
  readonly pay: bigint;
  readonly fee: bigint;
  readonly takerShort: bigint;
}

/** What one order of a call would do to its maker. */
export interface MakerQuote {
  readonly account: AccountId;
  readonly parts: readonly PartQuote[];
}

/** What a call of fillMany would do if no order of it were skipped. */
export interface ManyQuote {
  readonly units: bigint;
  readonly parts: readonly ManyPart[];
  readonly makers: readonly MakerQuote[];
}

/** A part under way. */
interface Tally {
  readonly token: Address;
  legs: readonly Leg[];
  pay: bigint;
  fee: bigint;
}

/** Adds an order to the tallies of its parts; answers whether its quantities keep to their bounds. */
function addOrder(
  { state }: Scene,
  tallies: readonly Tally[],
  { account, nonce, parts }: Order,
  units: bigint,
): boolean {
  const known = findAccount(state, account)?.nonces.get(nonce);
  const filled = known?.state === "partial" ? known.filled : 0n;
  return parts.every((part, at) => {
    const [tally, book] = [tallies[at], findBook(state, part.book)];
    if (tally === undefined || book === undefined) return false;
    const { scale, terms } = book.market;
    const moved = unpackLegs(part.legs);
    const after = addLegs(tally.legs, moved, -units);
    const fee = terms.feePerLot * opened(moved, tally.legs, after);
    tally.pay += premiumOf(scale, part.premium, filled, units) + fee;
    tally.fee += fee;
    tally.legs = after;
    return isWithin(after);
  });
}

/** What a call would do, so that amounts can be drawn at its boundaries. Nothing if a quantity leaves its bounds. */
export function quoteMany(
  scene: Scene,
  taking: AccountId,
  orders: readonly Order[],
  maxUnits: bigint,
): ManyQuote | undefined {
  const taker = findAccount(scene.state, taking);
  const books = (orders[0]?.parts ?? []).flatMap(({ book }) => findBook(scene.state, book) ?? []);
  const tallies = books.map((book): Tally => {
    const { legs } = positionOf(taker, book);
    return { token: book.market.terms.token, legs, pay: 0n, fee: 0n };
  });
  const makers: MakerQuote[] = [];
  let units = 0n;
  for (const order of orders) {
    const take = min(remainingOf(scene, order), maxUnits - units);
    if (take <= 0n) continue;
    const quoted = quoteFill(scene, order, take, taking);
    if (quoted === undefined || !addOrder(scene, tallies, order, take)) return undefined;
    makers.push({ account: order.account, parts: quoted });
    units += take;
  }
  const parts = tallies.map(({ token, legs, pay, fee }, at): ManyPart => {
    const book = books[at];
    if (book === undefined) throw new RangeError("a part has no book");
    const { collateral } = positionOf(taker, book);
    const takerShort = requirement(book.market.scale, legs) - (collateral - pay);
    return { token, pay, fee, takerShort };
  });
  return { units, parts, makers };
}

import { cashOf, findAccount, positionOf } from "@certus/model";
import type {
  Book,
  Env,
  Fill,
  FilledMany,
  Leg,
  Ledger,
  Limit,
  Order,
  Outcome,
} from "@certus/model";
import { OPEN_LIMIT, from, leg, order, part, sign } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Puts of one strike. */
export const put = (quantity: bigint | number): Leg => leg("put", 1800, quantity);
/** What covers one of them. */
export const COVER = 1_800_000_000n;

/** One put a unit, sold at a price. */
export function ask(
  { linear }: Scene,
  maker: bigint,
  price: bigint,
  changes: Partial<Order> = {},
): Order {
  return order(maker, [part(linear, [put(-1)], { premium: price * 10n ** 8n })], changes);
}

/** An order signed by its maker's owner. */
export function signedFill(ledger: Ledger, order: Order): Fill {
  return { order, signer: order.account >> 96n, signature: sign(ledger, order) };
}

/** How orders are taken, if not whole and without limits. */
export interface Taking {
  readonly min?: bigint;
  readonly max?: bigint;
  readonly limits?: readonly Limit[];
  readonly env?: Env;
}

/** Takes orders for an account by its owner's hand. */
export function takeMany(
  ledger: Ledger,
  account: bigint,
  orders: readonly Order[],
  { min = 1n, max = 1_000_000n, limits, env = from(account >> 96n) }: Taking = {},
): Outcome<FilledMany> {
  const fills = orders.map((order) => signedFill(ledger, order));
  const open = (orders[0]?.parts ?? []).map(() => OPEN_LIMIT);
  return ledger.fillMany(env, account, fills, min, max, limits ?? open);
}

/** What an account has in a book, and the free cash beside it. */
export function heldBy(
  { state }: Ledger,
  account: bigint,
  book: Book,
): { readonly collateral: bigint; readonly legs: readonly Leg[]; readonly cash: bigint } {
  const owner = findAccount(state, account);
  const { collateral, legs } = positionOf(owner, book);
  return { collateral, legs, cash: cashOf(owner, book.market.terms.token) };
}

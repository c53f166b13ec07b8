import { fixingIdOf } from "@certus/model";
import type { Address, State } from "@certus/model";

import { hex } from "../lib/ledger-storage.ts";
import type { Difference } from "./compare.ts";
import { addressText } from "./node.ts";
import type { BlockRef, ChainNode } from "./node.ts";
import type { Replicated } from "./replica.ts";

/** What the ledger owes in a token, and what it has. Base units. */
export interface TokenTotals {
  readonly token: Address;
  readonly cash: bigint;
  readonly pools: bigint;
  readonly fees: bigint;
  /** What the events brought in and took out. */
  readonly held: bigint;
  /** On chain. */
  readonly balance: bigint;
}

/** Cash, pools and fees of every token that the ledger knows. */
function owedIn(state: State): ReadonlyMap<Address, Pick<TokenTotals, "cash" | "pools" | "fees">> {
  const owed = new Map<Address, { cash: bigint; pools: bigint; fees: bigint }>();
  const of = (token: Address) => {
    const known = owed.get(token) ?? { cash: 0n, pools: 0n, fees: 0n };
    owed.set(token, known);
    return known;
  };
  for (const { terms } of state.markets.values()) of(terms.token);
  for (const token of state.held.keys()) of(token);
  for (const { cash } of state.accounts.values()) {
    for (const [token, amount] of cash) of(token).cash += amount;
  }
  for (const { market, pool, fees } of state.books.values()) {
    of(market.terms.token).pools += pool;
    of(market.terms.token).fees += fees;
  }
  return owed;
}

/** What the ledger owes and has, token by token. */
export async function tokenTotals(
  node: ChainNode,
  state: State,
  block: BlockRef,
): Promise<readonly TokenTotals[]> {
  const totals: TokenTotals[] = [];
  for (const [token, owed] of owedIn(state)) {
    const balance = await node.balance(addressText(token), state.ledger, block);
    totals.push({ token, ...owed, held: state.held.get(token) ?? 0n, balance });
  }
  return totals;
}

const BALANCE = "the ledger's balance of token";

/** Whether a difference says that the ledger has less than it owes. */
export function isShortfall({ what }: Difference): boolean {
  return what.startsWith(BALANCE);
}

/**
 * Where the books do not add up. More than is owed is no difference: anyone can send tokens to the ledger's address, and
 * nothing that it does looks at its balance but to see it grow.
 */
export function shortfalls(totals: readonly TokenTotals[]): readonly Difference[] {
  return totals.flatMap(({ token, cash, pools, fees, held, balance }) => {
    const owed = cash + pools + fees;
    const differences: Difference[] = [];
    if (owed !== held) {
      const what = `cash, pools and fees in token ${hex(token)}`;
      differences.push({ what, expected: held, found: owed, fields: [] });
    }
    if (balance < owed) {
      const what = `${BALANCE} ${hex(token)}`;
      differences.push({ what, expected: owed, found: balance, fields: [] });
    }
    return differences;
  });
}

/** Books whose price is not that of their fixing, as far as their oracle was read. */
export function pricesApart({ state, fixings }: Replicated): readonly Difference[] {
  return [...state.books.values()].flatMap(({ book, market, expiry, price }) => {
    const { oracle, feed, profile } = market.terms;
    const known = fixings.get(oracle);
    if (known === undefined || price === 0n) return [];
    const fixed = known.get(fixingIdOf(feed, profile, expiry))?.price ?? 0n;
    if (fixed === price) return [];
    const what = `price of book ${hex(book)}, by its oracle's fixing`;
    return [{ what, expected: fixed, found: price, fields: [] }];
  });
}

import { ModelFault, refuse } from "../errors.ts";
import { marketOfBook } from "../ids.ts";
import type { Ledger } from "../ledger.ts";
import { cashOf, findAccount, findBook, findMarket } from "../state.ts";
import type { AccountId, Address, BookId } from "../types.ts";
import { balanceOf } from "../world/tokens.ts";
import { indexOf } from "./watch.ts";

/** By how much what the ledger owes to these books and accounts exceeds its balance of a token. */
export function requireShortfall(
  { state, world }: Ledger,
  token: Address,
  books: readonly BookId[],
  accounts: readonly AccountId[],
): bigint {
  let owed = 0n;
  for (const [at, book] of books.entries()) {
    const market = findMarket(state, marketOfBook(book));
    if (isUnsorted(books, at) || market?.terms.token !== token) refuse("ListInvalid", BigInt(at));
    const { pool, fees } = findBook(state, book) ?? { pool: 0n, fees: 0n };
    owed += pool + fees;
  }
  for (const [at, account] of accounts.entries()) {
    if (isUnsorted(accounts, at)) refuse("ListInvalid", BigInt(books.length + at));
    owed += cashOf(findAccount(state, account), token);
  }
  const held = world.tokens.get(token);
  if (held === undefined) throw new ModelFault("the world has no such token");
  const balance = balanceOf(held, state.ledger);
  if (owed <= balance) refuse("NoEvidence", indexOf("Shortfall"), owed, balance);
  return owed - balance;
}

function isUnsorted(list: readonly bigint[], at: number): boolean {
  const [before, item] = [list[at - 1], list[at]];
  return before !== undefined && item !== undefined && item <= before;
}

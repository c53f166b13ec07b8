import { cashOf, findAccount, findBook, findMarket } from "@certus/model";
import type { AccountId, BookId } from "@certus/model";

import { AT } from "../places.ts";
import { anyMarket, call, nearTime, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";
import { ACCOUNTS } from "../twin.ts";

const WEEK = 604_800n;

/** Books of a token that owe something, and accounts with cash of it, ascending. */
function owedIn({ twin }: Scene, token: bigint) {
  const { state } = twin.ledger;
  const books = twin.books.filter((book) => findBook(state, book)?.market.terms.token === token);
  const ascending = (list: readonly bigint[]) => [...list].sort((a, b) => (a < b ? -1 : 1));
  const accounts = ascending(ACCOUNTS);
  const owed =
    books.reduce((sum, book) => {
      const { pool = 0n, fees = 0n } = findBook(state, book) ?? {};
      return sum + pool + fees;
    }, 0n) +
    accounts.reduce((sum, account) => sum + cashOf(findAccount(state, account), token), 0n);
  return { books: ascending(books), accounts, owed };
}

/** The ledger's balance of a market's collateral falls short of what it owes, by a unit or by more. */
export function* shortfall(scene: Scene): Play {
  const { dice, twin } = scene;
  const market = anyMarket(scene);
  const token = watchOf(scene, market).token || AT.quote;
  const { books, accounts, owed } = owedIn(scene, token);
  const held = twin.ledger.world.tokens.get(token)?.balances.get(AT.ledger) ?? 0n;
  const at = scene.now + dice.between(1n, 100n);
  const wanted = dice.weighted([
    [4, dice.near(owed)],
    [2, owed > 0n ? dice.between(0n, owed) : 0n],
  ]);
  const target = wanted < 0n ? 0n : wanted;
  if (target < held) yield { kind: "lose", token, amount: held - target, at };
  if (target > held) yield { kind: "donate", token, amount: target - held, at };
  const lists = dice.weighted<() => { books: readonly BookId[]; accounts: readonly AccountId[] }>([
    [9, () => ({ books, accounts })],
    [1, () => ({ books: dice.some(books), accounts: dice.some(accounts) })],
    [1, () => ({ books: [...books].reverse(), accounts })],
    [1, () => ({ books, accounts: [...accounts, accounts.at(-1) ?? 0n] })],
    [1, () => ({ books: [...books, 1n << 250n], accounts })],
    [1, () => ({ books: [...twin.books].sort((a, b) => (a < b ? -1 : 1)), accounts })],
  ])();
  yield call(at, { kind: "tripShortfall", market, ...lists });
  // It lasts: halt after halt, until the ledger has none left, and again once it has.
  const lasts = dice.chance(0.3);
  for (let left = lasts ? 3 : 0; left > 0; left--) {
    const { until } = watchOf(scene, market);
    const again = until > scene.now ? nearTime(scene, until) : scene.now;
    yield call(again, { kind: "tripShortfall", market, ...lists });
  }
  if (lasts && dice.chance(0.4)) {
    const { olderHalt = 0n } = findMarket(twin.ledger.state, market)?.guard ?? {};
    yield call(nearTime(scene, olderHalt + WEEK), { kind: "tripShortfall", market, ...lists });
  }
  if (!dice.chance(0.7)) return;
  const now = twin.ledger.world.tokens.get(token)?.balances.get(AT.ledger) ?? 0n;
  const missing = owedIn(scene, token).owed - now;
  if (missing > 0n) yield { kind: "donate", token, amount: missing, at: scene.now };
}

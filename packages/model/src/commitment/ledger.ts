import type { Holder } from "../holders.ts";
import { termsWords } from "../ids.ts";
import type { Book, Market, State } from "../state.ts";
import type { Address } from "../types.ts";
import { bookWord, guardWord, scaleWord } from "../words.ts";
import { factOf } from "./leaf.ts";
import type { StateLeaf } from "./leaf.ts";

/** The id behind a key of the maps of the state. */
export function idOf(key: string): bigint {
  return BigInt(`0x${key}`);
}

function factsOfMarket(key: string, market: Market): readonly StateLeaf[] {
  const id = [idOf(key)];
  return [
    ...factOf("terms", id, market.marketId, ...termsWords(market.terms)),
    ...factOf("scale", id, scaleWord(market)),
    ...factOf("guard", id, guardWord(market)),
  ];
}

function factsOfBook(key: string, book: Book): readonly StateLeaf[] {
  return factOf("book", [idOf(key)], book.market.market, book.expiry, bookWord(book));
}

function factsOfHolder(owner: Address, holder: Holder): readonly StateLeaf[] {
  const { balances, allowances, operators } = holder;
  return [
    ...[...balances].flatMap(([id, amount]) => factOf("packageBalance", [owner, idOf(id)], amount)),
    ...[...allowances].flatMap(([spender, amounts]) =>
      [...amounts].flatMap(([id, amount]) =>
        factOf("packageAllowance", [owner, spender, idOf(id)], amount),
      ),
    ),
    ...[...operators].flatMap((operator) => factOf("packageOperator", [owner, operator], 1n)),
  ];
}

/** The facts of a ledger that belong to no account. */
export function factsOfLedger(state: State): readonly StateLeaf[] {
  const { chainId, ledger, domain, treasury, held, markets, listed, books, holders } = state;
  return [
    ...factOf("domain", [], chainId, ledger, domain),
    ...factOf("treasury", [], treasury),
    ...[...held].flatMap(([token, amount]) => factOf("held", [token], amount)),
    ...[...markets].flatMap(([key, market]) => factsOfMarket(key, market)),
    ...factOf("marketCount", [], BigInt(listed.length)),
    ...listed.flatMap((market, index) => factOf("marketAt", [BigInt(index)], market)),
    ...[...books].flatMap(([key, book]) => factsOfBook(key, book)),
    ...[...holders].flatMap(([owner, holder]) => factsOfHolder(owner, holder)),
  ];
}

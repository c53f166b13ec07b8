import { findAccount } from "@certus/model";
import type { State } from "@certus/model";

import { ACCOUNTS, HOLDERS, OPERATORS, PAYERS, SPENDERS, TREASURIES } from "../world/actors.ts";
import { AT, TOKENS } from "../world/places.ts";
import type { Twin } from "../world/twin.ts";
import type { Stage } from "./chainSide.ts";
import { ensure, show } from "./difference.ts";
import { LEG_SLOTS, hex, oracleWords } from "./storage.ts";
import type { Expected, LedgerStorage } from "./storage.ts";
import { compareBalances, comparePermits, compareWords } from "./words.ts";

/** Every word of the ledger that a run can have written, also where nothing should stand. */
function allWords(storage: LedgerStorage, state: State, legSlots: number): Expected[] {
  const words: Expected[] = [storage.treasury(state), storage.marketCount(state)];
  for (const { market } of state.markets.values()) words.push(...storage.market(state, market));
  // One place behind the last: nothing may stand there.
  for (let i = 0; i <= state.listed.length; i++) words.push(storage.marketAt(state, i));
  for (const { book } of state.books.values()) words.push(storage.book(state, book));
  const accounts = new Set([...ACCOUNTS, ...[...state.accounts.values()].map((a) => a.account)]);
  for (const account of accounts) {
    words.push(storage.epoch(state, account));
    for (const token of TOKENS) words.push(storage.cash(state, account, token));
    for (const operator of OPERATORS) words.push(storage.operator(state, account, operator));
    for (const { book } of state.books.values()) {
      words.push(...storage.position(state, account, book, legSlots));
    }
    const nonces = findAccount(state, account)?.nonces.keys() ?? [];
    for (const nonce of nonces) words.push(...storage.nonce(state, account, nonce));
  }
  return words;
}

/** Every word of packages that a run can have written. */
function allPackageWords(storage: LedgerStorage, state: State): Expected[] {
  const words: Expected[] = [];
  const ids = [...state.packages.values()].map(({ id }) => id);
  for (const holder of new Set([...HOLDERS, ...state.holders.keys()])) {
    for (const id of ids) words.push(storage.packages(state, holder, id));
    for (const spender of SPENDERS) {
      words.push(storage.tokenOperator(state, holder, spender));
      for (const id of ids) words.push(storage.packageAllowance(state, holder, spender, id));
    }
  }
  return words;
}

/** Cash, pools and fees of each token add up to what the model says is held, and to the ledger's balance. */
async function compareHeld(stage: Stage, twin: Twin): Promise<void> {
  const { state } = twin.ledger;
  for (const token of TOKENS) {
    let sum = 0n;
    for (const { cash } of state.accounts.values()) sum += cash.get(token) ?? 0n;
    for (const { market, pool, fees } of state.books.values()) {
      if (market.terms.token === token) sum += pool + fees;
    }
    const held = state.held.get(token) ?? 0n;
    ensure(
      sum === held,
      "held",
      () => `cash, pools and fees of ${hex(token)} are ${show(sum)}, held are ${show(held)}`,
    );
    await compareBalances(stage, twin, token, [AT.ledger, ...PAYERS, ...TREASURIES]);
    await comparePermits(stage, twin, token, PAYERS);
  }
}

/** How a whole comparison is made. */
export interface Thoroughness {
  /** A word was written that no transition writes: sums need no longer hold. */
  readonly forced: boolean;
  /** Looks at every leg slot, not only at those in use and the next ones. */
  readonly last: boolean;
}

/** Compares the whole state. */
export async function compareAll(stage: Stage, twin: Twin, how: Thoroughness): Promise<void> {
  const { chain, storage, build } = stage;
  const legSlots = how.last ? LEG_SLOTS : 2;
  await compareWords(chain, AT.ledger, allWords(storage, twin.ledger.state, legSlots));
  await compareWords(chain, AT.ledger, allPackageWords(storage, twin.ledger.state));
  await compareWords(chain, AT.oracle, oracleWords(twin.oracle, build.oracleSlots));
  if (!how.forced) await compareHeld(stage, twin);
}

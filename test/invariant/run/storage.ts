import {
  bookWord,
  cashOf,
  findAccount,
  findBook,
  findMarket,
  fixingWord,
  guardWord,
  headerWord,
  isTokenOperator,
  keccakWords,
  legSlotWords,
  noncesWord,
  operatorWord,
  packageAllowanceOf,
  packageBalanceOf,
  partialWord,
  positionOf,
  scaleWord,
} from "@certus/model";
import type {
  AccountId,
  Address,
  BookId,
  ChainlinkSettlement,
  MarketId,
  PackageId,
  State,
} from "@certus/model";

import { toWord } from "../chain/abi.ts";
import type { Slots } from "../chain/build.ts";

/** Leg slots of a position. */
export const LEG_SLOTS = 16;

/** A slot, the word that the model expects there, and what it is. */
export interface Expected {
  readonly slot: bigint;
  readonly word: bigint;
  readonly what: () => string;
}

/** Remembers the slots of mappings: hashing is what costs. */
class Mapping {
  readonly #slot: bigint;
  readonly #known = new Map<bigint, bigint>();
  readonly #inner = new Map<bigint, Mapping>();

  constructor(slot: bigint) {
    this.#slot = slot;
  }

  at(key: bigint): bigint {
    let slot = this.#known.get(key);
    if (slot === undefined) {
      slot = keccakWords([key, this.#slot]);
      this.#known.set(key, slot);
    }
    return slot;
  }

  in(key: bigint): Mapping {
    let inner = this.#inner.get(key);
    if (inner === undefined) {
      inner = new Mapping(this.at(key));
      this.#inner.set(key, inner);
    }
    return inner;
  }
}

/** Where the ledger keeps what, by the compiler's storage layout, and what the model says must stand there. */
export class LedgerStorage {
  readonly #slots: Slots;
  readonly #mappings = new Map<string, Mapping>();

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  #slotOf(label: string): bigint {
    const slot = this.#slots[label];
    if (slot === undefined) throw new Error(`the ledger has no variable ${label}`);
    return slot;
  }

  #mapping(label: string): Mapping {
    let mapping = this.#mappings.get(label);
    if (mapping === undefined) {
      mapping = new Mapping(this.#slotOf(label));
      this.#mappings.set(label, mapping);
    }
    return mapping;
  }

  /** Free cash of an account. */
  cash(state: State, account: AccountId, token: Address): Expected {
    const word = cashOf(findAccount(state, account), token);
    return {
      slot: this.#mapping("_cash").in(account).at(token),
      word,
      what: () => `cash of ${hex(account)} in ${hex(token)}`,
    };
  }

  /** Slot of a position's header. */
  headerSlot(account: AccountId, book: BookId): bigint {
    return this.#mapping("_positions").in(account).at(book);
  }

  /** Header and leg slots of a position: those in use, and as many after them, which must be empty. */
  position(state: State, account: AccountId, bookId: BookId, after: number): Expected[] {
    const base = this.headerSlot(account, bookId);
    const book = findBook(state, bookId);
    const position = book && positionOf(findAccount(state, account), book);
    const words = position ? legSlotWords(position) : [];
    const name = (): string => `position of ${hex(account)} in ${hex(bookId)}`;
    const header = position ? headerWord(position) : 0n;
    const expected: Expected[] = [{ slot: base, word: header, what: () => `header, ${name()}` }];
    const count = Math.min(words.length + after, LEG_SLOTS);
    for (let index = 0; index < count; index++) {
      const what = (): string => `leg slot ${index}, ${name()}`;
      expected.push({ slot: base + 1n + BigInt(index), word: words[index] ?? 0n, what });
    }
    return expected;
  }

  /** Slot of a book's word. */
  bookSlot(book: BookId): bigint {
    return this.#mapping("_books").at(book);
  }

  /** The word of a book. */
  book(state: State, book: BookId): Expected {
    const found = findBook(state, book);
    return {
      slot: this.bookSlot(book),
      word: found ? bookWord(found) : 0n,
      what: () => `book ${hex(book)}`,
    };
  }

  /** The two words of a market that fills read. */
  market(state: State, market: MarketId): Expected[] {
    const slot = this.#mapping("_markets").at(market);
    const found = findMarket(state, market);
    return [
      { slot, word: found ? scaleWord(found) : 0n, what: () => `scale of ${hex(market)}` },
      {
        slot: slot + 1n,
        word: found ? guardWord(found) : 0n,
        what: () => `guard of ${hex(market)}`,
      },
    ];
  }

  /** The word and the partial slot of a nonce. */
  nonce(state: State, account: AccountId, nonce: bigint): Expected[] {
    const found = findAccount(state, account);
    const index = nonce >> 7n;
    return [
      {
        slot: this.#mapping("_nonces").in(account).at(index),
        word: noncesWord(found, index),
        what: () => `nonces ${index} of ${hex(account)}`,
      },
      {
        slot: this.#mapping("_partials").in(account).at(nonce),
        word: partialWord(found?.nonces.get(nonce)),
        what: () => `partial order ${nonce} of ${hex(account)}`,
      },
    ];
  }

  /** The epoch of an account. */
  epoch(state: State, account: AccountId): Expected {
    return {
      slot: this.#mapping("_epochs").at(account),
      word: findAccount(state, account)?.epoch ?? 0n,
      what: () => `epoch of ${hex(account)}`,
    };
  }

  /** The grant of an operator. */
  operator(state: State, account: AccountId, operator: Address): Expected {
    const grant = findAccount(state, account)?.operators.get(operator);
    return {
      slot: this.#mapping("_operators").in(account).at(operator),
      word: grant ? operatorWord(grant) : 0n,
      what: () => `operator ${hex(operator)} of ${hex(account)}`,
    };
  }

  /** Packages of an id that somebody holds. */
  packages(state: State, holder: Address, id: PackageId): Expected {
    return {
      slot: this.#mapping("_balances").in(holder).at(id),
      word: packageBalanceOf(state, holder, id),
      what: () => `packages ${hex(id)} of ${hex(holder)}`,
    };
  }

  /** Packages of an id that a spender may take from an owner. */
  packageAllowance(state: State, owner: Address, spender: Address, id: PackageId): Expected {
    return {
      slot: this.#mapping("_allowances").in(owner).in(spender).at(id),
      word: packageAllowanceOf(state, owner, spender, id),
      what: () => `allowance of ${hex(spender)} for ${hex(id)} of ${hex(owner)}`,
    };
  }

  /** Whether a spender may move all packages of an owner. */
  tokenOperator(state: State, owner: Address, spender: Address): Expected {
    return {
      slot: this.#mapping("_operatorApprovals").in(owner).at(spender),
      word: isTokenOperator(state, owner, spender) ? 1n : 0n,
      what: () => `token operator ${hex(spender)} of ${hex(owner)}`,
    };
  }

  /** The receiver of fees. */
  treasury(state: State): Expected {
    return { slot: this.#slotOf("_treasury"), word: state.treasury, what: () => "treasury" };
  }
}

/** What the oracle must keep of every fixing the model knows. */
export function oracleWords(oracle: ChainlinkSettlement, slots: Slots): Expected[] {
  const slot = slots["_words"];
  if (slot === undefined) throw new Error("the oracle has no variable _words");
  return [...oracle.fixings].map(([fixing, kept]) => ({
    slot: keccakWords([fixing, slot]),
    word: fixingWord(kept),
    what: () => `fixing ${hex(fixing)}`,
  }));
}

/** The slots of some expectations, as the lens takes them. */
export function lensInput(expected: readonly Expected[]): string {
  let input = "";
  for (const { slot } of expected) input += toWord(slot);
  return input;
}

/** A number in hex. */
export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

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
  keyOf,
  legSlotWords,
  noncesWords,
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

import type { Slots } from "./artifacts.ts";
import type { Place } from "./ledger-places.ts";
import { WORDS } from "./word-fields.ts";
import type { WordFields } from "./word-fields.ts";

/** Leg slots of a position. */
export const LEG_SLOTS = 16;

/** A slot, the word that the model expects there, and what it is. */
export interface Expected {
  readonly slot: bigint;
  readonly word: bigint;
  readonly what: () => string;
  /** What is packed into the word, if it is more than one number. */
  readonly fields?: WordFields;
}

/** Remembers the slots of mappings: hashing is what costs. An engine hashes only the low bits of a bigint: keys are text. */
class Mapping {
  readonly #slot: bigint;
  readonly #known = new Map<string, bigint>();
  readonly #inner = new Map<string, Mapping>();

  constructor(slot: bigint) {
    this.#slot = slot;
  }

  at(key: bigint): bigint {
    const name = keyOf(key);
    let slot = this.#known.get(name);
    if (slot === undefined) {
      slot = keccakWords([key, this.#slot]);
      this.#known.set(name, slot);
    }
    return slot;
  }

  in(key: bigint): Mapping {
    const name = keyOf(key);
    let inner = this.#inner.get(name);
    if (inner === undefined) {
      inner = new Mapping(this.at(key));
      this.#inner.set(name, inner);
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

  /** Slot of a variable. */
  slotOf(label: string): bigint {
    const slot = this.#slots[label];
    if (slot === undefined) throw new Error(`the ledger has no variable ${label}`);
    return slot;
  }

  #mapping(label: string): Mapping {
    let mapping = this.#mappings.get(label);
    if (mapping === undefined) {
      mapping = new Mapping(this.slotOf(label));
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
      what: () => `free cash of account ${hex(account)} in token ${hex(token)}`,
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
    const name = (): string => `position of account ${hex(account)} in book ${hex(bookId)}`;
    const header = position ? headerWord(position) : 0n;
    const what = (): string => `${name()}: header`;
    const expected: Expected[] = [{ slot: base, word: header, what, fields: WORDS.header }];
    const count = Math.min(words.length + after, LEG_SLOTS);
    for (let index = 0; index < count; index++) {
      const what = (): string => `${name()}: leg slot ${index}`;
      const slot = base + 1n + BigInt(index);
      expected.push({ slot, word: words[index] ?? 0n, what, fields: WORDS.legSlot });
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
      fields: WORDS.book,
    };
  }

  /** The two words of a market that fills read. */
  market(state: State, market: MarketId): Expected[] {
    const slot = this.marketSlot(market);
    const found = findMarket(state, market);
    return [
      {
        slot,
        word: found ? scaleWord(found) : 0n,
        what: () => `market ${hex(market)}: scale`,
        fields: WORDS.scale,
      },
      {
        slot: slot + 1n,
        word: found ? guardWord(found) : 0n,
        what: () => `market ${hex(market)}: guard`,
        fields: WORDS.guard,
      },
    ];
  }

  /** Slot of the first word of a market. */
  marketSlot(market: MarketId): bigint {
    return this.#mapping("_markets").at(market);
  }

  /** How many markets are listed. */
  marketCount(state: State): Expected {
    return {
      slot: this.slotOf("_listed"),
      word: BigInt(state.listed.length),
      what: () => "number of markets",
    };
  }

  /** A market by its place in the order of listing. */
  marketAt(state: State, index: number): Expected {
    return {
      slot: keccakWords([this.slotOf("_listed")]) + BigInt(index),
      word: state.listed[index] ?? 0n,
      what: () => `market at index ${index}`,
    };
  }

  /** The word and the partial slot of a nonce. */
  nonce(state: State, account: AccountId, nonce: bigint): Expected[] {
    return this.nonces(state, account, [nonce]);
  }

  /** The words and the partial slots of nonces of one account. */
  nonces(state: State, account: AccountId, nonces: Iterable<bigint>): Expected[] {
    const found = findAccount(state, account);
    const words = noncesWords(found);
    const partials: Expected[] = [];
    const indices = new Set<bigint>();
    for (const nonce of nonces) {
      indices.add(nonce >> 7n);
      partials.push({
        slot: this.#mapping("_partials").in(account).at(nonce),
        word: partialWord(found?.nonces.get(nonce)),
        what: () => `partial order, nonce ${nonce} of account ${hex(account)}`,
        fields: WORDS.partial,
      });
    }
    const ofIndex = (index: bigint): Expected => ({
      slot: this.#mapping("_nonces").in(account).at(index),
      word: words.get(index) ?? 0n,
      what: () => `nonces from ${index << 7n} on of account ${hex(account)}`,
    });
    return [...[...indices].map(ofIndex), ...partials];
  }

  /** The epoch of an account. */
  epoch(state: State, account: AccountId): Expected {
    return {
      slot: this.#mapping("_epochs").at(account),
      word: findAccount(state, account)?.epoch ?? 0n,
      what: () => `epoch of account ${hex(account)}`,
    };
  }

  /** The grant of an operator. */
  operator(state: State, account: AccountId, operator: Address): Expected {
    const grant = findAccount(state, account)?.operators.get(operator);
    return {
      slot: this.#mapping("_operators").in(account).at(operator),
      word: grant ? operatorWord(grant) : 0n,
      what: () => `operator ${hex(operator)} of account ${hex(account)}`,
      fields: WORDS.operator,
    };
  }

  /** Packages of an id that somebody holds. */
  packages(state: State, holder: Address, id: PackageId): Expected {
    return {
      slot: this.#mapping("_balances").in(holder).at(id),
      word: packageBalanceOf(state, holder, id),
      what: () => `packages ${hex(id)} of holder ${hex(holder)}`,
    };
  }

  /** Packages of an id that a spender may take from an owner. */
  packageAllowance(state: State, owner: Address, spender: Address, id: PackageId): Expected {
    return {
      slot: this.#mapping("_allowances").in(owner).in(spender).at(id),
      word: packageAllowanceOf(state, owner, spender, id),
      what: () => `allowance of spender ${hex(spender)} for packages ${hex(id)} of ${hex(owner)}`,
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

  /** The words at a place; of a position, the leg slots in use and as many after them. */
  at(state: State, place: Place, after: number): Expected[] {
    switch (place.kind) {
      case "treasury":
        return [this.treasury(state)];
      case "market":
        return this.market(state, place.market);
      case "marketCount":
        return [this.marketCount(state)];
      case "marketAt":
        return [this.marketAt(state, place.index)];
      case "book":
        return [this.book(state, place.book)];
      case "cash":
        return [this.cash(state, place.account, place.token)];
      case "position":
        return this.position(state, place.account, place.book, after);
      case "epoch":
        return [this.epoch(state, place.account)];
      case "operator":
        return [this.operator(state, place.account, place.operator)];
      case "nonce":
        return this.nonce(state, place.account, place.nonce);
      case "packages":
        return [this.packages(state, place.holder, place.id)];
      case "packageAllowance":
        return [this.packageAllowance(state, place.owner, place.spender, place.id)];
      case "tokenOperator":
        return [this.tokenOperator(state, place.owner, place.spender)];
    }
  }

  /** The receiver of fees. */
  treasury(state: State): Expected {
    return { slot: this.slotOf("_treasury"), word: state.treasury, what: () => "treasury" };
  }
}

/** What the oracle must keep of every fixing the model knows. */
export function oracleWords(
  { fixings }: Pick<ChainlinkSettlement, "fixings">,
  slots: Slots,
): Expected[] {
  const slot = slots["_words"];
  if (slot === undefined) throw new Error("the oracle has no variable _words");
  return [...fixings].map(([fixing, kept]) => ({
    slot: keccakWords([fixing, slot]),
    word: fixingWord(kept),
    what: () => `fixing ${hex(fixing)}`,
    fields: WORDS.fixing,
  }));
}

/** A number in hex. */
export function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

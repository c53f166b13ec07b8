import { keyOf } from "@certus/model";
import type { State } from "@certus/model";

import { nameOfPlace } from "../lib/ledger-places.ts";
import type { Place } from "../lib/ledger-places.ts";
import { LEG_SLOTS } from "../lib/ledger-storage.ts";
import type { Expected, LedgerStorage } from "../lib/ledger-storage.ts";
import type { Replica, Replicated, Touched } from "./replica.ts";
import type { TermsStorage } from "./termsWords.ts";

/** The id behind a key of the maps of the state. */
function idOf(key: string): bigint {
  return BigInt(`0x${key}`);
}

/** Every place where the model says that something stands. */
function* placesIn(state: State): Generator<Place, void, void> {
  yield { kind: "treasury" };
  for (const { market } of state.markets.values()) yield { kind: "market", market };
  yield { kind: "marketCount" };
  for (const index of state.listed.keys()) yield { kind: "marketAt", index };
  for (const { book } of state.books.values()) yield { kind: "book", book };
  for (const { account, cash, positions, operators, nonces } of state.accounts.values()) {
    yield { kind: "epoch", account };
    for (const token of cash.keys()) yield { kind: "cash", account, token };
    for (const book of positions.keys()) yield { kind: "position", account, book: idOf(book) };
    for (const operator of operators.keys()) yield { kind: "operator", account, operator };
    for (const nonce of nonces.keys()) yield { kind: "nonce", account, nonce };
  }
  for (const [owner, { balances, allowances, operators }] of state.holders) {
    for (const id of balances.keys()) yield { kind: "packages", holder: owner, id: idOf(id) };
    for (const [spender, ids] of allowances) {
      for (const id of ids.keys()) {
        yield { kind: "packageAllowance", owner, spender, id: idOf(id) };
      }
    }
    for (const spender of operators) yield { kind: "tokenOperator", owner, spender };
  }
}

/** What every slot must hold that the model or an event knows of. */
export class Expectations {
  readonly #storage: LedgerStorage;
  readonly #terms: TermsStorage;

  constructor(storage: LedgerStorage, terms: TermsStorage) {
    this.#storage = storage;
    this.#terms = terms;
  }

  /** Of all of the ledger, each slot once. */
  ofLedger(replica: Replica): readonly Expected[] {
    const { now, touched } = replica;
    const places = new Map(touched.places);
    for (const place of placesIn(now.state)) places.set(nameOfPlace(place), place);
    return [this.#authority(now), ...this.ofPlaces(replica, places)];
  }

  #authority({ authority }: Replicated): Expected {
    return {
      slot: this.#storage.slotOf("_authority"),
      word: authority,
      what: () => "authority",
    };
  }

  /** Of some places, by their names; each slot once. */
  ofPlaces(
    { now: { state }, touched }: Replica,
    places: ReadonlyMap<string, Place>,
  ): readonly Expected[] {
    const expected: Expected[] = [];
    const nonces = new Map<string, { account: bigint; nonces: bigint[] }>();
    for (const [name, place] of places) {
      if (place.kind !== "nonce") {
        expected.push(...this.#at(state, place, spareLegSlots(touched, name)));
        continue;
      }
      const { account, nonce } = place;
      const known = nonces.get(keyOf(account));
      if (known) known.nonces.push(nonce);
      else nonces.set(keyOf(account), { account, nonces: [nonce] });
    }
    for (const { account, nonces: those } of nonces.values()) {
      expected.push(...this.#storage.nonces(state, account, those));
    }
    return expected;
  }

  #at(state: State, place: Place, legSlots: number): readonly Expected[] {
    if (place.kind === "position") return positionAt(this.#storage, state, place, legSlots);
    const words = this.#storage.at(state, place, 0);
    if (place.kind !== "market") return words;
    return [...words, ...this.#terms.expected(state, place.market)];
  }
}

/** Leg slots of a position that were ever in use, and one more. */
function spareLegSlots({ legSlots }: Touched, name: string): number {
  return Math.min((legSlots.get(name) ?? 0) + 1, LEG_SLOTS);
}

/** Header, the leg slots in use and those that were. */
function positionAt(
  storage: LedgerStorage,
  state: State,
  { account, book }: Place & { readonly kind: "position" },
  legSlots: number,
): readonly Expected[] {
  const words = storage.position(state, account, book, LEG_SLOTS);
  const used = words.findLastIndex(({ word }) => word !== 0n);
  return words.slice(0, Math.max(used, legSlots) + 1);
}

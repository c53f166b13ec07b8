import { findBook } from "@certus/model";
import type { Address, BookId, LedgerEvent, State } from "@certus/model";

import { placesOf } from "../../../scripts/lib/ledger-places.ts";
import type { Expected, LedgerStorage } from "./storage.ts";

function tokenOf(state: State, book: BookId): Address {
  return findBook(state, book)?.market.terms.token ?? 0n;
}

/** Leg slots looked at after those in use: where cleared legs would stand. */
const AFTER = 2;

/** Every word of the ledger that an event has to do with, as the model has it now. */
export function wordsTouched(storage: LedgerStorage, state: State, event: LedgerEvent): Expected[] {
  return placesOf(state, event).flatMap((place) => storage.at(state, place, AFTER));
}

/** Tokens whose balance an event changes. */
export function tokensMoved(state: State, event: LedgerEvent): readonly Address[] {
  if (event.name === "Deposited" || event.name === "Withdrawn") return [event.args.token];
  if (event.name === "FeesPushed" || event.name === "Redeemed") {
    return [tokenOf(state, event.args.book)];
  }
  if (event.name === "Claimed" && event.args.toWallet) return [tokenOf(state, event.args.book)];
  return [];
}

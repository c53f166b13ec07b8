import { addCash, knownBook, natural, tokenOf, writePosition } from "./cells.ts";
import { hashTop } from "./eip712.ts";
import type { EventFields, FilledPart, LedgerEvent } from "./events.ts";
import { unpackLegs } from "./ids.ts";
import { addLegs } from "./legs.ts";
import { findAccount, openAccount, positionOf } from "./state.ts";
import type { Account, Book, Position, State } from "./state.ts";

/** What a part brings to one side: legs per unit times a signed number of units, and collateral of which some is drawn. */
interface Change {
  readonly units: bigint;
  readonly collateral: bigint;
  readonly draw: bigint;
}

function positionAfter(before: Position, part: FilledPart, change: Change): Position {
  return {
    collateral: before.collateral + change.collateral,
    settled: before.settled,
    legs: addLegs(before.legs, unpackLegs(part.legs), change.units),
  };
}

function applySide(account: Account, book: Book, part: FilledPart, change: Change): Position {
  addCash(account, tokenOf(book), -change.draw);
  const after = positionAfter(positionOf(account, book), part, change);
  writePosition(account, book, after);
  return after;
}

/** One part: the taker may owe, and the pool with it, until the call draws what it owes, see `requireSettled`. */
function applyPart(
  state: State,
  maker: Account,
  taker: Account,
  part: FilledPart,
  units: bigint,
): void {
  const book = knownBook(state, part.book);
  const { premium, fee, makerDraw, takerDraw } = part;
  const made = { units, collateral: premium + makerDraw, draw: makerDraw };
  natural(applySide(maker, book, part, made).collateral, "collateral");
  const paid = premium + fee;
  applySide(taker, book, part, { units: -units, collateral: takerDraw - paid, draw: takerDraw });
  book.pool += makerDraw + takerDraw - fee;
  book.fees += fee;
}

/** Applies a fill. */
export function applyFill(state: State, filled: EventFields["OrderFilled"]): void {
  const maker = openAccount(state, filled.maker);
  const taker = openAccount(state, filled.taker);
  const { units } = filled;
  for (const part of filled.parts) applyPart(state, maker, taker, part, units);
  const known = maker.nonces.get(filled.nonce);
  const before = known?.state === "partial" ? known.filled : 0n;
  maker.nonces.set(
    filled.nonce,
    filled.remaining === 0n
      ? { state: "filled" }
      : { state: "partial", hashTop: hashTop(filled.orderHash), filled: before + units },
  );
}

/**
 * The end of a call: no taker of its fills owes anything any more, and no pool is below zero.
 *
 * @param state - After the last event of the call.
 * @param events - The events of the call.
 */
export function requireSettled(state: State, events: readonly LedgerEvent[]): void {
  for (const event of events) {
    if (event.name !== "OrderFilled") continue;
    const taker = findAccount(state, event.args.taker);
    for (const part of event.args.parts) {
      const book = knownBook(state, part.book);
      natural(positionOf(taker, book).collateral, "collateral");
      natural(book.pool, "pool");
    }
  }
}

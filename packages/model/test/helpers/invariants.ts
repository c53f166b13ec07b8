import { expect } from "chai";
import {
  MAX_INT64,
  MAX_LEGS,
  balanceOf,
  callSum,
  compareLegs,
  findBook,
  mostOwed,
  netQuantities,
  packageId,
  packageSupplies,
  payout,
  requirement,
  strikesOf,
  unpackLegs,
} from "@certus/model";
import type { Book, Ledger, Position, State } from "@certus/model";

function positionsIn(state: State, book: Book): readonly Position[] {
  return [...state.accounts.values()].flatMap(({ positions }) => positions.get(book.key) ?? []);
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}

/** What is held of a token is owed to somebody, and the ledger has it. */
function checkHeld({ state, world }: Ledger): void {
  for (const [address, token] of world.tokens) {
    const cash = sum([...state.accounts.values()].map((each) => each.cash.get(address) ?? 0n));
    const books = [...state.books.values()].filter((each) => each.market.terms.token === address);
    const owed = cash + sum(books.map(({ pool, fees }) => pool + fees));
    expect(state.held.get(address) ?? 0n, "held = cash + pools + fees").to.equal(owed);
    expect(balanceOf(token, state.ledger), "the ledger's balance is what it holds").to.equal(owed);
  }
}

function checkPosition(book: Book, { collateral, legs, settled }: Position): void {
  expect(BigInt(legs.length) <= MAX_LEGS, "at most 32 legs").to.equal(true);
  legs.forEach((leg, index) => {
    const { quantity } = leg;
    expect(quantity !== 0n && quantity <= MAX_INT64 && quantity >= -MAX_INT64).to.equal(true);
    const next = legs[index + 1];
    if (next) expect(compareLegs(leg, next) < 0, "legs ascend").to.equal(true);
  });
  if (settled) return expect(legs.length, "a settled header has no legs").to.equal(0) && undefined;
  if (!book.market.scale.inverse) expect(callSum(legs), "calls net to zero").to.equal(0n);
  const needed = requirement(book.market.scale, legs);
  expect(collateral >= needed, `covered: ${collateral} of ${needed}`).to.equal(true);
}

/** While nothing is settled, quantities of every series add up to zero and the pool is the accounts' collateral. */
function checkLiveBook(state: State, book: Book, positions: readonly Position[]): void {
  const quantities = [...netQuantities(state, book).values()];
  expect(
    quantities.every((quantity) => quantity === 0n),
    "zero sum",
  ).to.equal(true);
  const collateral = sum(positions.map((position) => position.collateral));
  expect(book.pool, "pool = sum of collateral").to.equal(collateral);
  for (const price of prices(positions)) {
    expect(mostOwed(state, book, price) <= book.pool, `pays everyone at ${price}`).to.equal(true);
  }
}

/** Prices at and around the strikes of positions, and far above. */
function prices(positions: readonly Position[]): readonly bigint[] {
  const strikes = strikesOf(positions.flatMap(({ legs }) => legs));
  return [1n, ...strikes.flatMap((strike) => [strike, strike + 1n]), MAX_INT64];
}

/** Once the price is fixed, the pool pays every account and every package what it may still ask for. */
function checkFixedBook(state: State, book: Book, positions: readonly Position[]): void {
  const owed = positions.map(({ collateral, legs, settled }) =>
    settled ? collateral : payout(book.market.scale, collateral, legs, book.price),
  );
  expect(
    owed.every((amount) => amount >= 0n),
    "no payout below zero",
  ).to.equal(true);
  expect(mostOwed(state, book, book.price) <= book.pool, "the pool pays everyone").to.equal(true);
}

/** Of every package that is held its legs are known, and it never owes anything. */
function checkPackages(state: State): void {
  for (const [key, supply] of packageSupplies(state)) {
    const known = state.packages.get(key);
    const book = known && findBook(state, known.book);
    if (known === undefined || book === undefined) throw new Error("an unknown package is held");
    expect(supply > 0n && packageId(known.book, known.legs) === known.id).to.equal(true);
    expect(requirement(book.market.scale, unpackLegs(known.legs)), "owes nothing").to.equal(0n);
  }
}

/** Everything that must hold between two transitions. */
export function checkInvariants(ledger: Ledger): void {
  checkHeld(ledger);
  checkPackages(ledger.state);
  for (const book of ledger.state.books.values()) {
    const positions = positionsIn(ledger.state, book);
    for (const position of positions) checkPosition(book, position);
    if (book.price === 0n) checkLiveBook(ledger.state, book, positions);
    else checkFixedBook(ledger.state, book, positions);
  }
}

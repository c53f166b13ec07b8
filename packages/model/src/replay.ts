import { LEVEL_HALTED, STYLE_INVERSE } from "./constants.ts";
import { hashTop } from "./eip712.ts";
import { ModelFault } from "./errors.ts";
import type { EventFields, EventName, EventOf, FilledPart, LedgerEvent } from "./events.ts";
import { unpackLegs } from "./ids.ts";
import { addLegs } from "./legs.ts";
import { cashOf, findBook, findMarket, isEmpty, keyOf, openAccount, positionOf } from "./state.ts";
import type { Account, Book, Market, Position, State } from "./state.ts";
import type { Address } from "./types.ts";

/* PARTS OF THE STATE */

function knownMarket(state: State, market: bigint): Market {
  const found = findMarket(state, market);
  if (found === undefined) throw new ModelFault(`market 0x${market.toString(16)} is not listed`);
  return found;
}

function knownBook(state: State, book: bigint): Book {
  const found = findBook(state, book);
  if (found === undefined) throw new ModelFault(`book 0x${book.toString(16)} is not open`);
  return found;
}

function natural(value: bigint, what: string): bigint {
  if (value < 0n) throw new ModelFault(`${what} falls below zero: ${value}`);
  return value;
}

function addCash(account: Account, token: Address, amount: bigint): void {
  const cash = natural(cashOf(account, token) + amount, "free cash");
  if (cash === 0n) account.cash.delete(token);
  else account.cash.set(token, cash);
}

function addHeld(state: State, token: Address, amount: bigint): void {
  const held = natural((state.held.get(token) ?? 0n) + amount, "what is held of a token");
  if (held === 0n) state.held.delete(token);
  else state.held.set(token, held);
}

function setPosition(account: Account, book: Book, position: Position): void {
  natural(position.collateral, "collateral");
  if (isEmpty(position)) account.positions.delete(book.key);
  else account.positions.set(book.key, position);
}

function addCollateral(account: Account, book: Book, amount: bigint): void {
  const position = positionOf(account, book);
  setPosition(account, book, { ...position, collateral: position.collateral + amount });
  book.pool = natural(book.pool + amount, "pool");
}

function tokenOf(book: Book): Address {
  return book.market.terms.token;
}

/* FILLS */

/** What a part brings to one side: legs per unit times a signed number of units, and collateral of which some is drawn. */
interface Change {
  readonly units: bigint;
  readonly collateral: bigint;
  readonly draw: bigint;
}

function applySide(account: Account, book: Book, part: FilledPart, change: Change): void {
  const before = positionOf(account, book);
  addCash(account, tokenOf(book), -change.draw);
  setPosition(account, book, {
    collateral: before.collateral + change.collateral,
    settled: before.settled,
    legs: addLegs(before.legs, unpackLegs(part.legs), change.units),
  });
}

function applyFill(state: State, filled: EventFields["OrderFilled"]): void {
  const maker = openAccount(state, filled.maker);
  const taker = openAccount(state, filled.taker);
  const { units } = filled;
  for (const part of filled.parts) {
    const book = knownBook(state, part.book);
    const { premium, fee, makerDraw, takerDraw } = part;
    applySide(maker, book, part, { units, collateral: premium + makerDraw, draw: makerDraw });
    const paid = premium + fee;
    applySide(taker, book, part, { units: -units, collateral: takerDraw - paid, draw: takerDraw });
    book.pool = natural(book.pool + makerDraw + takerDraw - fee, "pool");
    book.fees += fee;
  }
  const known = maker.nonces.get(filled.nonce);
  const before = known?.state === "partial" ? known.filled : 0n;
  maker.nonces.set(
    filled.nonce,
    filled.remaining === 0n
      ? { state: "filled" }
      : { state: "partial", hashTop: hashTop(filled.orderHash), filled: before + units },
  );
}

/* EVENTS */

function requireTime(given: bigint, blockTime: bigint): void {
  if (given !== blockTime) throw new ModelFault(`event of ${given} in a block of ${blockTime}`);
}

type Handlers = {
  readonly [N in EventName]: (state: State, args: EventFields[N], blockTime: bigint) => void;
};

const HANDLERS: Handlers = {
  MarketListed(state, { marketId, market, terms }) {
    state.markets.set(keyOf(market), {
      marketId,
      market,
      terms,
      scale: { inverse: terms.style === STYLE_INVERSE, num: terms.num, den: terms.den },
      guard: {
        ceiling: terms.ceiling,
        until: 0n,
        olderHalt: 0n,
        newerHalt: 0n,
        level: 0n,
        retired: false,
      },
    });
  },
  MarketRetired(state, { market }) {
    knownMarket(state, market).guard.retired = true;
  },
  GuardSet(state, { market, level, until, ceiling, setAt }, blockTime) {
    requireTime(setAt, blockTime);
    const { guard } = knownMarket(state, market);
    guard.level = level;
    guard.until = until;
    guard.ceiling = ceiling;
    if (level !== LEVEL_HALTED) return;
    guard.olderHalt = guard.newerHalt;
    guard.newerHalt = setAt;
  },
  BookOpened(state, { book, market, expiry }) {
    const key = keyOf(book);
    const parent = knownMarket(state, market);
    state.books.set(key, { book, key, market: parent, expiry, pool: 0n, fees: 0n, price: 0n });
  },
  Deposited(state, { account, token, book, amount }) {
    const credited = openAccount(state, account);
    addHeld(state, token, amount);
    if (book === 0n) addCash(credited, token, amount);
    else addCollateral(credited, knownBook(state, book), amount);
  },
  Withdrawn(state, { account, token, amount }) {
    addCash(openAccount(state, account), token, -amount);
    addHeld(state, token, -amount);
  },
  Allocated(state, { account, book: id, delta }) {
    const owner = openAccount(state, account);
    const book = knownBook(state, id);
    addCash(owner, tokenOf(book), -delta);
    addCollateral(owner, book, delta);
  },
  OrderFilled: applyFill,
  OrdersCancelled(state, { account, nonces }) {
    const maker = openAccount(state, account);
    for (const nonce of nonces) {
      if (maker.nonces.get(nonce)?.state !== "filled") {
        maker.nonces.set(nonce, { state: "cancelled" });
      }
    }
  },
  EpochRaised(state, { account, epoch }) {
    openAccount(state, account).epoch = epoch;
  },
  OperatorSet(state, { account, operator, scopes, until, since }, blockTime) {
    const { operators } = openAccount(state, account);
    if (scopes === 0n) {
      operators.delete(operator);
      return;
    }
    requireTime(since, blockTime);
    operators.set(operator, { scopes, until, since });
  },
  PriceFixed(state, { book, price }) {
    knownBook(state, book).price = price;
  },
  Settled(state, { book: id, accounts, payouts }) {
    const book = knownBook(state, id);
    accounts.forEach((account, index) => {
      const collateral = payouts[index];
      if (collateral === undefined) throw new ModelFault("an account was settled without payout");
      setPosition(openAccount(state, account), book, { collateral, settled: true, legs: [] });
    });
  },
  SettleSkipped() {
    // Reported and kept as it is: nothing changes.
  },
  Claimed(state, { account, book: id, amount, toWallet }) {
    const book = knownBook(state, id);
    const owner = openAccount(state, account);
    owner.positions.delete(book.key);
    book.pool = natural(book.pool - amount, "pool");
    if (toWallet) addHeld(state, tokenOf(book), -amount);
    else addCash(owner, tokenOf(book), amount);
  },
  FeesPushed(state, { book: id, amount }) {
    const book = knownBook(state, id);
    book.fees = natural(book.fees - amount, "fees");
    addHeld(state, tokenOf(book), -amount);
  },
  TreasurySet(state, { current }) {
    state.treasury = current;
  },
};

/**
 * Applies one event of the ledger: the only place that writes to a state. Events replayed in order from genesis give the
 * state that emitted them.
 *
 * @param state - Changed in place.
 * @param event - The event.
 * @param blockTime - Time of its block; events that carry a time must agree with it.
 */
export function applyEvent(state: State, event: LedgerEvent, blockTime: bigint): void {
  applyNamed(state, event, blockTime);
}

function applyNamed<N extends EventName>(state: State, event: EventOf<N>, time: bigint): void {
  const handler: Handlers[N] = HANDLERS[event.name];
  handler(state, event.args, time);
}

import {
  addCash,
  addCollateral,
  addHeld,
  knownBook,
  knownMarket,
  moveHolding,
  natural,
  setPosition,
  tokenOf,
} from "./cells.ts";
import { LEVEL_HALTED, STYLE_INVERSE } from "./constants.ts";
import { ModelFault } from "./errors.ts";
import type { EventFields, EventName, EventOf, LedgerEvent } from "./events.ts";
import { applyFill, requireSettled } from "./fills.ts";
import { openHolder, setPackageAllowance } from "./holders.ts";
import { unpackLegs } from "./ids.ts";
import { keyOf, openAccount } from "./state.ts";
import type { State } from "./state.ts";
import { applyRedeemed, applyTransfer, applyUnwrapped, applyWrapped } from "./tokens.ts";

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
    state.listed.push(market);
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
  FillSkipped() {
    // The maker is as before: nothing changes.
  },
  LegsMoved(state, { from, to, book: id, legs: packed, collateral }) {
    const book = knownBook(state, id);
    const legs = unpackLegs(packed);
    moveHolding(openAccount(state, from), book, legs, -1n, collateral);
    moveHolding(openAccount(state, to), book, legs, 1n, collateral);
  },
  Wrapped: applyWrapped,
  Unwrapped: applyUnwrapped,
  Redeemed: applyRedeemed,
  Transfer: applyTransfer,
  Approval(state, { owner, spender, id, amount }) {
    setPackageAllowance(state, owner, spender, id, amount);
  },
  OperatorSet(state, { owner, spender, approved }) {
    const { operators } = openHolder(state, owner);
    if (approved) operators.add(spender);
    else operators.delete(spender);
  },
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
  AccountOperatorSet(state, { account, operator, scopes, until, since }, blockTime) {
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
 * state that emitted them. Between the events of one call a taker may owe what the call draws at its end.
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

/**
 * Applies the events of one call, or of several calls one after another, and checks that nobody is left owing.
 *
 * @param state - Changed in place.
 * @param events - All events of the call, in order.
 * @param blockTime - Time of their block.
 */
export function applyCall(state: State, events: readonly LedgerEvent[], blockTime: bigint): void {
  for (const event of events) applyEvent(state, event, blockTime);
  requireSettled(state, events);
}

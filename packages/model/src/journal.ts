import { ModelFault } from "./errors.ts";
import type { EventFields, EventName, EventOf, LedgerEvent, PackageMove } from "./events.ts";
import { packageAllowanceOf, setPackageAllowance } from "./holders.ts";
import { ownerOf } from "./ids.ts";
import { findAccount, findBook, keyOf } from "./state.ts";
import type { Account, Book, State } from "./state.ts";
import type { Address, PackageId } from "./types.ts";
import { saveEntry, undoAll } from "./undo.ts";
import type { Undo } from "./undo.ts";

/* CELLS OF THE STATE */

/** Remembers some entries of an account; one that nothing was ever written to vanishes again. */
function saveAccount(state: State, id: bigint, save: (account: Account) => readonly Undo[]): Undo {
  const account = findAccount(state, id);
  if (account === undefined) return () => state.accounts.delete(keyOf(id));
  const undos = save(account);
  return () => undoAll(undos);
}

/** Remembers position and free cash of an account, in a book and its token. */
function saveHolding(state: State, id: bigint, book: Book): Undo {
  return saveAccount(state, id, ({ positions, cash }) => [
    saveEntry(positions, book.key),
    saveEntry(cash, book.market.terms.token),
  ]);
}

function saveCash(state: State, id: bigint, token: bigint): Undo {
  return saveAccount(state, id, ({ cash }) => [saveEntry(cash, token)]);
}

function saveNonces(state: State, id: bigint, names: readonly bigint[]): Undo {
  return saveAccount(state, id, ({ nonces }) => names.map((nonce) => saveEntry(nonces, nonce)));
}

function saveBalance(state: State, address: Address, id: PackageId): Undo {
  const holder = state.holders.get(address);
  if (holder === undefined) return () => state.holders.delete(address);
  return saveEntry(holder.balances, keyOf(id));
}

function saveAllowance(state: State, owner: Address, spender: Address, id: PackageId): Undo {
  const before = packageAllowanceOf(state, owner, spender, id);
  return () => setPackageAllowance(state, owner, spender, id, before);
}

/** Remembers what packages and legs are about to turn into each other. */
function savePackages(state: State, { account, id, book }: PackageMove): readonly Undo[] {
  return [
    saveHolding(state, account, knownBook(state, book)),
    saveBalance(state, ownerOf(account), id),
  ];
}

function saveBook(book: Book): Undo {
  const { pool, fees, price } = book;
  return () => Object.assign(book, { pool, fees, price });
}

function knownBook(state: State, id: bigint): Book {
  return findBook(state, id) ?? fault(`book 0x${id.toString(16)} is not open`);
}

function fault(message: string): never {
  throw new ModelFault(message);
}

/* EVENTS */

type Saver<N extends EventName> = (state: State, args: EventFields[N]) => readonly Undo[];

const saveNothing = (): readonly Undo[] => [];
const notInABatch = (): never => fault("no batch emits this event: there is nothing to undo it");

const SAVERS: { readonly [N in EventName]: Saver<N> } = {
  MarketListed: notInABatch,
  MarketRetired: notInABatch,
  GuardSet: notInABatch,
  BookOpened: notInABatch,
  EpochRaised: notInABatch,
  AccountOperatorSet: notInABatch,
  FeesPushed: notInABatch,
  TreasurySet: notInABatch,
  Approval: notInABatch,
  OperatorSet: notInABatch,
  FillSkipped: saveNothing,
  SettleSkipped: saveNothing,
  Deposited(state, { account, token, book: id }) {
    const held = saveEntry(state.held, token);
    if (id === 0n) return [held, saveCash(state, account, token)];
    const book = knownBook(state, id);
    return [held, saveBook(book), saveHolding(state, account, book)];
  },
  Withdrawn(state, { account, token }) {
    return [saveEntry(state.held, token), saveCash(state, account, token)];
  },
  Allocated(state, { account, book: id }) {
    const book = knownBook(state, id);
    return [saveBook(book), saveHolding(state, account, book)];
  },
  OrderFilled(state, { maker, taker, nonce, parts }) {
    const holdings = parts.flatMap(({ book: id }) => {
      const book = knownBook(state, id);
      return [saveBook(book), saveHolding(state, maker, book), saveHolding(state, taker, book)];
    });
    return [...holdings, saveNonces(state, maker, [nonce])];
  },
  LegsMoved(state, { from, to, book: id }) {
    const book = knownBook(state, id);
    return [saveHolding(state, from, book), saveHolding(state, to, book)];
  },
  Wrapped(state, move) {
    return [saveEntry(state.packages, keyOf(move.id)), ...savePackages(state, move)];
  },
  Unwrapped: savePackages,
  Redeemed(state, { holder, id, book: known }) {
    const book = knownBook(state, known);
    const held = saveEntry(state.held, book.market.terms.token);
    return [held, saveBook(book), saveBalance(state, holder, id)];
  },
  Transfer(state, { caller, sender, receiver, id }) {
    // Calls of a batch only make packages and take them back: that writes nothing yet but an allowance that is spent.
    if (sender === 0n) return [];
    return receiver === 0n ? [saveAllowance(state, sender, caller, id)] : notInABatch();
  },
  OrdersCancelled(state, { account, nonces }) {
    return [saveNonces(state, account, nonces)];
  },
  PriceFixed(state, { book }) {
    return [saveBook(knownBook(state, book))];
  },
  Settled(state, { book: id, accounts }) {
    const book = knownBook(state, id);
    return accounts.map((account) => saveHolding(state, account, book));
  },
  Claimed(state, { account, book: id }) {
    const book = knownBook(state, id);
    const held = saveEntry(state.held, book.market.terms.token);
    return [held, saveBook(book), saveHolding(state, account, book)];
  },
};

function saveNamed<N extends EventName>(state: State, event: EventOf<N>): readonly Undo[] {
  const saver: Saver<N> = SAVERS[event.name];
  return saver(state, event.args);
}

/**
 * Remembers what an event is about to write: the entries it touches and no others.
 *
 * @param state - Before the event is applied.
 * @param event - An event that calls of a batch emit.
 * @returns What puts those entries back.
 */
export function saveEvent(state: State, event: LedgerEvent): Undo {
  const undos = saveNamed(state, event);
  return () => undoAll(undos);
}

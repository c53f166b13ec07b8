import { findBook, ownerOf } from "@certus/model";
import type { Address, BookId, LedgerEvent, State } from "@certus/model";

import type { Expected, LedgerStorage } from "./storage.ts";

function tokenOf(state: State, book: BookId): Address {
  return findBook(state, book)?.market.terms.token ?? 0n;
}

/** Words of an account in a book: position, cash and the book itself. */
function inBook(storage: LedgerStorage, state: State, account: bigint, book: BookId): Expected[] {
  return [
    ...storage.position(state, account, book, 2),
    storage.cash(state, account, tokenOf(state, book)),
    storage.book(state, book),
  ];
}

/** Every word of the ledger that an event has to do with, as the model has it now. */
export function wordsTouched(storage: LedgerStorage, state: State, event: LedgerEvent): Expected[] {
  switch (event.name) {
    case "MarketListed":
    case "MarketRetired":
    case "GuardSet":
      return storage.market(state, event.args.market);
    case "BookOpened":
    case "PriceFixed":
    case "FeesPushed":
      return [storage.book(state, event.args.book)];
    case "Deposited": {
      const { account, token, book } = event.args;
      return book === 0n
        ? [storage.cash(state, account, token)]
        : inBook(storage, state, account, book);
    }
    case "Withdrawn":
      return [storage.cash(state, event.args.account, event.args.token)];
    case "Allocated":
    case "SettleSkipped":
    case "Claimed":
      return inBook(storage, state, event.args.account, event.args.book);
    case "OrderFilled": {
      const { maker, taker, nonce, parts } = event.args;
      const moved = parts.flatMap(({ book }) => [
        ...inBook(storage, state, maker, book),
        ...inBook(storage, state, taker, book),
      ]);
      return [...moved, ...storage.nonce(state, maker, nonce)];
    }
    case "FillSkipped":
      // Nothing changed; what must be as before is compared by the call's own orders.
      return [];
    case "LegsMoved": {
      const { from, to, book } = event.args;
      return [from, to].flatMap((account) => storage.position(state, account, book, 2));
    }
    case "Wrapped":
    case "Unwrapped": {
      const { account, book, id } = event.args;
      const held = storage.packages(state, ownerOf(account), id);
      return [...storage.position(state, account, book, 2), held];
    }
    case "Redeemed": {
      const { holder, id, book } = event.args;
      return [storage.packages(state, holder, id), storage.book(state, book)];
    }
    case "Transfer": {
      const { caller, sender, receiver, id } = event.args;
      return [
        storage.packages(state, sender, id),
        storage.packages(state, receiver, id),
        storage.packageAllowance(state, sender, caller, id),
      ];
    }
    case "Approval": {
      const { owner, spender, id } = event.args;
      return [storage.packageAllowance(state, owner, spender, id)];
    }
    case "OperatorSet":
      return [storage.tokenOperator(state, event.args.owner, event.args.spender)];
    case "OrdersCancelled": {
      const { account, nonces } = event.args;
      return nonces.flatMap((nonce) => storage.nonce(state, account, nonce));
    }
    case "EpochRaised":
      return [storage.epoch(state, event.args.account)];
    case "AccountOperatorSet":
      return [storage.operator(state, event.args.account, event.args.operator)];
    case "Settled": {
      const { accounts, book } = event.args;
      return accounts.flatMap((account) => storage.position(state, account, book, 2));
    }
    case "TreasurySet":
      return [storage.treasury(state)];
  }
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

import { findBook, keyOf, ownerOf } from "@certus/model";
import type {
  AccountId,
  Address,
  BookId,
  LedgerEvent,
  MarketId,
  PackageId,
  State,
} from "@certus/model";

/** Something that the ledger keeps in one word or in a few that belong together. */
export type Place =
  | { readonly kind: "treasury" }
  | { readonly kind: "market"; readonly market: MarketId }
  | { readonly kind: "marketCount" }
  | { readonly kind: "marketAt"; readonly index: number }
  | { readonly kind: "book"; readonly book: BookId }
  | { readonly kind: "cash"; readonly account: AccountId; readonly token: Address }
  | { readonly kind: "position"; readonly account: AccountId; readonly book: BookId }
  | { readonly kind: "epoch"; readonly account: AccountId }
  | { readonly kind: "operator"; readonly account: AccountId; readonly operator: Address }
  | { readonly kind: "nonce"; readonly account: AccountId; readonly nonce: bigint }
  | { readonly kind: "packages"; readonly holder: Address; readonly id: PackageId }
  | {
      readonly kind: "packageAllowance";
      readonly owner: Address;
      readonly spender: Address;
      readonly id: PackageId;
    }
  | { readonly kind: "tokenOperator"; readonly owner: Address; readonly spender: Address };

/** What no two places have in common. */
export function nameOfPlace(place: Place): string {
  switch (place.kind) {
    case "treasury":
      return "treasury";
    case "market":
      return `market ${keyOf(place.market)}`;
    case "marketCount":
      return "marketCount";
    case "marketAt":
      return `marketAt ${place.index}`;
    case "book":
      return `book ${keyOf(place.book)}`;
    case "cash":
      return `cash ${keyOf(place.account)} ${keyOf(place.token)}`;
    case "position":
      return `position ${keyOf(place.account)} ${keyOf(place.book)}`;
    case "epoch":
      return `epoch ${keyOf(place.account)}`;
    case "operator":
      return `operator ${keyOf(place.account)} ${keyOf(place.operator)}`;
    case "nonce":
      return `nonce ${keyOf(place.account)} ${keyOf(place.nonce)}`;
    case "packages":
      return `packages ${keyOf(place.holder)} ${keyOf(place.id)}`;
    case "packageAllowance":
      return `allowance ${keyOf(place.owner)} ${keyOf(place.spender)} ${keyOf(place.id)}`;
    case "tokenOperator":
      return `tokenOperator ${keyOf(place.owner)} ${keyOf(place.spender)}`;
  }
}

/** What an account has in a book, the free cash that it is drawn from, and the book. */
function inBook(state: State, account: AccountId, book: BookId): readonly Place[] {
  const token = findBook(state, book)?.market.terms.token ?? 0n;
  return [
    { kind: "position", account, book },
    { kind: "cash", account, token },
    { kind: "book", book },
  ];
}

/** All that an event has to do with; what it writes is among it. */
export function placesOf(state: State, event: LedgerEvent): readonly Place[] {
  switch (event.name) {
    case "MarketListed": {
      const { market } = event.args;
      return [
        { kind: "market", market },
        { kind: "marketCount" },
        { kind: "marketAt", index: state.listed.lastIndexOf(market) },
      ];
    }
    case "MarketRetired":
    case "GuardSet":
      return [{ kind: "market", market: event.args.market }];
    case "BookOpened":
    case "PriceFixed":
    case "FeesPushed":
      return [{ kind: "book", book: event.args.book }];
    case "Deposited": {
      const { account, token, book } = event.args;
      return book === 0n ? [{ kind: "cash", account, token }] : inBook(state, account, book);
    }
    case "Withdrawn":
      return [{ kind: "cash", account: event.args.account, token: event.args.token }];
    case "Allocated":
    case "SettleSkipped":
    case "Claimed":
      return inBook(state, event.args.account, event.args.book);
    case "OrderFilled": {
      const { maker, taker, nonce, parts } = event.args;
      const moved = parts.flatMap(({ book }) => [
        ...inBook(state, maker, book),
        ...inBook(state, taker, book),
      ]);
      return [...moved, { kind: "nonce", account: maker, nonce }];
    }
    case "FillSkipped":
      // Nothing changed.
      return [];
    case "LegsMoved": {
      const { from, to, book } = event.args;
      return [from, to].map((account) => ({ kind: "position", account, book }));
    }
    case "Wrapped":
    case "Unwrapped": {
      const { account, book, id } = event.args;
      return [
        { kind: "position", account, book },
        { kind: "packages", holder: ownerOf(account), id },
      ];
    }
    case "Redeemed": {
      const { holder, id, book } = event.args;
      return [
        { kind: "packages", holder, id },
        { kind: "book", book },
      ];
    }
    case "Transfer": {
      const { caller, sender, receiver, id } = event.args;
      return [
        { kind: "packages", holder: sender, id },
        { kind: "packages", holder: receiver, id },
        { kind: "packageAllowance", owner: sender, spender: caller, id },
      ];
    }
    case "Approval": {
      const { owner, spender, id } = event.args;
      return [{ kind: "packageAllowance", owner, spender, id }];
    }
    case "OperatorSet":
      return [{ kind: "tokenOperator", owner: event.args.owner, spender: event.args.spender }];
    case "OrdersCancelled": {
      const { account, nonces } = event.args;
      return nonces.map((nonce) => ({ kind: "nonce", account, nonce }));
    }
    case "EpochRaised":
      return [{ kind: "epoch", account: event.args.account }];
    case "AccountOperatorSet": {
      const { account, operator } = event.args;
      return [{ kind: "operator", account, operator }];
    }
    case "Settled": {
      const { accounts, book } = event.args;
      return accounts.map((account) => ({ kind: "position", account, book }));
    }
    case "TreasurySet":
      return [{ kind: "treasury" }];
  }
}

import { keyOf } from "@certus/model";

import { eventsSince } from "../logs.ts";
import { openings } from "../books.ts";
import { NEXT_BLOCK } from "../oracle/hubs.ts";
import type { Session } from "../session.ts";
import { walletBalance } from "../tokens.ts";
import type { Token } from "../tokens.ts";
import type { Guarded } from "./breakers.ts";

/** What proves that the ledger has too little of a token: books and accounts to which it owes more than it has. */
export interface ShortfallProof {
  /** Strictly ascending, as the breaker wants them. */
  readonly books: readonly bigint[];
  readonly accounts: readonly bigint[];
  /** What is owed to them, base units. */
  readonly owed: bigint;
  readonly balance: bigint;
}

/** Something that the ledger owes. */
export interface Debt {
  readonly kind: "book" | "account";
  readonly id: bigint;
  readonly owed: bigint;
}

/** The fewest debts that exceed the balance, the largest first; all of them where they do not. */
export function proofOf(debts: readonly Debt[], balance: bigint): ShortfallProof {
  const chosen: Debt[] = [];
  let owed = 0n;
  for (const debt of debts.toSorted((a, b) => (b.owed > a.owed ? 1 : b.owed < a.owed ? -1 : 0))) {
    if (owed > balance || debt.owed === 0n) break;
    chosen.push(debt);
    owed += debt.owed;
  }
  const ids = (kind: Debt["kind"]): bigint[] =>
    chosen
      .filter((debt) => debt.kind === kind)
      .map(({ id }) => id)
      .sort((a, b) => (a < b ? -1 : 1));
  return { books: ids("book"), accounts: ids("account"), owed, balance };
}

/** Collects from events who may have a claim on the ledger for a market's token, and asks what each is owed. */
export async function shortfallProof(session: Session, guarded: Guarded): Promise<ShortfallProof> {
  const { token } = guarded;
  const [books, accounts, balance] = await Promise.all([
    booksOf(session, token),
    accountsOf(session, token),
    walletBalance(session, token, session.ledgerAddress),
  ]);
  const { ledger } = session;
  const debts = await Promise.all([
    ...books.map(async (id): Promise<Debt> => {
      const { pool, fees } = await ledger.bookOf(id, NEXT_BLOCK);
      return { kind: "book", id, owed: pool + fees };
    }),
    ...accounts.map(async (id): Promise<Debt> => {
      return { kind: "account", id, owed: await ledger.cashOf(id, token.address, NEXT_BLOCK) };
    }),
  ]);
  return proofOf(debts, balance);
}

/** Books of every market that holds the token. */
async function booksOf(session: Session, token: Token): Promise<bigint[]> {
  const opened = await openings(session);
  const markets = [...new Set(opened.map(({ market }) => market))];
  const holding = new Set(
    (
      await Promise.all(
        markets.map(async (market) => {
          const terms = await session.ledger.termsOf(market);
          return terms.token === token.address ? keyOf(market) : "";
        }),
      )
    ).filter((key) => key !== ""),
  );
  return opened.filter(({ market }) => holding.has(keyOf(market))).map(({ book }) => book);
}

/** Accounts that ever had free cash of the token: paid in, freed or claimed. */
async function accountsOf(session: Session, token: Token): Promise<bigint[]> {
  const { ledger } = session;
  const { filters } = ledger;
  const deposited = filters.Deposited(undefined, token.address);
  const found = await Promise.all([
    eventsSince(session, (from, to) => ledger.queryFilter(deposited, from, to)),
    eventsSince(session, (from, to) => ledger.queryFilter(filters.Allocated(), from, to)),
    eventsSince(session, (from, to) => ledger.queryFilter(filters.Claimed(), from, to)),
  ]);
  const accounts = new Map<string, bigint>();
  for (const { args } of found.flat()) accounts.set(keyOf(args.account), args.account);
  return [...accounts.values()];
}

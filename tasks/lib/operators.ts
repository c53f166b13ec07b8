import { ownerOf } from "../../packages/contracts/src/ids.ts";
import { eventsSince } from "./logs.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** What an operator may do, by the ledger's bits. */
export const SCOPES = { trade: 1n, manage: 2n } as const;

/** One of the two. */
export type Scope = keyof typeof SCOPES;

/** Who may act for an account. */
export interface Operator {
  readonly operator: string;
  readonly scopes: bigint;
  /** When it ends, unix seconds. */
  readonly until: bigint;
  /** From when on its orders count. */
  readonly since: bigint;
  /** Whether it is also a token operator of the owner, as unwrapping takes. */
  readonly movesPackages: boolean;
}

/** `trade`, `manage`, both with a comma between, or `none`. */
export function parseScopes(name: string, text: string): bigint {
  const words = text
    .toLowerCase()
    .split(",")
    .map((word) => word.trim());
  if (words.length === 1 && words[0] === "none") return 0n;
  return words.reduce((scopes, word) => {
    if (word === "trade" || word === "manage") return scopes | SCOPES[word];
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no scope: write trade, manage, trade,manage or none.`,
    );
  }, 0n);
}

/** The words for scopes; none for none. */
export function scopesOf(scopes: bigint): Scope[] {
  const words: Scope[] = ["trade", "manage"];
  return words.filter((word) => (scopes & SCOPES[word]) !== 0n);
}

/** Everybody who was ever let act for an account, as it stands now; none of those whose grant was taken back. */
export async function operatorsOf(session: Session, account: bigint): Promise<Operator[]> {
  const { ledger } = session;
  const filter = ledger.filters.AccountOperatorSet(account);
  const events = await eventsSince(session, (from, to) => ledger.queryFilter(filter, from, to));
  const named = [...new Set(events.map(({ args }) => args.operator))];
  const found = await Promise.all(named.map((operator) => operatorOf(session, account, operator)));
  return found.filter(({ scopes }) => scopes !== 0n);
}

/** What somebody may do for an account. */
export async function operatorOf(
  { ledger }: Session,
  account: bigint,
  operator: string,
): Promise<Operator> {
  const [{ scopes, until, since }, movesPackages] = await Promise.all([
    ledger.operatorOf(account, operator),
    ledger.isOperator(ownerOf(account), operator),
  ]);
  return { operator, scopes, until, since, movesPackages };
}

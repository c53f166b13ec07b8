import type { Holder } from "./holders.ts";
import { keccakText } from "./keccak.ts";
import { isEmpty } from "./state.ts";
import type { Account, Book, Market, State } from "./state.ts";

/** A value that JSON can carry; numbers are hex strings. */
export type Dump = string | boolean | readonly Dump[] | { readonly [field: string]: Dump };

function hex(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}

function dumpValue(value: unknown): Dump {
  if (typeof value === "bigint") return hex(value);
  if (typeof value === "boolean" || typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(dumpValue);
  return dumpObject(Object.entries(value ?? {}));
}

/** Fields sorted by name, so that the order of writing does not show. */
function dumpObject(fields: Iterable<readonly [string | bigint, unknown]>): Dump {
  const dumped = [...fields].map(
    ([name, value]) => [typeof name === "bigint" ? hex(name) : name, dumpValue(value)] as const,
  );
  return Object.fromEntries(dumped.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function dumpMarket({ marketId, terms, guard }: Market): Dump {
  return dumpObject(Object.entries({ marketId, terms, guard }));
}

function dumpBook({ market, expiry, pool, fees, price }: Book): Dump {
  return dumpObject(Object.entries({ market: market.market, expiry, pool, fees, price }));
}

function dumpAccount(account: Account): Dump {
  return {
    cash: dumpObject(account.cash),
    epoch: hex(account.epoch),
    nonces: dumpObject(account.nonces),
    operators: dumpObject(account.operators),
    positions: dumpObject(account.positions),
  };
}

/** Whether an account holds nothing: it reads like one that was never written to. */
function isBlank({ cash, epoch, nonces, operators, positions }: Account): boolean {
  const kept = [...positions.values()].some((position) => !isEmpty(position));
  return epoch === 0n && !kept && [cash, nonces, operators].every(({ size }) => size === 0);
}

function dumpHolder({ balances, allowances, operators }: Holder): Dump {
  return {
    allowances: dumpObject([...allowances].map(([spender, ids]) => [spender, dumpKeyed(ids)])),
    balances: dumpKeyed(balances),
    operators: dumpObject([...operators].map((operator) => [operator, true])),
  };
}

/** Whether somebody holds nothing and has let nobody do anything. */
function isIdle({ balances, allowances, operators }: Holder): boolean {
  return [balances, allowances, operators].every(({ size }) => size === 0);
}

function dumpKeyed(amounts: ReadonlyMap<string, bigint>): Dump {
  return dumpMap(amounts, hex);
}

function dumpMap<V>(map: ReadonlyMap<string, V>, dump: (value: V) => Dump): Dump {
  const keys = [...map.keys()].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = map.get(key);
      return value === undefined ? [] : [[`0x${key}`, dump(value)] as const];
    }),
  );
}

/** The whole state in a canonical form: equal states give deeply equal dumps, whatever led to them. */
export function dumpState(state: State): Dump {
  const holders = [...state.holders].filter(([, holder]) => !isIdle(holder));
  const accounts = new Map([...state.accounts].filter(([, account]) => !isBlank(account)));
  return {
    accounts: dumpMap(accounts, dumpAccount),
    books: dumpMap(state.books, dumpBook),
    chainId: hex(state.chainId),
    held: dumpObject(state.held),
    holders: dumpObject(holders.map(([address, holder]) => [address, dumpHolder(holder)])),
    ledger: hex(state.ledger),
    listed: state.listed.map(hex),
    markets: dumpMap(state.markets, dumpMarket),
    treasury: hex(state.treasury),
  };
}

/** keccak256 of the canonical dump. For comparing states of the model with each other; no commitment. */
export function digestState(state: State): bigint {
  return keccakText(JSON.stringify(dumpState(state)));
}

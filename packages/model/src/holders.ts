import { natural } from "./cells.ts";
import { keyOf } from "./state.ts";
import type { State } from "./state.ts";
import type { Address, BookId, PackageId } from "./types.ts";

/** What a package is made of. Nothing of it is stored on chain: it is learnt from the first wrap. */
export interface Package {
  readonly id: PackageId;
  readonly book: BookId;
  /** Packed legs of one package. */
  readonly legs: readonly bigint[];
}

/** What somebody holds as ERC-6909 tokens, and who else may move them. Nothing is kept of what is zero. */
export interface Holder {
  /** Packages held, by the key of their id. */
  readonly balances: Map<string, bigint>;
  /** What a spender may take, by spender, then by the key of the id. */
  readonly allowances: Map<Address, Map<string, bigint>>;
  /** Who may move all tokens. */
  readonly operators: Set<Address>;
}

/** A holder to write to: created if nothing was ever written to it. */
export function openHolder(state: State, address: Address): Holder {
  const known = state.holders.get(address);
  if (known !== undefined) return known;
  const created: Holder = { balances: new Map(), allowances: new Map(), operators: new Set() };
  state.holders.set(address, created);
  return created;
}

/** How many packages of an id somebody holds. */
export function packageBalanceOf(state: State, holder: Address, id: PackageId): bigint {
  return state.holders.get(holder)?.balances.get(keyOf(id)) ?? 0n;
}

/** How many packages of an id a spender may take from an owner. */
export function packageAllowanceOf(
  state: State,
  owner: Address,
  spender: Address,
  id: PackageId,
): bigint {
  return state.holders.get(owner)?.allowances.get(spender)?.get(keyOf(id)) ?? 0n;
}

/** Whether somebody may move all packages of an owner. */
export function isTokenOperator(state: State, owner: Address, spender: Address): boolean {
  return state.holders.get(owner)?.operators.has(spender) ?? false;
}

/** How many packages of each id there are, by the key of the id. */
export function packageSupplies(state: State): ReadonlyMap<string, bigint> {
  const supplies = new Map<string, bigint>();
  for (const { balances } of state.holders.values()) {
    for (const [key, amount] of balances) supplies.set(key, (supplies.get(key) ?? 0n) + amount);
  }
  return supplies;
}

function write(amounts: Map<string, bigint>, id: PackageId, amount: bigint): void {
  if (amount === 0n) amounts.delete(keyOf(id));
  else amounts.set(keyOf(id), amount);
}

/** Adds to the packages that somebody holds. */
export function addPackages(state: State, address: Address, id: PackageId, amount: bigint): void {
  const balance = packageBalanceOf(state, address, id) + amount;
  write(openHolder(state, address).balances, id, natural(balance, "packages"));
}

/** Writes what a spender may take from an owner. */
export function setPackageAllowance(
  state: State,
  owner: Address,
  spender: Address,
  id: PackageId,
  amount: bigint,
): void {
  const { allowances } = openHolder(state, owner);
  const known = allowances.get(spender) ?? new Map<string, bigint>();
  write(known, id, natural(amount, "an allowance"));
  if (known.size === 0) allowances.delete(spender);
  else allowances.set(spender, known);
}

import { MAX_UINT256 } from "../constants.ts";
import { refuse } from "../errors.ts";
import type { Address } from "../types.ts";
import { saveEntry, undoAll } from "../undo.ts";
import type { Undo } from "../undo.ts";

/** What a token that knows EIP-2612 permits keeps for them. */
export interface Permits {
  /** The token's EIP-712 domain separator. */
  readonly domain: bigint;
  /** Permits used, by owner. */
  readonly nonces: Map<Address, bigint>;
}

/** A standard ERC-20 token. */
export interface Token {
  readonly balances: Map<Address, bigint>;
  /** By owner, then by spender. */
  readonly allowances: Map<Address, Map<Address, bigint>>;
  /** What every transfer loses on its way: 0 for an exact token, the only kind the ledger takes. */
  loss: bigint;
  /** Undefined for a token without permits. */
  permits?: Permits;
}

/** A token without holders; with permits if it is given a domain separator for them. */
export function createToken(permitDomain?: bigint): Token {
  const token: Token = { balances: new Map(), allowances: new Map(), loss: 0n };
  if (permitDomain !== undefined) token.permits = { domain: permitDomain, nonces: new Map() };
  return token;
}

/** Balance of a holder. */
export function balanceOf(token: Token, holder: Address): bigint {
  return token.balances.get(holder) ?? 0n;
}

/** What a spender may still take from an owner. */
export function allowanceOf(token: Token, owner: Address, spender: Address): bigint {
  return token.allowances.get(owner)?.get(spender) ?? 0n;
}

/** Creates an amount out of nothing. */
export function mint(token: Token, to: Address, amount: bigint): void {
  token.balances.set(to, balanceOf(token, to) + amount);
}

/** Sets what a spender may take. */
export function approve(token: Token, owner: Address, spender: Address, amount: bigint): void {
  const spenders = token.allowances.get(owner) ?? new Map<Address, bigint>();
  spenders.set(spender, amount);
  token.allowances.set(owner, spenders);
}

/** Remembers what a spender may take, before it changes. */
export function saveAllowance(token: Token, owner: Address, spender: Address): Undo {
  const spenders = token.allowances.get(owner);
  return spenders ? saveEntry(spenders, spender) : saveEntry(token.allowances, owner);
}

/** Remembers what two holders have, before an amount moves between them. */
export function saveBalances(token: Token, from: Address, to: Address): Undo {
  const undos = [from, to].map((holder) => saveEntry(token.balances, holder));
  return () => undoAll(undos);
}

/** Moves an amount; the receiver gets it less the token's loss. Throws a `Refusal` if the balance is too small. */
export function transfer(token: Token, from: Address, to: Address, amount: bigint): void {
  const balance = balanceOf(token, from);
  if (balance < amount) refuse("ERC20InsufficientBalance", from, balance, amount);
  token.balances.set(from, balance - amount);
  mint(token, to, arriving(token, amount));
}

/** What arrives of an amount sent. */
export function arriving(token: Token, amount: bigint): bigint {
  return amount > token.loss ? amount - token.loss : 0n;
}

/** Refuses what `transferFrom` would refuse: the allowance is looked at first, then the balance. */
export function checkTransferFrom(
  token: Token,
  spender: Address,
  from: Address,
  amount: bigint,
): void {
  const allowance = allowanceOf(token, from, spender);
  if (allowance < amount) refuse("ERC20InsufficientAllowance", spender, allowance, amount);
  const balance = balanceOf(token, from);
  if (balance < amount) refuse("ERC20InsufficientBalance", from, balance, amount);
}

/** Moves an amount on an allowance; an allowance of 2^256 − 1 is not used up. */
export function transferFrom(
  token: Token,
  spender: Address,
  from: Address,
  to: Address,
  amount: bigint,
): void {
  checkTransferFrom(token, spender, from, amount);
  const allowance = allowanceOf(token, from, spender);
  if (allowance !== MAX_UINT256) approve(token, from, spender, allowance - amount);
  transfer(token, from, to, amount);
}

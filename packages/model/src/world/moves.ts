import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { Address } from "../types.ts";
import { arriving, balanceOf, checkTransferFrom, transfer, transferFrom } from "./tokens.ts";
import type { Token } from "./tokens.ts";

function requireToken({ world }: Context, token: Address): Token {
  return world.tokens.get(token) ?? refuse("ForeignCallFailed", token);
}

/**
 * Checks that the ledger can take an amount from the caller, exactly.
 *
 * @returns What does it.
 */
export function planPull(context: Context, address: Address, amount: bigint): () => void {
  const token = requireToken(context, address);
  const { ledger } = context.state;
  const { sender } = context.env;
  checkTransferFrom(token, ledger, sender, amount);
  const received = arriving(token, amount);
  if (received !== amount) refuse("TransferMismatch", address, received, amount);
  return () => transferFrom(token, ledger, sender, ledger, amount);
}

/**
 * Checks that the ledger can send an amount.
 *
 * @returns What does it.
 */
export function planPush(
  context: Context,
  address: Address,
  to: Address,
  amount: bigint,
): () => void {
  const token = requireToken(context, address);
  const { ledger } = context.state;
  const balance = balanceOf(token, ledger);
  if (balance < amount) refuse("ERC20InsufficientBalance", ledger, balance, amount);
  return () => transfer(token, ledger, to, amount);
}

import type { Context } from "../context.ts";
import { refuse } from "../errors.ts";
import type { Address } from "../types.ts";
import { undoAll } from "../undo.ts";
import type { Undo } from "../undo.ts";
import {
  arriving,
  balanceOf,
  checkTransferFrom,
  saveAllowance,
  saveBalances,
  transfer,
  transferFrom,
} from "./tokens.ts";
import type { Token } from "./tokens.ts";

function requireToken({ world }: Context, token: Address): Token {
  return world.tokens.get(token) ?? refuse("ForeignCallFailed", token);
}

/**
 * Checks that the ledger can take an amount from the caller, exactly.
 *
 * @returns What does it, and answers what takes it back.
 */
export function planPull(context: Context, address: Address, amount: bigint): () => Undo {
  const token = requireToken(context, address);
  const { ledger } = context.state;
  const { sender } = context.env;
  checkTransferFrom(token, ledger, sender, amount);
  const received = arriving(token, amount);
  if (received !== amount) refuse("TransferMismatch", address, received, amount);
  return () => {
    const undos = [saveBalances(token, sender, ledger), saveAllowance(token, sender, ledger)];
    transferFrom(token, ledger, sender, ledger, amount);
    return () => undoAll(undos);
  };
}

/**
 * Checks that the ledger can send an amount.
 *
 * @param earlier - What the same call sends of the token before.
 * @returns What does it, and answers what takes it back.
 */
export function planPush(
  context: Context,
  address: Address,
  to: Address,
  amount: bigint,
  earlier = 0n,
): () => Undo {
  const token = requireToken(context, address);
  const { ledger } = context.state;
  const balance = balanceOf(token, ledger) - earlier;
  if (balance < amount) refuse("ERC20InsufficientBalance", ledger, balance, amount);
  return () => {
    const undo = saveBalances(token, ledger, to);
    transfer(token, ledger, to, amount);
    return undo;
  };
}

import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import { isTokenOperator, packageAllowanceOf, packageBalanceOf } from "../holders.ts";
import type { Address, PackageId } from "../types.ts";

/** What moves a token by the hand of the caller, whom somebody has let. */
function move(
  { state, env }: Context,
  sender: Address,
  receiver: Address,
  id: PackageId,
  amount: bigint,
): Effect<boolean> {
  if (sender === 0n) refuse("ERC6909InvalidSender", sender);
  if (receiver === 0n) refuse("ERC6909InvalidReceiver", receiver);
  const balance = packageBalanceOf(state, sender, id);
  if (balance < amount) refuse("ERC6909InsufficientBalance", sender, balance, amount, id);
  const args = { caller: env.sender, sender, receiver, id, amount };
  return { returned: true, events: [{ name: "Transfer", args }] };
}

/** Refuses to move a holder's packages by anyone but the holder, its token operators, and spenders within their allowance. */
export function requireLeave(
  { state, env }: Context,
  holder: Address,
  id: PackageId,
  amount: bigint,
): void {
  const caller = env.sender;
  if (caller === holder || isTokenOperator(state, holder, caller)) return;
  const allowance = packageAllowanceOf(state, holder, caller, id);
  if (allowance < amount) refuse("ERC6909InsufficientAllowance", caller, allowance, amount, id);
}

/** Refuses the zero address as giver and as receiver of a right. */
function requireRight(owner: Address, spender: Address): void {
  if (owner === 0n) refuse("ERC6909InvalidApprover", owner);
  if (spender === 0n) refuse("ERC6909InvalidSpender", spender);
}

/** transfer(receiver, id, amount): the holder. */
export function transfer(
  context: Context,
  receiver: Address,
  id: PackageId,
  amount: bigint,
): Effect<boolean> {
  return move(context, context.env.sender, receiver, id, amount);
}

/** transferFrom(sender, receiver, id, amount): the sender, its token operators, and spenders within their allowance. */
export function transferFrom(
  context: Context,
  sender: Address,
  receiver: Address,
  id: PackageId,
  amount: bigint,
): Effect<boolean> {
  requireLeave(context, sender, id, amount);
  return move(context, sender, receiver, id, amount);
}

/** approve(spender, id, amount): the holder. */
export function approve(
  { env }: Context,
  spender: Address,
  id: PackageId,
  amount: bigint,
): Effect<boolean> {
  const owner = env.sender;
  requireRight(owner, spender);
  const args = { owner, spender, id, amount };
  return { returned: true, events: [{ name: "Approval", args }] };
}

/** setOperator(spender, approved): the holder. */
export function setOperator(
  { env }: Context,
  spender: Address,
  approved: boolean,
): Effect<boolean> {
  const owner = env.sender;
  requireRight(owner, spender);
  const args = { owner, spender, approved };
  return { returned: true, events: [{ name: "OperatorSet", args }] };
}

import { SCOPES_ALL, SCOPE_TRADE } from "../constants.ts";
import { requireOwner, requirePermitted } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import { findAccount } from "../state.ts";
import type { AccountId, Address } from "../types.ts";

/** cancel(account, nonces): trade. */
export function cancel(
  context: Context,
  account: AccountId,
  nonces: readonly bigint[],
): Effect<void> {
  requirePermitted(context, account, SCOPE_TRADE);
  return { returned: undefined, events: [{ name: "OrdersCancelled", args: { account, nonces } }] };
}

/** raiseEpoch(account): trade. */
export function raiseEpoch(context: Context, account: AccountId): Effect<void> {
  requirePermitted(context, account, SCOPE_TRADE);
  const epoch = (findAccount(context.state, account)?.epoch ?? 0n) + 1n;
  return { returned: undefined, events: [{ name: "EpochRaised", args: { account, epoch } }] };
}

/** setAccountOperator(account, operator, scopes, until): the owner. Scopes 0 revoke, and the event is all zero then. */
export function setAccountOperator(
  context: Context,
  account: AccountId,
  operator: Address,
  scopes: bigint,
  until: bigint,
): Effect<void> {
  const { now } = context.env;
  requireOwner(context, account);
  if (operator === 0n) refuse("OperatorInvalid", operator);
  if (scopes > SCOPES_ALL) refuse("ScopesUnknown", scopes, SCOPES_ALL);
  if (scopes !== 0n && until <= now) refuse("OperatorEnded", until, now);
  const args =
    scopes === 0n
      ? { account, operator, scopes, until: 0n, since: 0n }
      : { account, operator, scopes, until, since: now };
  return { returned: undefined, events: [{ name: "AccountOperatorSet", args }] };
}

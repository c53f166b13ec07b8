import { dumpState } from "@certus/model";
import type {
  BatchCall,
  BatchResult,
  Env,
  Ledger,
  LedgerEvent,
  Order,
  Outcome,
} from "@certus/model";
import { dumpTokens } from "./refusals.ts";
import { OPEN_LIMIT, from, sign } from "./scene.ts";

/** Everything that a call may change. */
export function dumpAll({ state, world }: Ledger): unknown {
  return [dumpState(state), dumpTokens(world)];
}

/** The call of a fill in a batch: one unit without limits, unless told otherwise. */
export function fillCall(
  ledger: Ledger,
  account: bigint,
  order: Order,
  { units = 1n, limit = OPEN_LIMIT } = {},
): BatchCall {
  const limits = order.parts.map(() => limit);
  const signer = order.account >> 96n;
  return { name: "fill", args: [account, order, signer, sign(ledger, order), units, limits] };
}

/** Runs a batch by the hand of an account's owner. */
export function batchBy(
  ledger: Ledger,
  account: bigint,
  calls: readonly BatchCall[],
  changes: Partial<Env> = {},
): Outcome<readonly BatchResult[]> {
  return ledger.batch({ ...from(account >> 96n), ...changes }, calls);
}

/** Names of events, in order. */
export function namesOf(events: readonly LedgerEvent[]): readonly string[] {
  return events.map(({ name }) => name);
}

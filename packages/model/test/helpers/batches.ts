import { dumpState, packLeg } from "@certus/model";
import type {
  BatchCall,
  BatchResult,
  Env,
  Leg,
  Ledger,
  LedgerEvent,
  Order,
  Outcome,
} from "@certus/model";
import { dumpTokens } from "./refusals.ts";
import { OPEN_LIMIT, createScene, from, order, part, sign } from "./scene.ts";
import type { Scene } from "./scene.ts";

/** Everything that a call may change. */
export function dumpAll({ state, world }: Ledger): unknown {
  return [dumpState(state), dumpTokens(world)];
}

/** The call of a fill in a batch: one unit without limits, unless told otherwise. */
export function fillCall(
  ledger: Ledger,
  account: bigint,
  signed: Order,
  { units = 1n, limit = OPEN_LIMIT } = {},
): BatchCall {
  const limits = signed.parts.map(() => limit);
  const signer = signed.account >> 96n;
  return { name: "fill", args: [account, signed, signer, sign(ledger, signed), units, limits] };
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

/** No draw from free cash. */
export const NO_DRAW = { limit: { ...OPEN_LIMIT, maxDraw: 0n } };

/** A scene without fees, so that an empty position can take for nothing. */
export function feeless(cash: bigint = 10n ** 30n): Scene {
  return createScene({ linear: { feePerLot: 0n }, inverse: { feePerLot: 0n }, cash });
}

/** Alice buys: her taker goes short and needs cover. */
export function bid(
  { linear, alice }: Scene,
  legs: readonly Leg[],
  nonce = 0n,
  premium = 0n,
): Order {
  return order(alice, [part(linear, legs, { premium })], { nonce });
}

/** The call of allocate. */
export function allocate({ linear }: Scene, account: bigint, amount: bigint): BatchCall {
  return { name: "allocate", args: [account, linear.book, amount] };
}

/** The call of transferLegs in the linear book. */
export function transfer(
  { linear }: Scene,
  from: bigint,
  to: bigint,
  legs: readonly Leg[],
  amount = 0n,
): BatchCall {
  return { name: "transferLegs", args: [from, to, linear.book, legs.map(packLeg), amount] };
}

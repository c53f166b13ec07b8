import type { BatchCall, Env, Fill, Ledger, Outcome } from "@certus/model";

import type { Twin } from "../world/twin.ts";
import type { CallOf, InnerCall, LedgerAction, LedgerCall, SignedOrder } from "./command.ts";
import { signAs, signPermit } from "./signing.ts";
import type { Signatories } from "./signing.ts";

/** What a method of the model's front door takes after the surroundings. */
type ArgumentsOf<K extends LedgerCall> = Ledger[K] extends (env: Env, ...args: infer A) => unknown
  ? A
  : never;

type FrontDoor = {
  readonly [K in LedgerCall]: (env: Env, ...args: readonly unknown[]) => Outcome<unknown>;
};

type Readers = {
  readonly [K in LedgerCall]: (call: LedgerAction<K>, signatories: Signatories) => ArgumentsOf<K>;
};

function fillOf(signed: SignedOrder, signatories: Signatories): Fill {
  const { order, signer } = signed;
  return { order, signer, signature: signAs(signed, signatories).evidence };
}

const READERS: Readers = {
  list: ({ terms }) => [terms],
  retire: ({ market }) => [market],
  setGuard: ({ market, level, until, ceiling }) => [market, level, until, ceiling],
  openBook: ({ market, expiry }) => [market, expiry],
  deposit: ({ account, token, amount }) => [account, token, amount],
  depositToBook: ({ account, book, amount }) => [account, book, amount],
  withdraw: ({ account, token, amount, to }) => [account, token, amount, to],
  allocate: ({ account, book, amount }) => [account, book, amount],
  free: ({ account, book, amount }) => [account, book, amount],
  fill: (call, signatories) => {
    const { order, signer, signature } = fillOf(call, signatories);
    return [call.account, order, signer, signature, call.units, call.limits];
  },
  fillMany: ({ account, fills, minUnits, maxUnits, limits }, signatories) => {
    const signed = fills.map((fill) => fillOf(fill, signatories));
    return [account, signed, minUnits, maxUnits, limits];
  },
  transferLegs: ({ from, to, book, legs, collateral }) => [from, to, book, legs, collateral],
  wrap: ({ account, book, legs, amount }) => [account, book, legs, amount],
  unwrap: ({ account, book, legs, amount }) => [account, book, legs, amount],
  redeem: ({ book, legs, amount, to }) => [book, legs, amount, to],
  transfer: ({ receiver, id, amount }) => [receiver, id, amount],
  transferFrom: ({ holder, receiver, id, amount }) => [holder, receiver, id, amount],
  approve: ({ spender, id, amount }) => [spender, id, amount],
  setOperator: ({ spender, approved }) => [spender, approved],
  selfPermit: (call, signatories) => {
    const { token, amount, deadline } = call;
    return [token, amount, deadline, signPermit(call, signatories).evidence];
  },
  batch: ({ calls }, signatories) => [calls.map((inner) => batchCallOf(inner, signatories))],
  cancel: ({ account, nonces }) => [account, nonces],
  raiseEpoch: ({ account }) => [account],
  setAccountOperator: ({ account, operator, scopes, until }) => [account, operator, scopes, until],
  fixPrice: ({ book, proof }) => [book, proof],
  settle: ({ book, accounts }) => [book, accounts],
  claim: ({ account, books, toWallet }) => [account, books, toWallet],
  pushFees: ({ book }) => [book],
  setTreasury: ({ treasury }) => [treasury],
};

function read(call: LedgerAction, signatories: Signatories): readonly unknown[] {
  // The compiler cannot see that a kind and the arguments that stand beside it belong together.
  const reader = READERS[call.kind] as (
    call: LedgerAction,
    signatories: Signatories,
  ) => readonly unknown[];
  return reader(call, signatories);
}

function batchCallOf(call: InnerCall, signatories: Signatories): BatchCall {
  if (call.kind === "bytes") return { name: `0x${call.data}`, args: [] };
  return { name: call.kind, args: read(call, signatories) } as BatchCall;
}

/** Makes the call on the model. */
export function callModel(
  { ledger }: Pick<Twin, "ledger">,
  call: CallOf<LedgerCall> & { readonly at: bigint },
  signatories: Signatories,
): Outcome<unknown> {
  // The compiler cannot see that the method and the arguments read for it belong together.
  const door = ledger as unknown as FrontDoor;
  return door[call.kind]({ now: call.at, sender: call.sender }, ...read(call, signatories));
}

import { termsWords } from "@certus/model";
import type { Limit, Order } from "@certus/model";

import type { Value } from "../../../scripts/lib/abi.ts";
import type { RawLog, Sent } from "../chain/chain.ts";
import { ACTORS, RELAY } from "../world/actors.ts";
import type { Interfaces } from "../world/deploy.ts";
import { AT } from "../world/places.ts";
import type { Stage } from "./chainSide.ts";
import type { CallOf, InnerCall, LedgerAction, LedgerCall, Sequence } from "./command.ts";
import { signAs, signPermit } from "./signing.ts";
import type { Signatories } from "./signing.ts";

function orderFields(order: Order): Value {
  const { account, nonce, epoch, units, minFill, signedAt, deadline, taker } = order;
  const parts = order.parts.map(({ book, legs, premium, maxDraw }) => [
    book,
    legs,
    premium,
    maxDraw,
  ]);
  return [account, nonce, epoch, units, minFill, signedAt, deadline, taker, parts];
}

function limitFields(limits: readonly Limit[]): Value {
  return limits.map(({ maxPay, maxDraw }) => [maxPay, maxDraw]);
}

/** Arguments of a fill in the order of the contract's function. */
export function fillArguments(
  call: LedgerAction<"fill">,
  signatories: Signatories,
): readonly Value[] {
  const { account, order, signer, units, limits } = call;
  const { bytes } = signAs(call, signatories);
  return [account, orderFields(order), signer, bytes, units, limitFields(limits)];
}

/** Arguments of a call in the order of the contract's function. */
function argumentsOf(
  interfaces: Interfaces,
  call: LedgerAction,
  signatories: Signatories,
): readonly Value[] {
  switch (call.kind) {
    case "list":
      return [termsWords(call.terms)];
    case "retire":
      return [call.market];
    case "setGuard":
      return [call.market, call.level, call.until, call.ceiling];
    case "openBook":
      return [call.market, call.expiry];
    case "deposit":
      return [call.account, call.token, call.amount];
    case "depositToBook":
    case "allocate":
    case "free":
      return [call.account, call.book, call.amount];
    case "withdraw":
      return [call.account, call.token, call.amount, call.to];
    case "fill":
      return fillArguments(call, signatories);
    case "fillMany": {
      const { account, fills, minUnits, maxUnits, limits } = call;
      const signed = fills.map((fill) => [
        orderFields(fill.order),
        fill.signer,
        signAs(fill, signatories).bytes,
      ]);
      return [account, signed, minUnits, maxUnits, limitFields(limits)];
    }
    case "transferLegs":
      return [call.from, call.to, call.book, call.legs, call.collateral];
    case "wrap":
    case "unwrap":
      return [call.account, call.book, call.legs, call.amount];
    case "redeem":
      return [call.book, call.legs, call.amount, call.to];
    case "transfer":
      return [call.receiver, call.id, call.amount];
    case "transferFrom":
      return [call.holder, call.receiver, call.id, call.amount];
    case "approve":
      return [call.spender, call.id, call.amount];
    case "setOperator":
      return [call.spender, call.approved];
    case "selfPermit":
      return [call.token, call.amount, call.deadline, ...signPermit(call, signatories).words];
    case "batch":
      return [call.calls.map((inner) => calldataOf(interfaces, inner, signatories))];
    case "cancel":
      return [call.account, call.nonces];
    case "raiseEpoch":
      return [call.account];
    case "setAccountOperator":
      return [call.account, call.operator, call.scopes, call.until];
    case "fixPrice":
      return [call.book, call.proof.slice(2)];
    case "settle":
      return [call.book, call.accounts];
    case "claim":
      return [call.account, call.books, call.toWallet];
    case "pushFees":
      return [call.book];
    case "setTreasury":
      return [call.treasury];
  }
}

/** Calldata of a call, as hex digits. */
function calldataOf(interfaces: Interfaces, call: InnerCall, signatories: Signatories): string {
  if (call.kind === "bytes") return call.data;
  return interfaces.ledger(call.kind).encode(argumentsOf(interfaces, call, signatories));
}

/** Sends the call to the chain's ledger. */
export function callChain(
  { chain, interfaces }: Pick<Stage, "chain" | "interfaces">,
  call: CallOf<LedgerCall>,
  signatories: Signatories,
): Promise<Sent> {
  return chain.send(call.sender, AT.ledger, calldataOf(interfaces, call, signatories));
}

/** What several calls of one transaction came to, and the logs of all of them. */
export interface SentSequence {
  readonly sent: readonly Sent[];
  readonly logs: readonly RawLog[];
}

/** Has the relay make the calls in one transaction. */
export async function relayCalls(
  { chain, interfaces }: Stage,
  { calls }: Sequence,
  signatories: Signatories,
): Promise<SentSequence> {
  const run = interfaces.relay("run");
  const targets = calls.map(() => AT.ledger);
  const data = calls.map((call) => calldataOf(interfaces, call, signatories));
  const all = await chain.send(ACTORS.deployer.address, RELAY, run.encode([targets, data]));
  if (!all.ok) throw new Error(`the relay failed with 0x${all.data}`);
  const [outcomes] = run.decode(all.output) as readonly [readonly (readonly [boolean, string])[]];
  const sent = outcomes.map(([ok, answer]): Sent =>
    ok ? { ok, output: answer, logs: [] } : { ok, data: answer },
  );
  return { sent, logs: all.logs };
}

/** The values that a call returned; those of a batch's calls stand as bytes in its own. */
export function decodeReturned(
  interfaces: Interfaces,
  call: LedgerAction,
  output: string,
): readonly Value[] {
  const values = interfaces.ledger(call.kind).decode(output);
  if (call.kind !== "batch") return values;
  const [results] = values as readonly [readonly string[]];
  return call.calls.map((inner, at) =>
    inner.kind === "bytes" ? [] : decodeReturned(interfaces, inner, results[at] ?? ""),
  );
}

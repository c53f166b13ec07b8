import { Contract, EventLog } from "ethers";
import type { Log, Result } from "ethers";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { DecodedError } from "../../../packages/contracts/src/errors/decode.ts";
import { between } from "../logs.ts";
import { refusalText } from "../refusals.ts";
import type { Session } from "../session.ts";
import { ENTRY_POINT } from "./abi.ts";
import { etherText } from "./gas.ts";
import type { GuardianProposal } from "./proposal.ts";

/** What became of an operation. */
export interface Outcome {
  readonly transaction: string;
  /** Whether all of its calls were made; else none was. */
  readonly succeeded: boolean;
  /** Why not; nothing if no reason was given. */
  readonly reason: DecodedError | undefined;
  /** What the guardian paid for it, wei, and for how much gas. */
  readonly cost: bigint;
  readonly gas: bigint;
}

/** What logs of the entry point say of an operation; nothing if they do not speak of it. */
export function outcomeIn(
  { entryPoint, hash }: Pick<GuardianProposal, "entryPoint" | "hash">,
  logs: readonly Log[],
): Outcome | undefined {
  const own = logs.filter(({ address }) => address === entryPoint);
  const named = (name: string) =>
    own.flatMap((log): { log: Log; args: Result }[] => {
      const event = ENTRY_POINT.parseLog(log);
      if (event?.name !== name || event.args.getValue("userOpHash") !== hash) return [];
      return [{ log, args: event.args }];
    });
  const [done] = named("UserOperationEvent");
  if (done === undefined) return undefined;
  const [refused] = named("UserOperationRevertReason");
  return {
    transaction: done.log.transactionHash,
    succeeded: done.args.getValue("success") as boolean,
    reason:
      refused === undefined
        ? undefined
        : decodeError(String(refused.args.getValue("revertReason"))),
    cost: done.args.getValue("actualGasCost") as bigint,
    gas: done.args.getValue("actualGasUsed") as bigint,
  };
}

/** What became of an operation that was sent, by whomever; nothing if it never was. */
export async function lastOutcome(
  session: Session,
  proposal: GuardianProposal,
): Promise<Outcome | undefined> {
  const { entryPoint, hash } = proposal;
  const contract = new Contract(entryPoint, ENTRY_POINT, session.provider);
  const filter = contract.filters["UserOperationEvent"]?.(hash);
  if (filter === undefined) throw new Error("the entry point tells of no operation");
  const latest = await session.provider.getBlockNumber();
  const query = (from: number, to: number) => contract.queryFilter(filter, from, to);
  const [found] = await between(query, session.fromBlock, latest);
  if (!(found instanceof EventLog)) return undefined;
  const receipt = await session.provider.getTransactionReceipt(found.transactionHash);
  return outcomeIn(proposal, receipt?.logs ?? []);
}

/** Why an operation was of no effect, in a sentence. */
export function reasonText(session: Session, reason: DecodedError | undefined): Promise<string> {
  if (reason !== undefined) return refusalText(session, reason);
  return Promise.resolve(
    "No reason was given: most likely its calls had too little gas (--call-gas); propose it again.",
  );
}

/** What became of an operation, in a sentence. */
export async function outcomeText(session: Session, outcome: Outcome): Promise<string> {
  const paid = `the guardian paid ${etherText(outcome.cost)} for ${outcome.gas} gas`;
  if (outcome.succeeded) return `all of its calls were made; ${paid}.`;
  return `none of its calls was made; ${paid}. ${await reasonText(session, outcome.reason)}`;
}

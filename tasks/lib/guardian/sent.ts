import type { TransactionReceipt } from "ethers";

import { eventTexts } from "../multisig/events.ts";
import { callJson } from "../multisig/proposalFile.ts";
import { callLines } from "../multisig/review.ts";
import { paragraphs } from "../print.ts";
import type { Report } from "../print.ts";
import { minedJson, minedText } from "../send.ts";
import type { Session } from "../session.ts";
import { outcomeText, reasonText } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { toldCalls } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";

/** An operation that was sent. */
interface Sent {
  readonly session: Session;
  readonly proposal: GuardianProposal;
  readonly names: ReadonlyMap<string, string>;
}

/** What became of an operation and each of its calls; a failure if they were not made. */
export async function sentReport(
  { session, proposal, names }: Sent,
  receipt: TransactionReceipt,
  outcome: Outcome,
): Promise<Report> {
  const { succeeded, reason, cost, gas } = outcome;
  const mark = succeeded ? "made: " : "NOT made: ";
  const calls = toldCalls(proposal);
  const own = receipt.logs.filter(({ address }) => address !== proposal.entryPoint);
  const events = eventTexts(own, names);
  const json = {
    operationHash: proposal.hash,
    succeeded,
    error: reason === undefined ? null : { name: reason.name, args: reason.args },
    calls: calls.map((call) => ({ ...callJson(call), made: succeeded })),
    events,
    paid: { cost, gas },
    transaction: minedJson(receipt),
  };
  const text = paragraphs(
    calls.flatMap((call) => callLines(call, names, mark)).join("\n"),
    events.length === 0 ? undefined : `Events:\n${events.map((it) => `- ${it}`).join("\n")}`,
    `Sent: ${await outcomeText(session, outcome)}`,
    minedText(receipt),
  );
  if (succeeded) return { json, text };
  const why = await reasonText(session, reason);
  const message = `The operation was sent and used up, and none of its calls was made. ${why}`;
  return { json, text, failure: { name: reason?.name ?? "CallsFailed", message } };
}

import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import { refusalText } from "../refusals.ts";
import { mined, minedJson, minedText } from "../send.ts";
import type { Mined } from "../send.ts";
import type { Session } from "../session.ts";

/** Something that was done, would be done, or could not. */
export interface Step {
  readonly what: string;
  readonly outcome: "done" | "would be done" | "too early" | "refused";
  /** Why not. */
  readonly why: string | undefined;
  readonly transaction: Mined | undefined;
  readonly text: string;
}

/** How a step is done. */
export interface StepCall {
  readonly what: string;
  /** Refuses what the contract would refuse. */
  readonly simulate: () => Promise<unknown>;
  readonly send: () => Promise<ContractTransactionResponse>;
  /** What to say of what it told. */
  readonly tell?: (receipt: ContractTransactionReceipt) => string;
}

/** Does a step, or says what keeps it from being done; what comes too early is none of anybody's faults. */
export async function take(session: Session, call: StepCall, dryRun: boolean): Promise<Step> {
  const { what, simulate, send, tell } = call;
  try {
    await simulate();
  } catch (error) {
    const decoded = decodeError(error);
    if (decoded.kind === "none") throw error;
    const why = await refusalText(session, decoded);
    const outcome = decoded.name === "TooEarly" ? "too early" : "refused";
    return { what, outcome, why, transaction: undefined, text: `${what}: ${why}` };
  }
  const bare = { what, why: undefined, transaction: undefined };
  if (dryRun) return { ...bare, outcome: "would be done", text: `${what}: would be done` };
  const receipt = await mined(await send());
  const told = tell?.(receipt);
  const text = `${what}${told === undefined ? "" : `: ${told}`}. ${minedText(receipt)}`;
  return { ...bare, outcome: "done", transaction: minedJson(receipt), text };
}

/** A step for a document. */
export function stepJson({ what, outcome, why, transaction }: Step) {
  return { what, outcome, why: why ?? null, transaction: transaction ?? null };
}

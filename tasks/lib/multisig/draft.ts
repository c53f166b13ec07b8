import { note, toJson } from "../print.ts";
import type { Report } from "../print.ts";
import { UsageError } from "../usage.ts";
import type { SafeAccount } from "./account.ts";
import type { Proposal } from "./proposal.ts";
import { proposalJson, writeProposal } from "./proposalFile.ts";
import { reviewJson, reviewText } from "./review.ts";
import { simulated } from "./simulate.ts";
import type { Stage } from "./simulate.ts";

/** What becomes of a proposal that was just made. */
export interface Draft {
  readonly out: string | undefined;
  /** Whether it is refused if it would be refused on the chain now. */
  readonly mustSucceed: boolean;
}

/** Tries a proposal, writes its file, and tells what signers will see. */
export async function draftReport(
  stage: Stage,
  safe: SafeAccount,
  proposal: Proposal,
  { out, mustSucceed }: Draft,
): Promise<Report> {
  const simulation = await simulated(stage, safe, proposal);
  if (simulation.refusal !== undefined && mustSucceed) {
    throw new UsageError(
      `The transaction would be refused, so nothing is written; if one before it changes that, give its turn by --nonce. ${simulation.refusal}`,
    );
  }
  const reviewed = { safe, proposal, names: stage.governed.names, simulation };
  const text = reviewText(reviewed);
  const file = proposalJson(proposal);
  if (out === undefined) {
    // Without a file the document is the result itself, so that the output can be kept as one.
    note(text);
    return { json: file, text: toJson(file) };
  }
  await writeProposal(out, proposal);
  return { json: { ...reviewJson(reviewed), file: out }, text: `${text}\n\nWritten to ${out}.` };
}

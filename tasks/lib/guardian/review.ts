import { formatDecimal } from "../decimals.ts";
import { callJson } from "../multisig/proposalFile.ts";
import { callLines, simulationJson, simulationText } from "../multisig/review.ts";
import { simulatedCalls } from "../multisig/simulate.ts";
import type { Simulation, Stage } from "../multisig/simulate.ts";
import { facts, paragraphs } from "../print.ts";
import { signerText } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import { payingOf, payingText } from "./gas.ts";
import { gasOf, hashesOf, nonceOf, toldCalls } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";
import { executed } from "./simulate.ts";

/** What whoever signs an operation sees before. */
export interface Reviewed {
  readonly account: GuardianAccount;
  readonly proposal: GuardianProposal;
  readonly names: ReadonlyMap<string, string>;
  /** What it would do; nothing where that was not tried. */
  readonly simulation: Simulation | undefined;
}

/** Looks at an operation and tries it. */
export async function reviewed(
  stage: Stage,
  account: GuardianAccount,
  proposal: GuardianProposal,
): Promise<Reviewed & { readonly simulation: Simulation }> {
  const simulation = await simulatedCalls(stage, {
    calls: toldCalls(proposal),
    ...executed(stage.session, proposal),
  });
  return { account, proposal, names: stage.governed.names, simulation };
}

/** The review for a document. */
export function reviewJson({ account, proposal, simulation }: Reviewed) {
  const { key, sequence } = nonceOf(proposal);
  const { needed, lacking } = payingOf(account, proposal);
  return {
    guardian: account.address,
    entryPoint: account.entryPoint,
    nonceKey: key.toString(),
    sequence: sequence.toString(),
    ...hashesOf(proposal),
    calls: toldCalls(proposal).map(callJson),
    simulation: simulation === undefined ? null : simulationJson(simulation),
    gas: gasOf(proposal),
    payment: { needed, deposit: account.deposit, lacking },
    signatures: [...proposal.signatures.keys()],
    threshold: account.threshold,
  };
}

/** The review for people. */
export function reviewText({ account, proposal, names, simulation }: Reviewed): string {
  const { key, sequence } = nonceOf(proposal);
  const calls = toldCalls(proposal).flatMap((call, i) => callLines(call, names, `${i + 1}. `));
  const { operationHash, domainHash, messageHash, challenge } = hashesOf(proposal);
  const { verification, call, preVerification, maxFee, priorityFee } = gasOf(proposal);
  const fees = [maxFee, priorityFee].map((fee) => formatDecimal(fee, 9));
  return paragraphs(
    facts([
      ["guardian", `${account.address}, chain ${proposal.chainId}`],
      ["nonce key", `${key}, number ${sequence}`],
      ["signatures", signaturesText(account, proposal)],
      ["gas", `${call} for the calls, ${verification} for signatures, ${preVerification} around`],
      ["fees", `at most ${fees[0]} gwei, of which ${fees[1]} for priority`],
      ["payment", payingText(account, proposal)],
    ]),
    calls.join("\n"),
    simulation === undefined ? undefined : simulationText(simulation, names),
    facts([
      ["operation hash", operationHash],
      ["domain hash", domainHash],
      ["message hash", messageHash],
      ["passkey's challenge", challenge],
    ]),
  );
}

function signaturesText({ threshold }: GuardianAccount, { signatures }: GuardianProposal): string {
  const who = [...signatures.keys()].map(signerText).join(", ") || "nobody's yet";
  return `${signatures.size} of ${threshold} needed: ${who}`;
}

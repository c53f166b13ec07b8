import { Contract } from "ethers";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { refusalIn } from "../lib/answers.ts";
import type { SendingArguments } from "../lib/arguments.ts";
import { formatDecimal } from "../lib/decimals.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { ENTRY_POINT } from "../lib/guardian/abi.ts";
import { guardianAccount, signerText } from "../lib/guardian/account.ts";
import type { GuardianAccount } from "../lib/guardian/account.ts";
import { entryPointRefusal } from "../lib/guardian/errors.ts";
import { etherText, payingOf, transactionGas } from "../lib/guardian/gas.ts";
import { outcomeIn } from "../lib/guardian/outcome.ts";
import { sentReport } from "../lib/guardian/sent.ts";
import { gasOf } from "../lib/guardian/proposal.ts";
import type { GuardianProposal } from "../lib/guardian/proposal.ts";
import { reviewed, reviewJson, reviewText } from "../lib/guardian/review.ts";
import { sendable } from "../lib/guardian/signatures.ts";
import { checkCallGas } from "../lib/guardian/simulate.ts";
import { checkTurn, trustedProposal } from "../lib/guardian/trust.ts";
import { Refused } from "../lib/refusals.ts";
import { run } from "../lib/run.ts";
import { mined } from "../lib/send.ts";
import type { Session } from "../lib/session.ts";
import { actorOf } from "../lib/signers.ts";
import type { Acting } from "../lib/signers.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, GovernedArguments {
  readonly file: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const account = await guardianAccount(session, governed);
    const proposal = await trustedProposal(session, account, args.file);
    await checkTurn(session, account, proposal);
    checkReady(account, proposal);
    checkPaid(account, proposal);
    const actor = await actorOf(session, args);
    await tryCalls(session, proposal);
    await checkCallGas(session, proposal);
    const handleOps = handling(account, proposal, actor);
    await handleOps.try();
    if (args.dryRun) {
      const review = await reviewed({ session, governed, hre }, account, proposal);
      return {
        json: { dryRun: true, ...reviewJson(review) },
        text: `${reviewText(review)}\n\nThe guardian would do it.`,
      };
    }
    const receipt = await mined(await handleOps.send());
    const outcome = outcomeIn(proposal, receipt.logs);
    if (outcome === undefined) throw new Error("the entry point tells nothing of the operation");
    return sentReport({ session, proposal, names: governed.names }, receipt, outcome);
  });

/** Refuses an operation that lacks signatures. */
function checkReady({ signers, threshold }: GuardianAccount, { signatures }: GuardianProposal) {
  const lacking = threshold - signatures.size;
  if (lacking <= 0) return;
  const others = signers.filter((signer) => !signatures.has(signer)).map(signerText);
  throw new UsageError(
    `${lacking} of ${threshold} signatures are lacking: let ${others.join(" or ")} run guardian:sign; files signed apart are passed together, --file a.json,b.json.`,
  );
}

function checkPaid(account: GuardianAccount, proposal: GuardianProposal): void {
  const { needed, lacking } = payingOf(account, proposal);
  if (lacking === 0n) return;
  throw new UsageError(
    `The entry point wants ${etherText(needed)} of the guardian beforehand, and its deposit has ${etherText(account.deposit)}: guardian:deposit --amount ${formatDecimal(lacking, 18)}, by anyone.`,
  );
}

/** Tries the calls: the entry point would take an operation that is refused inside, use it up, and take its pay. */
async function tryCalls({ provider }: Session, proposal: GuardianProposal): Promise<void> {
  const { guardian: to, entryPoint: from, operation } = proposal;
  try {
    await provider.call({ from, to, data: operation.callData });
  } catch (error) {
    const refusal = refusalIn(error, operation.callData);
    if (refusal === undefined) throw error;
    throw new Refused(refusal.data, [], "Nothing is sent: it would be used up for nothing.");
  }
}

/** How an operation is handed to the entry point; what the guardian pays goes to whoever sends it. */
function handling(account: GuardianAccount, proposal: GuardianProposal, actor: Acting) {
  const { entryPoint } = account;
  const handleOps = new Contract(entryPoint, ENTRY_POINT, actor).getFunction("handleOps");
  const values = [[sendable(account, proposal)], actor.address] as const;
  const gasLimit = transactionGas(gasOf(proposal));
  return {
    try: async () => {
      try {
        await handleOps.staticCall(...values, { gasLimit });
      } catch (error) {
        const why = entryPointRefusal(error);
        throw why === undefined ? error : new UsageError(why);
      }
    },
    send: () => handleOps.send(...values, { gasLimit }),
  };
}

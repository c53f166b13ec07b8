import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { safeAccount } from "../lib/multisig/account.ts";
import type { SafeAccount } from "../lib/multisig/account.ts";
import { eventTexts } from "../lib/multisig/events.ts";
import { executedBy, kitOf, trySigned } from "../lib/multisig/kit.ts";
import type { Proposal } from "../lib/multisig/proposal.ts";
import { reviewJson, reviewText } from "../lib/multisig/review.ts";
import { simulated } from "../lib/multisig/simulate.ts";
import { agreed, checkTurn, trustedProposal } from "../lib/multisig/trust.ts";
import { paragraphs } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import { minedJson, minedText } from "../lib/send.ts";
import { actorOf } from "../lib/signers.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, GovernedArguments {
  readonly file: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const safe = await safeAccount(session, governed);
    const proposal = await trustedProposal(session, safe, args.file);
    checkTurn(safe, proposal);
    await checkReady(safe, proposal);
    const { address } = await actorOf(session, args);
    const kit = await kitOf(session, safe, address);
    await trySigned(session, kit, safe, proposal, address);
    if (args.dryRun) {
      const simulation = await simulated({ session, governed, hre }, safe, proposal);
      const reviewed = { safe, proposal, names: governed.names, simulation };
      return {
        json: { dryRun: true, ...reviewJson(reviewed) },
        text: `${reviewText(reviewed)}\n\nThe Safe would execute it.`,
      };
    }
    const receipt = await executedBy(session, kit, proposal);
    const events = eventTexts(receipt.logs, governed.names);
    const afterwards = { ...safe, nonce: safe.nonce + 1 };
    const reviewed = { safe: afterwards, proposal, names: governed.names, simulation: undefined };
    return {
      json: { ...reviewJson(reviewed), events, transaction: minedJson(receipt) },
      text: paragraphs(
        reviewText(reviewed),
        events.length === 0 ? undefined : `Events:\n${events.map((it) => `- ${it}`).join("\n")}`,
        minedText(receipt),
      ),
    };
  });

async function checkReady(safe: SafeAccount, proposal: Proposal): Promise<void> {
  const { signed, approved } = await agreed(safe, proposal);
  const lacking = safe.threshold - signed.length - approved.length;
  if (lacking > 0) {
    const others = safe.owners.filter((owner) => ![...signed, ...approved].includes(owner));
    throw new UsageError(
      `${lacking} of ${safe.threshold} signatures are lacking: let ${others.join(" or ")} run multisig:sign; files signed apart are passed together, --file a.json,b.json.`,
    );
  }
  if (Number(proposal.data.nonce) === safe.nonce) return;
  throw new UsageError(
    `Its turn is nonce ${proposal.data.nonce}, and the Safe's next one is ${safe.nonce}: execute those before it, or take their turns by multisig:cancel.`,
  );
}

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { SendingArguments } from "../lib/arguments.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { safeAccount } from "../lib/multisig/account.ts";
import { kitOf, signatureOf } from "../lib/multisig/kit.ts";
import type { Proposal } from "../lib/multisig/proposal.ts";
import { filesOf, writeProposal } from "../lib/multisig/proposalFile.ts";
import { reviewJson, reviewText } from "../lib/multisig/review.ts";
import { checkSignature } from "../lib/multisig/signatures.ts";
import { simulated } from "../lib/multisig/simulate.ts";
import { checkTurn, trustedProposal } from "../lib/multisig/trust.ts";
import { run } from "../lib/run.ts";
import { actorOf } from "../lib/signers.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, GovernedArguments {
  readonly file: string | undefined;
  readonly hash: string | undefined;
  readonly out: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const safe = await safeAccount(session, governed);
    const proposal = await trustedProposal(session, safe, args.file);
    checkTurn(safe, proposal);
    const { address } = await actorOf(session, args);
    if (!safe.owners.includes(address)) {
      throw new UsageError(
        `${address} is no signer of the Safe ${safe.address}: choose --from among ${safe.owners.join(", ")}.`,
      );
    }
    if (proposal.signatures.has(address)) {
      throw new UsageError(`${address} has signed it already: nothing is to be done.`);
    }
    if (!args.dryRun) checkHash(args.hash, proposal);
    const simulation = await simulated({ session, governed, hre }, safe, proposal);
    const reviewed = { safe, proposal, names: governed.names, simulation };
    if (args.dryRun) {
      return {
        json: { dryRun: true, ...reviewJson(reviewed) },
        text: `${reviewText(reviewed)}\n\nNothing is signed. If it is what it should be: --hash ${proposal.hash}`,
      };
    }
    const signature = await signatureOf(await kitOf(session, safe, address), proposal, address);
    checkSignature(proposal.hash, address, signature);
    const signatures = new Map([...proposal.signatures, [address, signature]]);
    const signed = { ...proposal, signatures };
    const [first = ""] = filesOf(args.file);
    await writeProposal(args.out ?? first, signed, args.out === undefined);
    const after = { ...reviewed, proposal: signed };
    return {
      json: { ...reviewJson(after), file: args.out ?? first },
      text: `${reviewText(after)}\n\n${address} has signed; written to ${args.out ?? first}.`,
    };
  });

/** Whoever signs says what, so that nobody signs what he has not looked at. */
function checkHash(given: string | undefined, { hash }: Proposal): void {
  if (given?.trim().toLowerCase() === hash) return;
  throw new UsageError(
    given === undefined
      ? "--hash is missing: look at the transaction by --dry-run, compare its safeTxHash with that of the others and of your wallet, and pass it."
      : `--hash: the file holds the transaction ${hash}, not ${given}: do not sign before you know why.`,
  );
}

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments, SendingArguments } from "../lib/arguments.ts";
import { governedOf } from "../lib/governed.ts";
import type { GovernedArguments } from "../lib/governed.ts";
import { guardianAccount, signerText } from "../lib/guardian/account.ts";
import type { GuardianAccount } from "../lib/guardian/account.ts";
import type { GuardianProposal } from "../lib/guardian/proposal.ts";
import { filesOf, writeProposal } from "../lib/guardian/proposalFile.ts";
import { reviewed, reviewJson, reviewText } from "../lib/guardian/review.ts";
import { signed, signersMeant } from "../lib/guardian/signing.ts";
import type { SigningArguments } from "../lib/guardian/signing.ts";
import { checkTurn, trustedProposal } from "../lib/guardian/trust.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { UsageError } from "../lib/usage.ts";

interface Arguments extends SendingArguments, SigningArguments, GovernedArguments {
  readonly from: string;
  readonly file: string | undefined;
  readonly hash: string | undefined;
  readonly out: string | undefined;
}

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(connecting(args), hre, async (session) => {
    const governed = await governedOf(session, args, hre);
    const account = await guardianAccount(session, governed);
    const proposal = await trustedProposal(session, account, args.file);
    await checkTurn(session, account, proposal);
    const stage = { session, governed, hre };
    if (args.dryRun) {
      const review = await reviewed(stage, account, proposal);
      return {
        json: { dryRun: true, ...reviewJson(review) },
        text: `${reviewText(review)}\n\nNothing is signed. If it is what it should be: --hash ${proposal.hash}`,
      };
    }
    checkHash(args.hash, proposal);
    await checkNew(session, account, proposal, args);
    const { signer, signature } = await signed(session, account, proposal, args);
    if (proposal.signatures.has(signer)) throw signedAlready(signer);
    const signatures = new Map([...proposal.signatures, [signer, signature]]);
    const review = await reviewed(stage, account, { ...proposal, signatures });
    const [first = ""] = filesOf(args.file);
    const path = args.out ?? first;
    await writeProposal(path, review.proposal, args.out === undefined);
    return {
      json: { ...reviewJson(review), signer, file: path },
      text: `${reviewText(review)}\n\nSigned by ${signerText(signer)}; written to ${path}.`,
    };
  });

/** What it takes to connect: whoever signs by a key of his own needs none of the network. */
function connecting(args: Arguments): CommonArguments {
  const { p256, assertion } = args;
  const own: CommonArguments & { from?: string } = { ...args };
  if (p256 !== undefined || assertion !== undefined) delete own.from;
  return own;
}

/** Refuses who has signed already, before he is asked to touch a key. */
async function checkNew(
  session: Session,
  account: GuardianAccount,
  { signatures }: GuardianProposal,
  args: Arguments,
): Promise<void> {
  const meant = await signersMeant(session, account, args);
  const [first] = meant;
  if (first !== undefined && meant.every((signer) => signatures.has(signer))) {
    throw signedAlready(first);
  }
}

function signedAlready(signer: string): UsageError {
  return new UsageError(`${signerText(signer)} has signed it already: nothing is to be done.`);
}

/** Whoever signs says what, so that nobody signs what he has not looked at. */
function checkHash(given: string | undefined, { hash }: GuardianProposal): void {
  if (given?.trim().toLowerCase() === hash) return;
  throw new UsageError(
    given === undefined
      ? "--hash is missing: look at the operation by --dry-run, compare its hash with that of the others and of your wallet, and pass it."
      : `--hash: the file holds the operation ${hash}, not ${given}: do not sign before you know why.`,
  );
}

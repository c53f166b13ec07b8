import { Contract } from "ethers";

import { merged } from "../multisig/signatures.ts";
import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { ENTRY_POINT } from "./abi.ts";
import { nextNonce, signerText } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import { lastOutcome, outcomeText } from "./outcome.ts";
import { nonceOf } from "./proposal.ts";
import type { GuardianProposal } from "./proposal.ts";
import { filesOf, readProposal } from "./proposalFile.ts";
import { isGood } from "./signatures.ts";

/** The operation of `--file`, with all signatures of several files of it, and nothing in it that is not so on this chain. */
export async function trustedProposal(
  session: Session,
  account: GuardianAccount,
  option: string | undefined,
): Promise<GuardianProposal> {
  const paths = filesOf(option);
  const proposals = await Promise.all(paths.map(readProposal));
  for (const [i, proposal] of proposals.entries()) {
    await checkHere(session, account, proposal, paths[i] ?? "");
  }
  return merged(proposals, paths);
}

/** Refuses an operation of another chain, guardian or entry point, and signatures of strangers or of something else. */
export async function checkHere(
  session: Session,
  account: GuardianAccount,
  proposal: GuardianProposal,
  path: string,
): Promise<void> {
  const { chainId, guardian, entryPoint, operation, hash, signatures } = proposal;
  const wrong = (why: string) => new UsageError(`--file: ${path} ${why}`);
  if (chainId !== session.chainId) {
    throw wrong(
      `is for chain ${chainId}, this is ${session.chainId}: choose --network or another file.`,
    );
  }
  if (guardian !== account.address) {
    throw wrong(
      `is of the guardian ${guardian}, not of ${account.address}: choose --guardian or another file.`,
    );
  }
  if (entryPoint !== account.entryPoint) {
    throw wrong(`is for the entry point ${entryPoint}; the guardian's is ${account.entryPoint}.`);
  }
  const contract = new Contract(entryPoint, ENTRY_POINT, session.provider);
  const said = String(await contract.getFunction("getUserOpHash")(operation));
  if (said !== hash) {
    throw wrong(
      `has the hash ${hash}, which the entry point itself takes for ${said}: do not sign.`,
    );
  }
  for (const [signer, signature] of signatures) {
    if (!account.signers.includes(signer)) {
      const all = account.signers.map(signerText).join(", ");
      throw wrong(
        `carries a signature of ${signerText(signer)}, who is no signer of the guardian: they are ${all}.`,
      );
    }
    if (await isGood(session, signer, hash, signature)) continue;
    throw wrong(`carries a signature of ${signerText(signer)} that is of something else.`);
  }
}

/** Refuses an operation whose turn is over or has not come: the numbers of a nonce key are used one by one. */
export async function checkTurn(
  session: Session,
  account: GuardianAccount,
  proposal: GuardianProposal,
): Promise<void> {
  const { key, sequence } = nonceOf(proposal);
  const next = await nextNonce(session, account, key);
  if (proposal.operation.nonce === next) return;
  if (proposal.operation.nonce > next) {
    throw new UsageError(
      `Its turn is number ${sequence} of nonce key ${key}, and the next one is ${nonceOf({ operation: { ...proposal.operation, nonce: next } }).sequence}: send those before it first.`,
    );
  }
  const outcome = await lastOutcome(session, proposal);
  const became =
    outcome === undefined
      ? "by another operation: propose it again"
      : `by itself, in ${outcome.transaction}: ${await outcomeText(session, outcome)}`;
  throw new UsageError(`Its nonce, number ${sequence} of nonce key ${key}, was used ${became}.`);
}

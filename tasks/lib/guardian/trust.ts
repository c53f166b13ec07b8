import { Contract } from "ethers";

import { merged } from "../multisig/signatures.ts";
import { note } from "../print.ts";
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
  const proposals: GuardianProposal[] = [];
  for (const path of paths) proposals.push(await trustedFile(session, account, path));
  return merged(proposals, paths);
}

/**
 * The operation of a file. Refuses one of another chain, guardian or entry point, and signatures of something else; those of
 * keys that are no signers any more are left out, as an operation that was kept for long may have enough without them.
 */
export async function trustedFile(
  session: Session,
  account: GuardianAccount,
  path: string,
): Promise<GuardianProposal> {
  const proposal = await readProposal(path);
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
  const good = new Map<string, string>();
  for (const [signer, signature] of signatures) {
    if (!account.signers.includes(signer)) {
      note(
        `${path}: ${signerText(signer)} is no signer of the guardian; its signature is left out.`,
      );
    } else if (await isGood(session, signer, hash, signature)) {
      good.set(signer, signature);
    } else {
      throw wrong(`carries a signature of ${signerText(signer)} that is of something else.`);
    }
  }
  return { ...proposal, signatures: good };
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
  throw new UsageError(
    outcome === undefined
      ? `Its nonce, number ${sequence} of nonce key ${key}, was used by another operation: propose it again.`
      : `It was sent already, in ${outcome.transaction}: ${await outcomeText(session, outcome)}`,
  );
}

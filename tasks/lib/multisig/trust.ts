import { ZeroAddress } from "ethers";

import type { Session } from "../session.ts";
import { UsageError } from "../usage.ts";
import { checkMultiSend } from "./account.ts";
import type { SafeAccount } from "./account.ts";
import { OPERATION } from "./proposal.ts";
import type { Proposal } from "./proposal.ts";
import { merged } from "./signatures.ts";
import { filesOf, readProposal } from "./proposalFile.ts";

/** The proposal of `--file`, with all signatures of several files of it, and nothing in it that is not so on this chain. */
export async function trustedProposal(
  session: Session,
  safe: SafeAccount,
  option: string | undefined,
): Promise<Proposal> {
  const paths = filesOf(option);
  const proposals = await Promise.all(paths.map(readProposal));
  for (const [i, proposal] of proposals.entries()) {
    await checkHere(session, safe, proposal, paths[i] ?? "");
  }
  return merged(proposals, paths);
}

/** Refuses a proposal of another chain or Safe, one that lends the Safe's identity to strangers, and signatures of strangers. */
export async function checkHere(
  session: Session,
  safe: SafeAccount,
  proposal: Proposal,
  path: string,
): Promise<void> {
  const wrong = (why: string) => new UsageError(`--file: ${path} ${why}`);
  if (proposal.chainId !== session.chainId) {
    throw wrong(
      `is for chain ${proposal.chainId}, this is ${session.chainId}: choose --network or another file.`,
    );
  }
  if (proposal.safe !== safe.address) {
    throw wrong(
      `is of the Safe ${proposal.safe}, not of ${safe.address}: choose --safe or another file.`,
    );
  }
  if (proposal.version !== safe.version) {
    throw wrong(`takes the Safe for version ${proposal.version}; it is ${safe.version}.`);
  }
  const said = await chainHash(safe, proposal);
  if (said !== proposal.hash) {
    throw wrong(
      `has the hash ${proposal.hash}, which the Safe itself takes for ${said}: do not sign.`,
    );
  }
  if (Number(proposal.data.operation) === OPERATION.delegateCall) {
    await checkMultiSend(session, proposal.data.to);
  }
  const stranger = [...proposal.signatures.keys()].find((owner) => !safe.owners.includes(owner));
  if (stranger === undefined) return;
  throw wrong(
    `carries a signature of ${stranger}, who is no signer of the Safe: they are ${safe.owners.join(", ")}.`,
  );
}

/** Refuses a proposal whose turn is over: the Safe has used its nonce, for it or for another one. */
export function checkTurn({ nonce }: SafeAccount, { data }: Proposal): void {
  if (Number(data.nonce) >= nonce) return;
  throw new UsageError(
    `The Safe has used nonce ${data.nonce} already, for this or another transaction; its next one is ${nonce}: propose again.`,
  );
}

/** The hash as the Safe itself makes it. */
async function chainHash({ contract }: SafeAccount, { data }: Proposal): Promise<string> {
  const { to, value, data: bytes, operation, nonce } = data;
  const unpaid = [0, 0, 0, ZeroAddress, ZeroAddress] as const;
  const values = [to, value, bytes, Number(operation), ...unpaid, nonce];
  return String(await contract.getFunction("getTransactionHash")(...values));
}

/** Who has agreed to a proposal: by a signature, or at the Safe itself. */
export async function agreed(
  { contract, owners }: SafeAccount,
  { hash, signatures }: Proposal,
): Promise<{ readonly signed: readonly string[]; readonly approved: readonly string[] }> {
  const signed = owners.filter((owner) => signatures.has(owner));
  const others = owners.filter((owner) => !signatures.has(owner));
  const marks = await Promise.all(
    others.map((owner) => contract.getFunction("approvedHashes")(owner, hash) as Promise<bigint>),
  );
  return { signed, approved: others.filter((_, i) => marks[i] !== 0n) };
}

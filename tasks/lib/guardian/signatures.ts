import { keccak256, recoverAddress, Signature } from "ethers";

import { signedOperation } from "../../../scripts/lib/guardian/userOperation.ts";
import type { UserOperation } from "../../../scripts/lib/guardian/userOperation.ts";
import { isContractFault } from "../answers.ts";
import type { Session } from "../session.ts";
import { VERIFIERS } from "./abi.ts";
import { isAddressSigner, partsOf } from "./account.ts";
import type { GuardianAccount } from "./account.ts";
import type { GuardianProposal } from "./proposal.ts";

/** Whether the guardian takes a signature for a signer's: asked of whom it asks, OpenZeppelin's `SignatureChecker`. */
export async function isGood(
  session: Session,
  signer: string,
  hash: string,
  signature: string,
): Promise<boolean> {
  const { at, key } = partsOf(signer);
  if (!isAddressSigner(signer)) return says(session, at, "verify", [key, hash, signature]);
  if ((await session.provider.getCode(at)) !== "0x") {
    return says(session, at, "isValidSignature", [hash, signature]);
  }
  return recovered(hash, signature) === at;
}

function recovered(hash: string, signature: string): string | undefined {
  try {
    // ethers also reads other forms than the one that the guardian takes.
    const { serialized } = Signature.from(signature);
    return serialized === signature ? recoverAddress(hash, signature) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a contract answers a question with the question's own selector, as both standards have it. */
async function says(
  { provider }: Session,
  to: string,
  name: "verify" | "isValidSignature",
  values: readonly unknown[],
): Promise<boolean> {
  const data = VERIFIERS.encodeFunctionData(name, values);
  try {
    const answer = await provider.call({ to, data });
    return answer.length >= 66 && answer.slice(0, 66) === data.slice(0, 10).padEnd(66, "0");
  } catch (error) {
    if (!isContractFault(error)) throw error;
    return false;
  }
}

/** The operation with as many of its signatures as it needs, the cheapest ones: each has to be paid for. */
export function sendable(
  { threshold }: GuardianAccount,
  { operation, signatures }: GuardianProposal,
): UserOperation {
  const all = [...signatures].map(([signer, signature]) => ({ signer, signature }));
  const cheapest = all.toSorted((a, b) => a.signer.length - b.signer.length).slice(0, threshold);
  // In this order the guardian need not look for the same signer twice.
  const inOrder = cheapest.toSorted((a, b) => (keccak256(a.signer) < keccak256(b.signer) ? -1 : 1));
  return signedOperation(operation, inOrder);
}

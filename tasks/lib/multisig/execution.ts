import { buildSignatureBytes, generatePreValidatedSignature } from "@safe-global/protocol-kit";
import { Contract, ZeroAddress } from "ethers";
import type { Provider } from "ethers";

import type { SafeAccount } from "./account.ts";
import { callOf } from "./calls.ts";
import type { Call } from "./calls.ts";
import type { Proposal, SafeData } from "./proposal.ts";
import { SAFE } from "./safeArtifacts.ts";

/** The call that executes a transaction with signatures as the Safe takes them. */
export function executionOf(safe: string, data: SafeData, signatures: string): Call {
  const { to, value, data: bytes, operation } = data;
  const unpaid = [0, 0, 0, ZeroAddress, ZeroAddress] as const;
  const values = [to, value, bytes, Number(operation), ...unpaid, signatures];
  return callOf(safe, SAFE, "execTransaction", values);
}

/** The calls by which owners would have a proposal executed without signing: each approves its hash, then one executes it. */
export interface Execution {
  /** What each of them calls first. */
  readonly approval: Call;
  readonly execution: Call;
}

/**
 * How these owners would execute a proposal, as the next transaction of the Safe: one whose turn comes later is tried as if it
 * had come.
 */
export async function executionBy(
  provider: Provider,
  { address }: Pick<SafeAccount, "address">,
  { data }: Pick<Proposal, "data">,
  owners: readonly string[],
): Promise<Execution> {
  const contract = new Contract(address, SAFE, provider);
  const nonce = (await contract.getFunction("nonce")()) as bigint;
  const { to, value, data: bytes, operation } = data;
  const values = [to, value, bytes, Number(operation), 0, 0, 0, ZeroAddress, ZeroAddress, nonce];
  const hash: unknown = await contract.getFunction("getTransactionHash")(...values);
  const signatures = buildSignatureBytes(owners.map(generatePreValidatedSignature));
  return {
    approval: callOf(address, SAFE, "approveHash", [hash]),
    execution: executionOf(address, data, signatures),
  };
}

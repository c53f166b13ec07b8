import { buildSignatureBytes, generatePreValidatedSignature } from "@safe-global/protocol-kit";
import { toBeHex } from "ethers";

import { decodeError } from "../../../packages/contracts/src/errors/decode.ts";
import type { Session } from "../session.ts";
import type { SafeAccount } from "./account.ts";
import { executionOf } from "./execution.ts";
import type { Outcome } from "./fork.ts";
import type { Proposal } from "./proposal.ts";

/** Where a Safe keeps how many signatures it needs (SafeStorage). */
const THRESHOLD_SLOT = toBeHex(4, 32);

/** Whether a proposal would go through, by a call alone: one owner makes it, at a Safe that is told to need no other. */
export async function callOutcome(
  { provider }: Session,
  { address, owners }: SafeAccount,
  { data }: Proposal,
): Promise<Outcome> {
  const [from = address] = owners;
  const signatures = buildSignatureBytes([generatePreValidatedSignature(from)]);
  const call = { from, to: address, data: executionOf(address, data, signatures).data };
  const override = { [address]: { stateDiff: { [THRESHOLD_SLOT]: toBeHex(1, 32) } } };
  try {
    await provider.send("eth_call", [call, "latest", override]);
    return { ok: true, logs: [], storage: [] };
  } catch (error) {
    if (decodeError(error).kind === "none") throw error;
    return { ok: false, error };
  }
}

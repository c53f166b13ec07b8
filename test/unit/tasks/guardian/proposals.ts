import { accountKey, p256Key } from "../../../../scripts/lib/guardian/keys.ts";
import { operationOf } from "../../../../scripts/lib/guardian/userOperation.ts";
import type { UserOperation } from "../../../../scripts/lib/guardian/userOperation.ts";
import { GUARDIAN } from "../../../../tasks/lib/guardian/abi.ts";
import { callDataOf, proposalOf } from "../../../../tasks/lib/guardian/proposal.ts";
import type { GuardianProposal } from "../../../../tasks/lib/guardian/proposal.ts";
import { ABIS, callOf } from "../../../../tasks/lib/multisig/calls.ts";
import type { Call } from "../../../../tasks/lib/multisig/calls.ts";
import { secretsOf } from "../../../fixtures/guardian.ts";
import { LEDGER_AT, MANAGER_AT, SAFE_AT } from "../multisig/proposals.ts";

export const GUARDIAN_AT = SAFE_AT;
export const BREAKER_AT = LEDGER_AT;
export const WHERE = { chainId: 31_337n, guardian: GUARDIAN_AT, entryPoint: MANAGER_AT };

/** A halt, and a change of keys. */
export const HALT: Call = callOf(BREAKER_AT, ABIS.breaker, "impose", [7n << 128n, 2, 21_600]);
export const THRESHOLD: Call = callOf(GUARDIAN_AT, GUARDIAN, "setThreshold", [1]);

/** The first operation of nonce key 7. */
export const NONCE = 7n << 64n;
export const GAS = {
  ...{ verification: 500_000n, call: 200_000n, preVerification: 50_000n },
  ...{ maxFee: 2_000_000_000n, priorityFee: 1_000_000_000n },
} as const;

const secrets = secretsOf();
export const ACCOUNT = accountKey(secrets.account);
export const P256 = p256Key(MANAGER_AT, secrets.p256);

/** An operation of these calls. */
export function madeOf(calls: readonly Call[], patch: Partial<UserOperation> = {}) {
  const operation = { ...operationOf(GUARDIAN_AT, NONCE, callDataOf(calls), GAS), ...patch };
  return proposalOf(WHERE, operation);
}

/** The same with signatures. */
export function signedBy(
  proposal: GuardianProposal,
  ...keys: readonly (typeof ACCOUNT)[]
): GuardianProposal {
  const made = keys.map((key) => key.sign(proposal.hash));
  return {
    ...proposal,
    signatures: new Map(made.map(({ signer, signature }) => [signer, signature])),
  };
}

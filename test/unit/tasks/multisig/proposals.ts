import { SigningKey, toBeHex, Wallet, ZeroAddress } from "ethers";

import type { Call } from "../../../../tasks/lib/multisig/calls.ts";
import { ABIS, callOf } from "../../../../tasks/lib/multisig/calls.ts";
import { encodeMultiSendData } from "@safe-global/protocol-kit";
import { MULTI_SEND } from "../../../../tasks/lib/multisig/safeArtifacts.ts";
import { OPERATION, proposalOf } from "../../../../tasks/lib/multisig/proposal.ts";
import type { Proposal, SafeData } from "../../../../tasks/lib/multisig/proposal.ts";

/** Keys of owners, and what they sign for. */
export const OWNERS = [1n, 2n].map((key) => new Wallet(toBeHex(key, 32)));
export const SAFE_AT = "0x2279B7A0a67DB372996a5FaB50D91eAA73d2eBe6";
export const MANAGER_AT = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
export const LEDGER_AT = "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512";
export const BATCH_AT = "0xA83c336B20401Af773B6219BA5027174338D1836";

/** The retirement of a market, scheduled. */
export const SCHEDULE: Call = callOf(MANAGER_AT, ABIS.manager, "schedule", [
  LEDGER_AT,
  ABIS.ledger.encodeFunctionData("retire", [7n << 128n]),
  0,
]);

/** A change of the treasury. */
export const TREASURY: Call = callOf(LEDGER_AT, ABIS.ledger, "setTreasury", [MANAGER_AT]);

/** Data of a Safe's transaction that nobody is paid for. */
export function dataOf(call: Call, operation: number = OPERATION.call): SafeData {
  const { to, value, data } = call;
  return {
    ...{ to, value: value.toString(), data, operation, nonce: 3 },
    ...{ safeTxGas: "0", baseGas: "0", gasPrice: "0" },
    ...{ gasToken: ZeroAddress, refundReceiver: ZeroAddress },
  };
}

/** Several calls as one batch. */
export function batchOf(calls: readonly Call[], operation: number = OPERATION.call): SafeData {
  const entries = calls.map(({ to, value, data }) => ({
    ...{ to, value: value.toString(), data, operation },
  }));
  const data = MULTI_SEND.encodeFunctionData("multiSend", [encodeMultiSendData(entries)]);
  return dataOf({ to: BATCH_AT, value: 0n, data }, OPERATION.delegateCall);
}

/** A proposal of this data, signed by owners. */
export function signed(data: SafeData, ...signers: readonly Wallet[]): Proposal {
  const proposal = proposalOf({ chainId: 31_337n, safe: SAFE_AT, version: "1.5.0" }, data);
  return {
    ...proposal,
    signatures: new Map(signers.map((it) => [it.address, sign(it, proposal)])),
  };
}

/** A signature of a proposal's hash. */
export function sign(signer: Pick<Wallet, "privateKey">, { hash }: Pick<Proposal, "hash">): string {
  return new SigningKey(signer.privateKey).sign(hash).serialized;
}

/** A document with something else at a place, or without it. */
export function altered(
  document: string,
  path: readonly (string | number)[],
  value: unknown,
): string {
  const root: unknown = JSON.parse(document);
  const places = path.slice(0, -1);
  const holder = places.reduce((it, key) => (it as Record<string | number, unknown>)[key], root);
  const last = path.at(-1) ?? "";
  if (!(last in (holder as object))) throw new Error(`there is no ${path.join(".")}`);
  (holder as Record<string | number, unknown>)[last] = value;
  return JSON.stringify(root);
}

import {
  calculateSafeTransactionHash,
  preimageSafeTransactionHash,
} from "@safe-global/protocol-kit";
import { dataSlice } from "ethers";

import { batchIn } from "./batches.ts";
import type { Call } from "./calls.ts";
import { told } from "./told.ts";
import type { Told } from "./told.ts";

/** A transaction of a Safe as its owners sign it. */
export type SafeData = Parameters<typeof calculateSafeTransactionHash>[1];

/** A transaction of a Safe that waits for signatures: what the file holds that signers pass around. */
export interface Proposal {
  readonly chainId: bigint;
  readonly safe: string;
  /** Version of the Safe; it has to do with how hashes are made. */
  readonly version: string;
  readonly data: SafeData;
  /** `name(type,…)` of functions that only the proposer knows. */
  readonly functions: readonly string[];
  /** EIP-712 hash of the transaction, which the owners sign. */
  readonly hash: string;
  /** Signatures by owners. */
  readonly signatures: ReadonlyMap<string, string>;
}

/** How the Safe calls: itself, or by lending its identity to a batch. */
export const OPERATION = { call: 0, delegateCall: 1 } as const;

/** A proposal without signatures. */
export function proposalOf(
  safe: Pick<Proposal, "chainId" | "safe" | "version">,
  data: SafeData,
  functions: readonly string[] = [],
): Proposal {
  const { chainId, version } = safe;
  const hash = calculateSafeTransactionHash(safe.safe, data, version, chainId);
  return { chainId, safe: safe.safe, version, data, functions, hash, signatures: new Map() };
}

/** What the Safe would do, call by call. */
export function callsOf({ data }: Pick<Proposal, "data">): readonly Call[] {
  const { to, value, operation } = data;
  const single = { to, value: BigInt(value), data: data.data };
  if (Number(operation) === OPERATION.call) return [single];
  const batch = batchIn(data.data);
  if (batch !== undefined) return batch;
  throw new Error("it lends the Safe's identity to a contract by data that is no batch of calls");
}

/** The same in words. */
export function toldCalls(proposal: Proposal): readonly Told[] {
  return callsOf(proposal).map((call) => told(call, proposal.functions));
}

/** Whether it does nothing but use up its nonce. */
export function isRejection({ safe, data }: Pick<Proposal, "safe" | "data">): boolean {
  return data.to === safe && data.data === "0x" && BigInt(data.value) === 0n;
}

/** What wallets show before they sign. */
export interface Hashes {
  readonly safeTxHash: string;
  /** EIP-712 hash of chain and Safe. */
  readonly domainHash: string;
  /** EIP-712 hash of the transaction alone. */
  readonly messageHash: string;
}

/** Hashes as hardware wallets show them: the Safe's hash is made of the two others. */
export function hashesOf({ safe, data, version, chainId, hash }: Proposal): Hashes {
  const preimage = preimageSafeTransactionHash(safe, data, version, chainId);
  // 0x19 and 0x01, then the two words.
  const [domainHash, messageHash] = [dataSlice(preimage, 2, 34), dataSlice(preimage, 34, 66)];
  return { safeTxHash: hash, domainHash, messageHash };
}

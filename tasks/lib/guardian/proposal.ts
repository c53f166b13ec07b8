import { AbiCoder, getAddress, TypedDataEncoder } from "ethers";

import {
  BATCH_MODE,
  OPERATION_TYPES,
  batchOf,
  operationDomain,
  operationHash,
} from "../../../scripts/lib/guardian/userOperation.ts";
import type { OperationGas, UserOperation } from "../../../scripts/lib/guardian/userOperation.ts";
import type { Call } from "../multisig/calls.ts";
import { told } from "../multisig/told.ts";
import type { Told } from "../multisig/told.ts";
import { GUARDIAN } from "./abi.ts";

/** An operation of the guardian that waits for signatures: what the file holds that signers pass around. */
export interface GuardianProposal {
  readonly chainId: bigint;
  readonly guardian: string;
  readonly entryPoint: string;
  /** Without its signatures. */
  readonly operation: UserOperation;
  /** `name(type,…)` of functions that only the proposer knows. */
  readonly functions: readonly string[];
  /** EIP-712 hash of the operation, which every key signs. */
  readonly hash: string;
  /** Signatures by signers, as the guardian knows these. */
  readonly signatures: ReadonlyMap<string, string>;
}

/** Where an operation is good. */
export type Where = Pick<GuardianProposal, "chainId" | "guardian" | "entryPoint">;

/** A proposal without signatures. */
export function proposalOf(
  { chainId, guardian, entryPoint }: Where,
  operation: UserOperation,
  functions: readonly string[] = [],
): GuardianProposal {
  const hash = operationHash(operation, operationDomain(chainId, entryPoint));
  return {
    ...{ chainId, guardian, entryPoint, operation, functions },
    ...{ hash, signatures: new Map<string, string>() },
  };
}

/** Call data by which the guardian makes calls, one after the other, all or none. */
export function callDataOf(calls: readonly Call[]): string {
  return batchOf(calls.map(({ to, value, data }) => ({ target: to, value, data })));
}

/**
 * What the guardian would do, call by call.
 *
 * @throws Error if the operation is none of these batches, or not written as everybody writes it.
 */
export function callsOf({ operation }: Pick<GuardianProposal, "operation">): readonly Call[] {
  const { callData } = operation;
  const calls = batchIn(callData);
  if (calls === undefined || calls.length === 0 || callDataOf(calls) !== callData) {
    throw new Error("its call data is no batch of calls as the guardian takes it");
  }
  return calls;
}

const BATCH = "tuple(address target,uint256 value,bytes callData)[]";

function batchIn(callData: string): readonly Call[] | undefined {
  try {
    const [mode, data] = GUARDIAN.decodeFunctionData("execute", callData) as unknown as string[];
    if (mode !== BATCH_MODE || data === undefined) return undefined;
    const [entries] = AbiCoder.defaultAbiCoder().decode([BATCH], data);
    return [...(entries as readonly [string, bigint, string][])].map(([to, value, bytes]) => ({
      to: getAddress(to),
      value,
      data: bytes,
    }));
  } catch {
    return undefined;
  }
}

/** The same in words. */
export function toldCalls(proposal: GuardianProposal): readonly Told[] {
  return callsOf(proposal).map((call) => told(call, proposal.functions));
}

/** Gas that an operation may use, and what it pays a unit, wei. */
export function gasOf({ operation }: Pick<GuardianProposal, "operation">): OperationGas {
  const [verification, call] = halves(operation.accountGasLimits);
  const [priorityFee, maxFee] = halves(operation.gasFees);
  const { preVerificationGas: preVerification } = operation;
  return { verification, call, preVerification, maxFee, priorityFee };
}

function halves(word: string): readonly [high: bigint, low: bigint] {
  const both = BigInt(word);
  return [both >> 128n, both & ((1n << 128n) - 1n)];
}

const SEQUENCE_BITS = 64n;

/** A nonce in two parts: operations of one key wait for each other, those of different keys do not. */
export function nonceOf({ operation }: Pick<GuardianProposal, "operation">) {
  const { nonce } = operation;
  return { key: nonce >> SEQUENCE_BITS, sequence: nonce & ((1n << SEQUENCE_BITS) - 1n) };
}

/** What wallets and browsers show, or take, of an operation. */
export interface Hashes {
  /** What every key signs. */
  readonly operationHash: string;
  /** EIP-712 hash of chain and entry point. */
  readonly domainHash: string;
  /** EIP-712 hash of the operation alone. */
  readonly messageHash: string;
  /** The operation's hash as a passkey's challenge, base64url. */
  readonly challenge: string;
}

/** Hashes of an operation as those see them who sign it. */
export function hashesOf({ chainId, entryPoint, operation, hash }: GuardianProposal): Hashes {
  return {
    operationHash: hash,
    domainHash: TypedDataEncoder.hashDomain(operationDomain(chainId, entryPoint)),
    messageHash: TypedDataEncoder.from(OPERATION_TYPES).hash(operation),
    challenge: challengeOf(hash),
  };
}

/** A hash as browsers write challenges. */
export function challengeOf(hash: string): string {
  return Buffer.from(hash.slice(2), "hex").toString("base64url");
}

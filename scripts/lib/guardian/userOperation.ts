/**
 * User operations of the guardian: what it shall do, as its signers sign it and as the entry point takes it.
 *
 * @module
 */
import { AbiCoder, Interface, TypedDataEncoder, concat, toBeHex, zeroPadValue } from "ethers";
import type { TypedDataDomain } from "ethers";

/** A call that the guardian shall make. */
export interface GuardianCall {
  readonly target: string;
  readonly data: string;
  /** Wei sent along. */
  readonly value?: bigint;
}

/** ERC-4337's packed operation. */
export interface UserOperation {
  readonly sender: string;
  readonly nonce: bigint;
  readonly initCode: string;
  readonly callData: string;
  readonly accountGasLimits: string;
  readonly preVerificationGas: bigint;
  readonly gasFees: string;
  readonly paymasterAndData: string;
  readonly signature: string;
}

/** Gas that an operation may use and what it pays for it. */
export interface OperationGas {
  readonly verification: bigint;
  readonly call: bigint;
  readonly preVerification: bigint;
  readonly maxFee: bigint;
  readonly priorityFee: bigint;
}

/** A signer as the guardian knows it, and its signature of the operation's hash. */
export interface SignedBy {
  readonly signer: string;
  readonly signature: string;
}

/** What signers sign: all but the signature. Wallets show it as typed data. */
export const OPERATION_TYPES = {
  PackedUserOperation: [
    { name: "sender", type: "address" },
    { name: "nonce", type: "uint256" },
    { name: "initCode", type: "bytes" },
    { name: "callData", type: "bytes" },
    { name: "accountGasLimits", type: "bytes32" },
    { name: "preVerificationGas", type: "uint256" },
    { name: "gasFees", type: "bytes32" },
    { name: "paymasterAndData", type: "bytes" },
  ],
};

/** One batch, every call of which has to succeed: the only mode that the guardian takes. */
export const BATCH_MODE = concat(["0x01", new Uint8Array(31)]);

const coder = AbiCoder.defaultAbiCoder();
const executor = new Interface(["function execute(bytes32 mode, bytes executionData) payable"]);

const pair = (high: bigint, low: bigint): string =>
  concat([zeroPadValue(toBeHex(high), 16), zeroPadValue(toBeHex(low), 16)]);

/** Calldata of `execute` for calls that are made one after the other, all or none. */
export function batchOf(calls: readonly GuardianCall[]): string {
  const executions = calls.map(({ target, value = 0n, data }) => [target, value, data]);
  const encoded = coder.encode(
    ["tuple(address target,uint256 value,bytes callData)[]"],
    [executions],
  );
  return executor.encodeFunctionData("execute", [BATCH_MODE, encoded]);
}

/** An operation nobody has signed yet. */
export function operationOf(
  sender: string,
  nonce: bigint,
  callData: string,
  gas: OperationGas,
): UserOperation {
  return {
    sender,
    nonce,
    initCode: "0x",
    callData,
    accountGasLimits: pair(gas.verification, gas.call),
    preVerificationGas: gas.preVerification,
    gasFees: pair(gas.priorityFee, gas.maxFee),
    paymasterAndData: "0x",
    signature: "0x",
  };
}

/** The domain of an entry point from version 0.8 on. */
export function operationDomain(chainId: bigint, entryPoint: string): TypedDataDomain {
  return { name: "ERC4337", version: "1", chainId, verifyingContract: entryPoint };
}

/** The hash that every signer signs. */
export function operationHash(operation: UserOperation, domain: TypedDataDomain): string {
  return TypedDataEncoder.hash(domain, OPERATION_TYPES, operation);
}

/** The operation with its signatures in the guardian's encoding. */
export function signedOperation(
  operation: UserOperation,
  signatures: readonly SignedBy[],
): UserOperation {
  const columns = [
    signatures.map(({ signer }) => signer),
    signatures.map(({ signature }) => signature),
  ];
  return { ...operation, signature: coder.encode(["bytes[]", "bytes[]"], columns) };
}

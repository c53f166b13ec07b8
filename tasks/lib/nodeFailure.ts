import type { JsonRpcResponse } from "hardhat/types/providers";

/** The node failed, not the task and not a contract. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";
  /** Marks it as an error to be shown without a stack. */
  readonly code = "NODE_FAILURE";

  constructor(method: string, why: string, attempts: number, cause: unknown) {
    super(sentence(method, why, attempts), { cause });
  }
}

function sentence(method: string, why: string, attempts: number): string {
  return method.startsWith("eth_send")
    ? `The node failed while it was given a transaction (${method}: ${why}): whether it took it is not known. Look at the account before you run the task again.`
    : `The node fails (${method}, tried ${attempts} times: ${why}): run the task again, or name another node by --rpc.`;
}

/** Hardhat's numbers for what is no answer. */
const BY_NUMBER: Readonly<Record<string, string>> = {
  HHE702: "its answer is no JSON",
  HHE703: "the connection is refused",
  HHE704: "it takes too long",
};

/** What nodes say to too many requests. */
const TOO_MANY = -32_005;
/** Code of Hardhat's error for whatever else goes wrong on the way, and of the one for too many requests. */
const ON_THE_WAY = [-1, TOO_MANY];

/** Why a request got no answer from the node; nothing if it got one. */
export function failureOfNode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errorCode" in error) return BY_NUMBER[String(error.errorCode)];
  if (!("code" in error) || !ON_THE_WAY.includes(Number(error.code))) return undefined;
  const { cause } = error;
  const status = cause instanceof Error && "statusCode" in cause ? cause.statusCode : undefined;
  return typeof status === "number" ? `status ${status}` : error.message;
}

/** Why an answer is none: a node that has too much to do says so in it. */
export function refusalOfNode(response: JsonRpcResponse): string | undefined {
  return "error" in response && response.error.code === TOO_MANY
    ? response.error.message
    : undefined;
}

/** Whether no node listens. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "errorCode" in error && error.errorCode === "HHE703";
}

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

/** Code of Hardhat's error for whatever else goes wrong on the way, and of the one for too many requests. */
const ON_THE_WAY = [-1, -32_005];

/** Why a request got no answer from the node; nothing if it got one. */
export function failureOfNode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("errorCode" in error) return BY_NUMBER[String(error.errorCode)];
  if ("code" in error && ON_THE_WAY.includes(Number(error.code))) return error.message;
  return undefined;
}

/** Whether no node listens. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && "errorCode" in error && error.errorCode === "HHE703";
}

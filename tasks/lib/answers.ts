import { isError } from "ethers";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";
import type { DecodedError } from "../../packages/contracts/src/errors/decode.ts";

/** Whether a call failed because of the contract: it reverted, or does not know the function. Else the node is to blame. */
export function isContractFault(error: unknown): boolean {
  if (isError(error, "BAD_DATA") || isError(error, "CALL_EXCEPTION")) return true;
  return decodeError(error).kind !== "none";
}

/**
 * Why a call was refused; nothing if it was not the call that failed but the node, whose errors carry no revert data, or none but
 * the call's own.
 */
export function refusalIn(error: unknown, callData: string): DecodedError | undefined {
  const decoded = decodeError(error);
  return decoded.kind === "none" || decoded.data === callData ? undefined : decoded;
}

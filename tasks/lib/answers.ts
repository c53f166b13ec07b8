import { isError } from "ethers";

import { decodeError } from "../../packages/contracts/src/errors/decode.ts";

/** Whether a call failed because of the contract: it reverted, or does not know the function. Else the node is to blame. */
export function isContractFault(error: unknown): boolean {
  if (isError(error, "BAD_DATA") || isError(error, "CALL_EXCEPTION")) return true;
  return decodeError(error).kind !== "none";
}

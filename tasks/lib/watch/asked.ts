import type { Interface, Result } from "ethers";

import { RpcError } from "../../../scripts/replay/errors.ts";
import type { BlockRef, ChainNode } from "../../../scripts/replay/node.ts";

/** What a node's error says where the contract is to blame. */
const REVERTED = /revert|VM execution|invalid opcode|out of gas/i;
const REVERT_CODE = 3;

/** A call of a contract at a block. */
export interface Asked {
  readonly contract: string;
  readonly calls: Interface;
  readonly name: string;
  readonly args?: readonly unknown[];
  readonly block: BlockRef;
}

/** What a contract answers; nothing if it reverts, or answers what makes no sense. */
export async function asked(
  node: ChainNode,
  { contract, calls, name, args = [], block }: Asked,
): Promise<Result | undefined> {
  const data = calls.encodeFunctionData(name, args);
  let answer: string;
  try {
    answer = await node.ask(contract, data, block);
  } catch (error) {
    if (error instanceof RpcError && isRevert(error)) return undefined;
    throw error;
  }
  try {
    return calls.decodeFunctionResult(name, answer);
  } catch {
    return undefined;
  }
}

function isRevert({ code, message }: RpcError): boolean {
  return code === REVERT_CODE || REVERTED.test(message);
}

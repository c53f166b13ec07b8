import { UsageError } from "../demo/usage.ts";
import { NodeError, Reorganised, RpcError } from "./errors.ts";
import type { BlockRef, ChainNode } from "./node.ts";
import type { ReplayOptions } from "./options.ts";

/** The block to compare at, by number and hash. */
export async function chooseTarget(
  node: ChainNode,
  { to, confirmations }: ReplayOptions,
): Promise<BlockRef> {
  const head = await node.head();
  if (to !== undefined && to > head) {
    throw new UsageError(`--to ${to}: the chain ends with block ${head}`);
  }
  if (confirmations > head) {
    throw new UsageError(`--confirmations ${confirmations}: the chain ends with block ${head}`);
  }
  const number = to ?? head - confirmations;
  const [target] = await node.headers([number]);
  if (target === undefined) throw new Reorganised(`block ${number}`);
  return { number, hash: target.hash };
}

/** The same after a fork: a chain that has become too short is the node's fault. */
export async function chooseAgain(node: ChainNode, options: ReplayOptions): Promise<BlockRef> {
  try {
    return await chooseTarget(node, options);
  } catch (error) {
    if (error instanceof UsageError) throw new NodeError(error.message);
    throw error;
  }
}

/** The first block that can matter: the one given, if nothing was there before it, or else the one found. */
export async function chooseStart(
  node: ChainNode,
  { from, ledger, oracles }: Pick<ReplayOptions, "from" | "ledger" | "oracles">,
  target: BlockRef,
): Promise<number> {
  for (const address of [ledger, ...oracles]) {
    if (!(await node.hasCode(address, target.number))) {
      throw new UsageError(`there is no contract at ${address} in block ${target.number}`);
    }
  }
  if (from === undefined) {
    const starts = await Promise.all(
      [ledger, ...oracles].map((address) => firstWithCode(node, address, target.number)),
    );
    return Math.min(...starts);
  }
  if (from > target.number) {
    throw new UsageError(`--from ${from} is after block ${target.number}`);
  }
  for (const address of from === 0 ? [] : [ledger, ...oracles]) {
    if (await hadCode(node, address, from - 1)) {
      throw new UsageError(`--from ${from}: ${address} was deployed before that block`);
    }
  }
  return from;
}

/** The block in which a contract was deployed, found by halves; 0 if the node has forgotten its old states. */
async function firstWithCode(node: ChainNode, address: string, last: number): Promise<number> {
  let [low, high] = [0, last];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const had = await hadCode(node, address, middle);
    if (had === undefined) return 0;
    if (had) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Whether there was code at an address; undefined if the node does not know any more. */
async function hadCode(
  node: ChainNode,
  address: string,
  block: number,
): Promise<boolean | undefined> {
  try {
    return await node.hasCode(address, block);
  } catch (error) {
    if (error instanceof RpcError) return undefined;
    throw error;
  }
}

/**
 * Whether the node's chain still is the one that was read.
 *
 * @param target - The block to compare at.
 * @param ends - Last blocks of pages that were read, youngest first.
 * @returns "same", or the youngest of the ends that still stands, or undefined if none does.
 */
export async function forkOf(
  node: ChainNode,
  target: BlockRef,
  ends: readonly BlockRef[],
): Promise<"same" | BlockRef | undefined> {
  const known = [target, ...ends];
  const headers = await node.headers(known.map(({ number }) => number));
  const stands = (index: number): boolean => headers[index]?.hash === known[index]?.hash;
  if (known.every((_, index) => stands(index))) return "same";
  return ends.find((_, index) => stands(index + 1));
}

/** An error of the node, where the chain is as it was. */
export function asNodeError(error: unknown): NodeError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Reorganised) {
    return new NodeError(`the node contradicts itself: ${message} is not always the same block`);
  }
  return new NodeError(message);
}

import { setTimeout as sleep } from "node:timers/promises";

import type { Provider } from "ethers";

import { patience } from "../patience.ts";
import { note } from "../print.ts";
import { UsageError } from "../usage.ts";

/** Looks before one gives up. */
const LOOKS = 600;
/** Looks between two remarks. */
const REMARKS = 30;
/** Blocks that are read one by one where a node tells no nonces of the past. */
const FAR = 5_000;

/** The hash of an account's transaction with a nonce, mined or waiting; nothing if there is none. */
export async function hashOf(
  provider: Provider,
  account: string,
  nonce: number,
): Promise<string | undefined> {
  if ((await provider.getTransactionCount(account, "pending")) <= nonce) return undefined;
  if ((await provider.getTransactionCount(account, "latest")) <= nonce) {
    return hashIn(provider, account, nonce, "pending");
  }
  const latest = await provider.getBlockNumber();
  const block = await blockOf(provider, account, nonce, latest).catch(() => undefined);
  const blocks =
    block === undefined
      ? Array.from({ length: Math.min(FAR, latest) }, (_, back) => latest - back)
      : [block];
  for (const number of blocks) {
    const hash = await hashIn(provider, account, nonce, number);
    if (hash !== undefined) return hash;
  }
  throw new UsageError(
    `The transaction ${nonce} of ${account} is on the chain, but the node does not show it: name another node by --rpc.`,
  );
}

/** The block of an account's transaction with a nonce, by halves. */
async function blockOf(
  provider: Provider,
  account: string,
  nonce: number,
  latest: number,
): Promise<number> {
  let [before, at] = [-1, latest];
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if ((await provider.getTransactionCount(account, middle)) > nonce) at = middle;
    else before = middle;
  }
  return at;
}

async function hashIn(
  provider: Provider,
  account: string,
  nonce: number,
  block: number | "pending",
): Promise<string | undefined> {
  const found = (await provider.getBlock(block, true))?.prefetchedTransactions.find(
    (each) => each.from === account && each.nonce === nonce,
  );
  return found?.hash;
}

/** Waits until all that an account has sent is so deep that Ignition begins. */
export async function settleNonce(
  provider: Provider,
  account: string,
  confirmations: number,
): Promise<void> {
  for (let look = 1; look <= LOOKS; look++) {
    const pending = await provider.getTransactionCount(account, "pending");
    const block = (await provider.getBlockNumber()) - confirmations + 1;
    const settled = block < 0 ? 0 : await provider.getTransactionCount(account, block);
    if (settled === pending) return;
    if (look % REMARKS === 1) {
      note(`${pending - settled} transactions of ${account} are not deep enough yet …`);
    }
    await sleep(patience.poll);
  }
  throw new UsageError(
    `Transactions of ${account} wait for too long to be mined: replace them, then run deploy again.`,
  );
}

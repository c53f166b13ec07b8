import { rm } from "node:fs/promises";

import { status, trackTransaction, wipe } from "@nomicfoundation/ignition-core";
import type { EIP1193Provider } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";

import { note } from "../print.ts";
import { UsageError } from "../usage.ts";
import { journalIn, waitAgain, withDependents } from "./journal.ts";
import type { Journal, Prepared, Sent } from "./journal.ts";
import { hashOf } from "./nonces.ts";

/** A deployment that was begun, and the chain it is on. */
export interface Begun {
  /** Ignition's folder of the deployment. */
  readonly folder: string;
  readonly chain: { readonly name: string; readonly chainId: number; readonly local: boolean };
  readonly deployer: string;
  readonly provider: Provider;
  readonly requests: EIP1193Provider;
}

/**
 * Makes the journal of a deployment that was stopped say what is true, so that Ignition can go on:
 *
 * - a local chain that was started anew knows nothing of it, and it is forgotten;
 * - a transaction that was about to be sent is looked for on the chain, and sent again only if it is not there;
 * - what a reorganisation took away is done again, with all that rests on it;
 * - what waited for too long is waited for again, and what failed is tried again.
 */
export async function mend(begun: Begun): Promise<void> {
  const { folder, chain } = begun;
  const journal = await journalIn(folder);
  if (journal === undefined) return;
  if (journal.chainId !== chain.chainId) {
    throw new UsageError(
      `${folder} is a deployment on chain ${journal.chainId}, not on ${chain.chainId}.`,
    );
  }
  const gone = await unknownOf(begun, journal);
  if (chain.local && gone.length > 0 && gone.length === futuresOf(journal.sent).length) {
    note("The chain was started anew: what is written down of the one before is forgotten.");
    await rm(folder, { recursive: true });
    return;
  }
  await checkFree(begun, journal, gone);
  for (const prepared of journal.prepared) await resolve(begun, prepared);
  if (gone.length > 0) {
    note(`The chain was reorganised: ${gone.length} transactions are gone and are sent again.`);
    await forget(begun, gone);
  }
  for (const future of await waitAgain(folder)) note(`${future}: waiting for it once more.`);
  const { failed, held } = await status(folder);
  await forget(
    begun,
    [...failed, ...held].map(({ futureId }) => futureId),
  );
}

function futuresOf(sent: readonly Sent[]): readonly string[] {
  return [...new Set(sent.map(({ future }) => future))];
}

/** Futures none of whose transactions the node knows. */
async function unknownOf({ provider }: Begun, { sent }: Journal): Promise<readonly string[]> {
  const known = await Promise.all(
    sent.map(async ({ hash }) => (await provider.getTransaction(hash)) !== null),
  );
  const there = new Set(futuresOf(sent.filter((_, index) => known[index])));
  return futuresOf(sent).filter((future) => !there.has(future));
}

/** Refuses to send again what may have been done by a transaction that the node merely does not show. */
async function checkFree(
  { provider, deployer, folder }: Begun,
  { sent }: Journal,
  gone: readonly string[],
): Promise<void> {
  const used = await provider.getTransactionCount(deployer, "latest");
  const taken = sent.find(({ future, nonce }) => gone.includes(future) && nonce < used);
  if (taken === undefined) return;
  throw new UsageError(
    `The node knows nothing of ${taken.hash} (${taken.future}), and its nonce is used: it is a node of another chain or without history, name another one by --rpc; or the chain was reorganised and another transaction took its place, then move ${folder} away and deploy anew.`,
  );
}

/** Finds out whether a transaction was sent whose hash was never learnt. */
async function resolve(begun: Begun, prepared: Prepared): Promise<void> {
  const { folder, provider, requests, deployer } = begun;
  const { future, nonce, data } = prepared;
  const hash = await hashOf(provider, deployer, nonce);
  if (hash === undefined) {
    await forget(begun, [future]);
    return;
  }
  note(`${future}: found its transaction, ${hash}.`);
  const remark = await trackTransaction(folder, hash, spelling(requests, data), 1);
  if (remark !== undefined) note(`${future}: another transaction took its nonce; it is sent anew.`);
}

/**
 * Shows the data of a transaction as the journal writes them. Ignition compares both letter by letter, but writes addresses of
 * linked libraries with capitals, and would take its own transaction for somebody else's.
 */
function spelling(requests: EIP1193Provider, data: string): EIP1193Provider {
  return {
    request: async (asked) => {
      const told: unknown = await requests.request(asked);
      if (asked.method !== "eth_getTransactionByHash") return told;
      const transaction = told as { readonly input?: string } | null;
      const same = transaction?.input?.toLowerCase() === data.toLowerCase();
      return same ? { ...transaction, input: data } : told;
    },
  };
}

/** Takes futures out of the journal, and all that rest on them. */
async function forget({ folder }: Begun, futures: readonly string[]): Promise<void> {
  if (futures.length === 0) return;
  const journal = await journalIn(folder);
  if (journal === undefined) return;
  for (const future of withDependents(journal, futures)) await wipe(folder, NO_ARTIFACTS, future);
}

/** `wipe` reads none. */
const NO_ARTIFACTS = {
  loadArtifact: () => Promise.reject(new Error("no artifact is needed")),
  getBuildInfo: () => Promise.resolve(undefined),
};

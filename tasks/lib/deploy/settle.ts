import type { Provider } from "ethers";

import { final } from "../finality.ts";
import { UsageError } from "../usage.ts";
import type { Sent } from "./journal.ts";

/** Waits until every transaction of a deployment is final by the rule of its provider, and looks that each is still there. */
export async function settle(provider: Provider, sent: readonly Sent[]): Promise<void> {
  const last = sent.at(-1);
  if (last === undefined) return;
  try {
    // One account's transactions come in the order of their nonces: none is later than the last.
    await final(provider, last.hash);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} deploy sends again what is gone.`);
  }
  const futures = [...new Set(sent.map(({ future }) => future))];
  const there = await Promise.all(
    sent.map(async ({ hash }) => (await provider.getTransactionReceipt(hash))?.status === 1),
  );
  const done = new Set(sent.filter((_, index) => there[index]).map(({ future }) => future));
  const gone = futures.filter((future) => !done.has(future));
  if (gone.length === 0) return;
  throw new UsageError(
    `${gone.length} of ${futures.length} transactions of the deployment are gone (${gone[0]} and on): the chain was reorganised. Run deploy again: it sends them anew.`,
  );
}

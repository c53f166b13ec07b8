import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** A transaction that was sent for a future. */
export interface Sent {
  readonly future: string;
  readonly hash: string;
  readonly nonce: number;
}

/** A transaction that was about to be sent when the task ended: whether it was is not known. */
export interface Prepared {
  readonly future: string;
  readonly nonce: number;
  /** Its data, as the journal writes them. */
  readonly data: string;
}

/** What Ignition's journal says. */
export interface Journal {
  readonly chainId: number;
  /** Futures in the order in which they were begun, with those that they rest on; none that was wiped. */
  readonly futures: ReadonlyMap<string, readonly string[]>;
  /** Transactions in the order of sending; of several of one future, which differ by their fee, all. */
  readonly sent: readonly Sent[];
  readonly prepared: readonly Prepared[];
}

/** The lines of a journal that matter here. */
interface Message {
  readonly type: string;
  readonly chainId?: number;
  readonly futureId?: string;
  readonly dependencies?: readonly string[];
  readonly nonce?: number;
  readonly networkInteraction?: { readonly data?: string };
  readonly transaction?: { readonly hash: string };
}

/** Reads the journal of a deployment; nothing if none was begun. */
export async function journalIn(folder: string): Promise<Journal | undefined> {
  const text = await readFile(join(folder, "journal.jsonl"), "utf8").catch(() => "");
  let chainId: number | undefined;
  const futures = new Map<string, readonly string[]>();
  const sent = new Map<string, Sent[]>();
  const data = new Map<string, string>();
  const prepared = new Map<string, number>();
  for (const line of text.split("\n").filter((each) => each.trim() !== "")) {
    const message = JSON.parse(line) as Message;
    const { type, futureId: future = "", nonce = 0 } = message;
    if (type === "DEPLOYMENT_INITIALIZE") chainId = message.chainId;
    if (type.endsWith("_INITIALIZE") && future !== "") {
      futures.set(future, message.dependencies ?? []);
    }
    if (type === "NETWORK_INTERACTION_REQUEST") {
      data.set(future, message.networkInteraction?.data ?? "0x");
    }
    if (type === "TRANSACTION_PREPARE_SEND" && !sent.has(future)) prepared.set(future, nonce);
    if (type === "TRANSACTION_SEND" && message.transaction !== undefined) {
      prepared.delete(future);
      const { hash } = message.transaction;
      sent.set(future, [...(sent.get(future) ?? []), { future, hash, nonce }]);
    }
    if (type === "ONCHAIN_INTERACTION_REPLACED_BY_USER") sent.delete(future);
    if (type === "WIPE_APPLY") {
      futures.delete(future);
      sent.delete(future);
      prepared.delete(future);
    }
  }
  if (chainId === undefined) return undefined;
  return {
    chainId,
    futures,
    sent: [...sent.values()].flat().sort((one, other) => one.nonce - other.nonce),
    prepared: [...prepared].map(([future, nonce]) => ({
      future,
      nonce,
      data: data.get(future) ?? "0x",
    })),
  };
}

/** Some futures and all that rest on them, those first on which nothing rests. */
export function withDependents(
  { futures }: Pick<Journal, "futures">,
  some: Iterable<string>,
): readonly string[] {
  const found = new Set(some);
  // A future is begun after all that it rests on.
  for (const [future, dependencies] of futures) {
    if (dependencies.some((each) => found.has(each))) found.add(future);
  }
  return [...futures.keys()].filter((future) => found.has(future)).reverse();
}

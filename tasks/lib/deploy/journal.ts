import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = "journal.jsonl";
const TIMEOUT = "ONCHAIN_INTERACTION_TIMEOUT";

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
  const text = await readFile(join(folder, FILE), "utf8").catch(() => "");
  let chainId: number | undefined;
  const futures = new Map<string, readonly string[]>();
  const sent = new Map<string, Sent[]>();
  const data = new Map<string, string>();
  const prepared = new Map<string, number>();
  for (const message of messagesIn(text)) {
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

function messagesIn(text: string): Message[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => JSON.parse(line) as Message);
}

/**
 * Lets Ignition wait again for transactions that it has given up, and tells of which futures. They may be mined by now: to send
 * others in their place would be to do things twice.
 */
export async function waitAgain(folder: string): Promise<readonly string[]> {
  const path = join(folder, FILE);
  const text = await readFile(path, "utf8");
  const given = messagesIn(text).filter(({ type }) => type === TIMEOUT);
  if (given.length === 0) return [];
  const kept = text.split("\n").filter((line) => !line.includes(`"type":"${TIMEOUT}"`));
  await writeFile(`${path}.tmp`, kept.join("\n"));
  await rename(`${path}.tmp`, path);
  return given.map(({ futureId = "" }) => futureId);
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

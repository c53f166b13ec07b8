import type {
  ContractTransactionReceipt,
  ContractTransactionResponse,
  Provider,
  TransactionReceipt,
} from "ethers";

import { final, included } from "./finality.ts";
import { failureOfNode, NodeFailure } from "./nodeFailure.ts";
import { note } from "./print.ts";
import type { Session } from "./session.ts";
import { UsageError } from "./usage.ts";

/** What a mined transaction told. */
export interface Mined {
  readonly hash: string;
  readonly block: number;
  readonly gasUsed: bigint;
}

/**
 * Waits for a transaction until it is final by the rule of the deployment. Whoever sends one has simulated it before: a revert is
 * then shown with its reason.
 */
export function mined(sent: ContractTransactionResponse): Promise<ContractTransactionReceipt> {
  return succeeded(sent, final);
}

/** Waits until a transaction is in a block: for one that another of the same account follows, which is final no sooner. */
export function begun(sent: ContractTransactionResponse): Promise<ContractTransactionReceipt> {
  return succeeded(sent, included);
}

/** The same of a transaction of which only the hash is known. */
export function minedAt(provider: Provider, hash: string): Promise<TransactionReceipt> {
  return waited(hash, async () => {
    const receipt = await final(provider, hash);
    return receipt.status === 1 ? receipt : null;
  });
}

function succeeded(
  sent: ContractTransactionResponse,
  wait: typeof final,
): Promise<ContractTransactionReceipt> {
  const { hash, provider } = sent;
  return waited(hash, async () => {
    const { status } = await wait(provider, hash);
    // Of what is waited for already wait answers at once, with the events named.
    return status === 1 ? sent.wait(0) : null;
  });
}

/** What is waited for; nothing if the transaction failed. */
async function waited<Receipt>(
  hash: string,
  wait: () => Promise<Receipt | null>,
): Promise<Receipt> {
  note(`sent ${hash}, waiting …`);
  try {
    const receipt = await wait();
    if (receipt !== null) return receipt;
  } catch (error) {
    throw lost(hash, error);
  }
  throw new UsageError(
    `The transaction ${hash} was mined and failed, though it went through when it was simulated: the chain has changed in between; run the task again.`,
  );
}

function lost(hash: string, error: unknown): unknown {
  if (!(error instanceof NodeFailure) && failureOfNode(error) === undefined) return error;
  return new UsageError(
    `The transaction ${hash} was sent, and then the node failed: look whether it was mined before you run the task again.`,
  );
}

/** What is told of a receipt. */
type Told = Pick<ContractTransactionReceipt, "hash" | "blockNumber" | "gasUsed">;

/** A transaction for a document. */
export function minedJson({ hash, blockNumber, gasUsed }: Told): Mined {
  return { hash, block: blockNumber, gasUsed };
}

/** A transaction in one line. */
export function minedText({ hash, blockNumber, gasUsed }: Told): string {
  return `Mined ${hash} in block ${blockNumber}, ${gasUsed} gas.`;
}

/** Arguments of the ledger's events in a receipt, read by name, as the bindings type them. */
export function eventsIn<Args>(
  { ledger, ledgerAddress }: Session,
  receipt: ContractTransactionReceipt,
  name: string,
  read: (arg: (name: string) => unknown) => Args,
): Args[] {
  return receipt.logs.flatMap((log) => {
    if (log.address !== ledgerAddress) return [];
    const found = ledger.interface.parseLog(log);
    return found?.name === name ? [read((arg) => found.args.getValue(arg) as unknown)] : [];
  });
}

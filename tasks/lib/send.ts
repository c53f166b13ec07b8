import type { ContractTransactionReceipt, ContractTransactionResponse } from "ethers";

import type { Session } from "./session.ts";
import { note } from "./print.ts";
import { UsageError } from "./usage.ts";

/** What a mined transaction told. */
export interface Mined {
  readonly hash: string;
  readonly block: number;
  readonly gasUsed: bigint;
}

/** Waits for a transaction. Whoever sends one has simulated it before: a revert is then shown with its reason. */
export async function mined(
  sent: ContractTransactionResponse,
): Promise<ContractTransactionReceipt> {
  note(`sent ${sent.hash}, waiting …`);
  const receipt = await sent.wait();
  if (receipt?.status === 1) return receipt;
  throw new UsageError(
    `The transaction ${sent.hash} was mined and failed, though it went through when it was simulated: the chain has changed in between; run the task again.`,
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

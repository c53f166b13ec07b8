import { readFile, rename, writeFile } from "node:fs/promises";

import type { BlockRef } from "../../../scripts/replay/node.ts";
import { fileReason } from "../files.ts";
import { UsageError } from "../usage.ts";

/** Whose state a file is. */
export interface Watched {
  readonly chainId: bigint;
  readonly ledger: string;
}

interface Saved {
  readonly chainId: string;
  readonly ledger: string;
  readonly block: number;
}

/** Writes down the last block that was watched: all of it, or nothing. */
export async function saveState(
  path: string,
  { chainId, ledger }: Watched,
  { number }: BlockRef,
): Promise<void> {
  const saved: Saved = { chainId: String(chainId), ledger, block: number };
  const beside = `${path}.new`;
  try {
    await writeFile(beside, `${JSON.stringify(saved)}\n`);
    await rename(beside, path);
  } catch (error) {
    throw new UsageError(`--state: ${path} cannot be written: ${fileReason(error)}.`);
  }
}

/** The last block that was watched; nothing if there is no such file yet. */
export async function loadState(
  path: string,
  { chainId, ledger }: Watched,
): Promise<number | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new UsageError(`--state: ${path} cannot be read: ${fileReason(error)}.`);
  }
  const saved = savedIn(text);
  if (saved === undefined) throw new UsageError(`--state: ${path} was not written by watch.`);
  if (saved.chainId === String(chainId) && saved.ledger === ledger) return saved.block;
  throw new UsageError(
    `--state: ${path} is of the ledger ${saved.ledger} on chain ${saved.chainId}: name another file.`,
  );
}

function savedIn(text: string): Saved | undefined {
  try {
    const { chainId, ledger, block } = JSON.parse(text) as Partial<Saved>;
    if (typeof chainId !== "string" || typeof ledger !== "string") return undefined;
    return Number.isSafeInteger(block) ? { chainId, ledger, block: Number(block) } : undefined;
  } catch {
    return undefined;
  }
}

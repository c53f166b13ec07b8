import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { UsageError } from "../usage.ts";

/**
 * Does something while no other process does it: two of them would write one journal, and send with one key.
 *
 * @param folder - Ignition's folder of the deployment; the lock lies beside it, with the id of its process.
 */
export async function locked<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const path = `${folder}.lock`;
  await mkdir(dirname(path), { recursive: true });
  await take(path);
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function take(path: string): Promise<void> {
  const mine = String(process.pid);
  try {
    await writeFile(path, mine, { flag: "wx" });
  } catch {
    const other = Number(await readFile(path, "utf8").catch(() => ""));
    if (isAlive(other)) {
      throw new UsageError(
        `Another deploy, process ${other}, is at work on this deployment: wait for it. If it is none, remove ${path}.`,
      );
    }
    // Whoever was killed could not put it away.
    await writeFile(path, mine);
  }
}

function isAlive(process_: number): boolean {
  if (process_ === 0) return false;
  try {
    return process.kill(process_, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

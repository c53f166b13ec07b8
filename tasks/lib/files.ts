import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UsageError } from "./usage.ts";

/** Text of a file that an option names. */
export async function readText(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`${option}: ${path} cannot be read: ${fileReason(error)}.`);
  }
}

/** Writes a file of signers; one that stands there already is overwritten only if it is `over` that is told. */
export async function writeShared(path: string, text: string, over: boolean): Promise<void> {
  try {
    await writeFile(path, `${text}\n`, { flag: over ? "w" : "wx" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw new UsageError(`--out: ${path} is there already: choose another name, or remove it.`);
    }
    throw new UsageError(`--out: ${path} cannot be written: ${fileReason(error)}.`);
  }
}

/** Paths of files, a folder standing for the JSON files in it. */
export async function expanded(names: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    names.map(async (name) => {
      const entries = await readdir(name).catch(() => undefined);
      const files = entries?.filter((entry) => entry.endsWith(".json")).sort();
      return files?.map((entry) => join(name, entry)) ?? [name];
    }),
  );
  return found.flat();
}

/** Why a file cannot be read or written, without the name of the system's call. */
export function fileReason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = REASONS[code];
  return known ?? (error instanceof Error ? error.message : String(error));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EISDIR: "it is a folder",
  EACCES: "this is not allowed",
};

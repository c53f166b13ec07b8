import { readFile } from "node:fs/promises";

import { UsageError } from "./usage.ts";

/** Text of a file that an option names. */
export async function readText(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw new UsageError(`${option}: ${path} cannot be read: ${fileReason(error)}.`);
  }
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

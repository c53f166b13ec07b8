/**
 * Recorded prices that lie beside a checkout and are no part of it.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

import { root } from "./proc.ts";

const FOLDER = "../shared/data";

/** Where a recorded file would lie beside the checkout; undefined if it is not there. */
export function recorded(file: string): string | undefined {
  const path = join(root, FOLDER, file);
  return existsSync(path) ? path : undefined;
}

/** Where all of these lie, or undefined. */
export function recordedAll(files: readonly string[]): readonly string[] | undefined {
  const paths = files.map(recorded).filter((path) => path !== undefined);
  return paths.length < files.length ? undefined : paths;
}

/** Rows of a CSV file with a header, by the names of its columns; gzip. */
export function rowsOf(path: string): readonly Readonly<Record<string, string>>[] {
  const lines = gunzipSync(readFileSync(path)).toString("utf8").trimEnd().split("\n");
  const [header = "", ...rows] = lines;
  const names = header.split(",");
  return rows.map((row) => {
    const cells = row.split(",");
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]));
  });
}

/** A decimal number at 8 decimals. */
export function eightDecimals(text: string): bigint {
  return BigInt(Math.round(Number(text) * 1e8));
}

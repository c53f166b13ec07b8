import { readFile } from "node:fs/promises";

import { grouped } from "./table.ts";
import type { Row } from "./rows.ts";

/** The command that writes the results anew. */
export const REFRESH = "npm run bench";

/** Rows as `results.json` holds them, byte for byte. */
export const encode = (rows: readonly Row[]): string => `${JSON.stringify(rows, null, 2)}\n`;

/** Reads the results that are kept. */
export async function readResults(path: string): Promise<Row[]> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as Row[];
  } catch (cause) {
    throw new Error(`${path} cannot be read: run \`${REFRESH}\` first`, { cause });
  }
}

/** One line for each difference between what is kept and what was measured. */
export function drift(kept: readonly Row[], fresh: readonly Row[]): string[] {
  const lines = kept
    .filter(({ op }) => !fresh.some((row) => row.op === op))
    .map(({ op }) => `- ${op}: no longer measured`);
  for (const row of fresh) {
    const before = kept.find(({ op }) => op === row.op);
    lines.push(
      ...(before === undefined ? [`+ ${row.op}: new, ${grouped(row.gas)}`] : changes(before, row)),
    );
  }
  const [old, now] = [kept, fresh].map((rows) => rows.map(({ op }) => op).join("\n"));
  if (lines.length === 0 && old !== now) lines.push("the rows stand in another order");
  return lines;
}

function changes(before: Row, after: Row): string[] {
  const figures = (["gas", "target", "floor", "ratio"] as const)
    .filter((key) => before[key] !== after[key])
    .map(
      (key) =>
        `${after.op}: ${key} ${shown(before[key])} → ${shown(after[key])}${step(before, after, key)}`,
    );
  const texts = (["warm", "why", "peers"] as const)
    .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
    .map((key) => `${after.op}: ${key} changed`);
  return [...figures, ...texts];
}

function step(before: Row, after: Row, key: "gas" | "target" | "floor" | "ratio"): string {
  if (key !== "gas" && key !== "floor") return "";
  const [old, now] = [before[key] ?? 0, after[key] ?? 0];
  const by = now - old;
  return old === 0
    ? ""
    : ` (${by > 0 ? "+" : ""}${grouped(by)}, ${((100 * by) / old).toFixed(2)} %)`;
}

const shown = (value: number | null): string => (value === null ? "none" : grouped(value));

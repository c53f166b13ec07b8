import Table from "cli-table3";
import pc from "picocolors";

import { bestPeer, isMissed, type Row } from "./rows.ts";

const HEAD = ["op", "gas", "target", "floor", "ratio", "best peer", "× better"];
/** Columns of words, which align left. */
const NAMES = ["op", "best peer"];

/** 1,234,567. */
export const grouped = (value: number | null): string =>
  value === null ? "" : value.toLocaleString("en-US");

/** The cells of a row, as texts. */
export function cellsOf(row: Row): string[] {
  const best = bestPeer(row);
  return [
    row.op,
    grouped(row.gas),
    grouped(row.target),
    grouped(row.floor),
    row.ratio === null ? "" : row.ratio.toFixed(2),
    best === undefined ? "" : `${best.name} ${grouped(best.gas)}`,
    best === undefined ? "" : (best.gas / row.gas).toFixed(best.gas < 10 * row.gas ? 2 : 1),
  ];
}

/** The cells of the head, as texts. */
export const headCells = (): string[] => [...HEAD];

/** The rows as a table for a terminal, empty columns left out: a missed target red, or yellow when the row says why. */
export function render(rows: readonly Row[]): string {
  const cells = rows.map(cellsOf);
  const columns = HEAD.map((_, i) => i).filter((i) => cells.some((line) => line[i] !== ""));
  const table = new Table({
    head: columns.map((i) => HEAD[i] ?? ""),
    colAligns: columns.map((i) => (NAMES.includes(HEAD[i] ?? "") ? "left" : "right")),
    chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" },
    style: pc.isColorSupported ? { head: ["bold"], border: ["gray"] } : { head: [], border: [] },
  });
  for (const [at, row] of rows.entries()) {
    const line = cells[at] ?? [];
    table.push(
      columns.map((i) => (HEAD[i] === "gas" ? painted(row)(line[i] ?? "") : (line[i] ?? ""))),
    );
    if (row.why !== undefined)
      table.push([{ colSpan: columns.length, content: pc.yellow(`  ${row.why}`) }]);
  }
  return table.toString();
}

function painted(row: Row): (text: string) => string {
  if (row.target === null) return (text) => text;
  if (!isMissed(row)) return pc.green;
  return row.why === undefined ? pc.red : pc.yellow;
}

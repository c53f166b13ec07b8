import { format, resolveConfig } from "prettier";

import { bestPeer, type Row } from "./rows.ts";
import { cellsOf, grouped, headCells } from "./table.ts";

const BEGIN = "<!-- figures: written by `npm run bench`, do not edit -->";
const END = "<!-- end of figures -->";

/** The page with its figures replaced by those of the rows; all else stays. */
export async function withFigures(
  path: string,
  page: string,
  operations: readonly Row[],
  growth: readonly Row[],
): Promise<string> {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`${path} has no place for figures: ${BEGIN} … ${END}`);
  const figures = [
    operationsTable(operations),
    warmTable(operations),
    growthTable(growth),
    peersTable(operations),
  ];
  const text = [
    page.slice(0, begin),
    BEGIN,
    "\n\n",
    figures.join("\n\n"),
    "\n\n",
    page.slice(end),
  ].join("");
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}

function operationsTable(rows: readonly Row[]): string {
  const reasons = rows.flatMap(({ op, why }) => (why === undefined ? [] : [`- ${op}: ${why}`]));
  const body = rows.map(cellsOf);
  const missed = reasons.length === 0 ? [] : ["", "Targets missed, and why:", "", ...reasons];
  return ["## Gas", "", table(headCells(), body), ...missed].join("\n");
}

function warmTable(rows: readonly Row[]): string {
  return [
    "## What was in use",
    "",
    table(
      ["op", "in use before"],
      rows.map(({ op, warm }) => [op, warm]),
    ),
  ].join("\n");
}

function growthTable(rows: readonly Row[]): string {
  const body = rows.map(({ op, gas, target, warm }) => [op, grouped(gas), grouped(target), warm]);
  return ["## Growth with legs", "", table(["op", "gas", "at most", "measured on"], body)].join(
    "\n",
  );
}

function peersTable(rows: readonly Row[]): string {
  const body = rows.flatMap((row) =>
    Object.entries(row.peers).map(([name, gas]) => {
      const best = bestPeer(row)?.name === name ? "best peer" : "";
      return [row.op, name, grouped(gas), (gas / row.gas).toFixed(2), best];
    }),
  );
  return ["## Peers", "", table(["op", "peer", "its gas", "× ours", ""], body)].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const numeric = head.map(
    (_, i) => i > 0 && rows.every((cells) => /^[\d,.]*$/.test(cells[i] ?? "")),
  );
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(head),
    line(numeric.map((right) => (right ? "---:" : "---"))),
    ...rows.map(line),
  ].join("\n");
}

import { posix } from "node:path";

import { bestPeer, type Row } from "../../../bench/lib/rows.ts";
import { grouped } from "../../../bench/lib/table.ts";

export const BEGIN = "<!-- figures: written by `npm run docs:readme`, do not edit -->";
export const END = "<!-- end of figures -->";

/** Most lines of the front page. */
export const MAX_LINES = 120;

/** A page of the documentation, its path from the root of the workspace. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** The page with what stands between its marks replaced by a table of every operation with a peer. */
export function withFigures(page: Page, rows: readonly Row[]): string {
  const { path, text } = page;
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for figures: ${BEGIN}`);
  const head = [
    "| operation | Certus | best peer | its gas | × better |",
    "|---|---:|---|---:|---:|",
  ];
  const lines = rows.flatMap((row) => {
    const best = bestPeer(row);
    if (best === undefined) return [];
    const better = (best.gas / row.gas).toFixed(2);
    return [
      `| ${row.op} | ${grouped(row.gas)} | ${best.name} | ${grouped(best.gas)} | ${better} |`,
    ];
  });
  if (lines.length === 0) throw new Error("no operation has a peer");
  const table = [...head, ...lines].join("\n");
  return `${text.slice(0, begin)}${BEGIN}\n\n${table}\n\n${text.slice(end)}`;
}

/** Commands of the page that package.json does not have. */
export function unknownCommands({ path, text }: Page, scripts: readonly string[]): string[] {
  const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)].map(
    ([, script, test]) => script ?? test ?? "",
  );
  return [...new Set(named)]
    .filter((name) => !scripts.includes(name))
    .map((name) => `${path}: package.json has no script ${name}`);
}

/** Links of the page to files of the workspace that are not there; what stands in a block of code is no link. */
export function deadLinks({ path, text }: Page, exists: (path: string) => boolean): string[] {
  const prose = text.replaceAll(/^```[^]*?^```/gm, "");
  return [...prose.matchAll(/\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => posix.join(posix.dirname(path), target))
    .filter((target) => !exists(target))
    .map((target) => `${path}: there is no ${target}`);
}

/** Files that the page does not name, given by their paths. */
export function unnamedFiles({ path, text }: Page, files: readonly string[]): string[] {
  return files
    .filter((file) => !text.includes(`\`${posix.basename(file)}\``))
    .map((file) => `${path}: nothing is said of ${file}`);
}

/** Too long a front page. */
export function tooLong({ path, text }: Page): string[] {
  const lines = text.trimEnd().split("\n").length;
  return lines <= MAX_LINES ? [] : [`${path} has ${lines} lines, at most ${MAX_LINES} wanted`];
}

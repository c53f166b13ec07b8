/**
 * Writes the gas table of `README.md` from `bench/results.json`, and holds the front page and the pages of `docs/` to
 * what is there: scripts of package.json, files behind links, one line for every contract.
 *
 *   node scripts/checks/readme.ts           writes the table
 *   node scripts/checks/readme.ts --check   fails if the committed table differs
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { format, resolveConfig } from "prettier";

import { readResults } from "../../bench/lib/results.ts";
import { root } from "../lib/proc.ts";
import {
  deadLinks,
  type Page,
  tooLong,
  unknownCommands,
  unnamedFiles,
  withFigures,
} from "./lib/pages.ts";

const FRONT = "README.md";
const MAP = "docs/architecture.md";

const read = (path: string): Page => ({ path, text: readFileSync(join(root, path), "utf8") });

async function refresh(check: boolean): Promise<string[]> {
  const path = join(root, FRONT);
  const rows = await readResults(join(root, "bench/results.json"));
  const options = { ...(await resolveConfig(path)), filepath: path };
  const page = read(FRONT);
  const fresh = await format(withFigures(page, rows), options);
  if (fresh === page.text) return [];
  if (check) return [`${FRONT} is stale: refresh it with \`npm run docs:readme\``];
  await writeFile(path, fresh);
  return [];
}

async function main(check: boolean): Promise<string[]> {
  const stale = await refresh(check);
  const { scripts } = JSON.parse(read("package.json").text) as { scripts: Record<string, string> };
  const pages = [FRONT, ...globSync("docs/**/*.md", { cwd: root }).sort()].map(read);
  const contracts = globSync("contracts/**/*.sol", { cwd: root }).sort();
  return [
    ...stale,
    ...tooLong(read(FRONT)),
    ...pages.flatMap((page) => unknownCommands(page, Object.keys(scripts))),
    ...pages.flatMap((page) => deadLinks(page, (path) => existsSync(join(root, path)))),
    ...unnamedFiles(read(MAP), contracts),
  ];
}

const problems = await main(process.argv.includes("--check"));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${FRONT}: fresh` : `${FRONT}: FAILED`);
process.exitCode = problems.length === 0 ? 0 : 1;

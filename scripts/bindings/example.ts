import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { root } from "../lib/proc.ts";
import { type GeneratedFile, PACKAGE } from "./files.ts";

const NAME = "first-trade";
const PAGE = "README.md";
const BEGIN = `<!-- examples/${NAME}.mjs: written by \`npm run bindings\`, do not edit -->`;
const END = "<!-- end of example -->";

const IMPORT = /^import (\{[^}]*\}) from ("[^"]+");$/gm;

/** The same program for `require`: its imports are all that differs. */
export function commonTwin(module: string): string {
  const twin = module
    .replaceAll(IMPORT, "const $1 = require($2);")
    .replaceAll(`${NAME}.mjs`, `${NAME}.cjs`);
  if (/^\s*import\b/m.test(twin)) throw new Error(`${NAME}.mjs has an import of another form`);
  return twin;
}

/** The page with the program between its marks. */
export function withExample(page: string, program: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has no place for the example: ${BEGIN}`);
  const fenced = `\`\`\`js\n${program.trimEnd()}\n\`\`\``;
  return `${page.slice(0, begin)}${BEGIN}\n\n${fenced}\n\n${page.slice(end)}`;
}

/** The example for `require`, and the page that shows it. */
export async function example(): Promise<GeneratedFile[]> {
  const read = (path: string) => readFile(join(root, PACKAGE, path), "utf8");
  const program = await read(`examples/${NAME}.mjs`);
  return [
    { path: `examples/${NAME}.cjs`, text: commonTwin(program) },
    { path: PAGE, text: withExample(await read(PAGE), program) },
  ];
}

/**
 * Writes the table of triggers of the circuit breaker into `docs/breakers.md`, out of the table of the model.
 *
 *   node scripts/docs-breakers.ts           writes it
 *   node scripts/docs-breakers.ts --check   fails if the committed page differs
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { withTriggers } from "./lib/breaker-docs.ts";
import { root } from "./lib/proc.ts";

const PAGE = "docs/breakers.md";

const committed = await readFile(join(root, PAGE), "utf8");
const text = await withTriggers(committed);
const stale = process.argv.includes("--check") && committed !== text;
if (stale) console.error(`${PAGE} is stale: refresh it with \`npm run docs:breakers\``);
else await writeFile(join(root, PAGE), text);
console.log(stale ? `${PAGE}: FAILED` : `${PAGE}: fresh`);
process.exitCode = stale ? 1 : 0;

import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const RELATIVE_JS_IMPORT = /(\bfrom\s+["']\.{1,2}\/[^"']*)\.js(["'])/g;
const EMPTY_STATEMENT = /^(\s*export interface OutputObject .*\}) *;$/gm;

/**
 * Typechain imports `./x.js` where the file is `./x.ts`, and leaves an empty statement in each
 * namespace of event types. Node strips types but resolves no such name, and with the statement the
 * namespace is not erasable. With both put right, scripts run under plain Node with no loader and
 * the generated files are type-checked like ours.
 */
export async function makeErasable(outDir: string): Promise<void> {
  const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".ts"));
  await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const before = await readFile(path, "utf8");
      const after = before.replace(RELATIVE_JS_IMPORT, "$1.ts$2").replace(EMPTY_STATEMENT, "$1");
      if (after !== before) await writeFile(path, after);
    }),
  );
}

import { globSync, existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { format, resolveConfig } from "prettier";

import { root } from "../lib/proc.ts";

/** Where the package stands, from the root of the workspace. */
export const PACKAGE = "packages/contracts";

/** Folders of the package that hold nothing but generated files. */
const GENERATED = ["abi", "src/generated"] as const;

/** A file of the package, its path from there, and what it is to hold. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** The files in the format of everything else in the tree. */
export async function formatted(files: readonly GeneratedFile[]): Promise<GeneratedFile[]> {
  return Promise.all(
    files.map(async ({ path, text }) => {
      const filepath = join(root, PACKAGE, path);
      const options = { ...(await resolveConfig(filepath)), filepath };
      return { path, text: await format(text, options) };
    }),
  );
}

/** Files in the generated folders that nothing generates any more. */
function leftOver(files: readonly GeneratedFile[]): string[] {
  const wanted = new Set(files.map(({ path }) => path));
  return globSync(`{${GENERATED.join(",")}}/**/*.{ts,json}`, { cwd: join(root, PACKAGE) })
    .sort()
    .filter((path) => !wanted.has(path));
}

/** Says which files are not what was generated. */
export async function compare(files: readonly GeneratedFile[]): Promise<string[]> {
  const problems = leftOver(files).map((path) => `${PACKAGE}/${path} is no longer generated`);
  for (const { path, text } of files) {
    const full = join(root, PACKAGE, path);
    const committed = existsSync(full) ? await readFile(full, "utf8") : undefined;
    if (committed === undefined) problems.push(`${PACKAGE}/${path} is not there`);
    else if (committed !== text) problems.push(`${PACKAGE}/${path} is stale`);
  }
  return problems;
}

/** Writes the files that changed and removes those that nothing generates any more. */
export async function write(files: readonly GeneratedFile[]): Promise<void> {
  for (const path of leftOver(files)) await rm(join(root, PACKAGE, path));
  for (const { path, text } of files) {
    const full = join(root, PACKAGE, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
  }
}

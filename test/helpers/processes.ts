import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { root } from "../../scripts/lib/proc.ts";

/** A Node on this machine. */
export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

/** One Node of each major version among those of the PATH and of the workspace, oldest first. */
export function nodesHere(): NodeBinary[] {
  const folders = [
    ...(process.env["PATH"] ?? "").split(delimiter),
    join(root, "node_modules/.bin"),
  ];
  const paths = [...folders.map((folder) => join(folder, "node")), process.execPath];
  const byMajor = new Map<number, NodeBinary>();
  for (const path of new Set(paths)) {
    if (!existsSync(path)) continue;
    const { stdout, status } = spawnSync(path, ["-p", "process.versions.node"], {
      encoding: "utf8",
    });
    const major = parseInt(stdout, 10);
    if (status === 0 && !byMajor.has(major)) byMajor.set(major, { path, version: stdout.trim() });
  }
  return [...byMajor].sort(([a], [b]) => a - b).map(([, binary]) => binary);
}

/** Runs a program and answers what it printed; throws with all of it if it fails. */
export function output(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const { cwd, env } = options;
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } });
    let printed = "";
    let complained = "";
    child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (complained += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ${args.join(" ")} failed:\n${printed}${complained}`));
    });
  });
}

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the workspace. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** The entry points of the tools that scripts start, run by the very Node that runs the script. */
export const bin = {
  hardhat: join(root, "node_modules/hardhat/dist/src/cli.js"),
  mocha: join(root, "node_modules/mocha/bin/mocha.js"),
} as const;

/** How a child ended, and all that it printed. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
}

/**
 * Runs Node on a file from the root of the workspace; what it prints is shown as it comes, and
 * kept.
 */
export function node(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const colour = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...colour, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      process.stdout.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (signal !== null) console.error(`ended by ${signal}`);
      resolve({ code: code ?? 1, output });
    });
  });
}

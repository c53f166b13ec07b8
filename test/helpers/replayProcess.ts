import { spawn } from "node:child_process";

import { root } from "../../scripts/lib/proc.ts";

/** How a replay ended, and what it printed. */
export interface Replayed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What tests read of a replay's JSON. */
export interface ReplayJson {
  readonly equal: boolean;
  readonly events: number;
  readonly kinds: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly block: { readonly number: number; readonly hash: string };
  readonly from: number;
  readonly reorganisations: number;
  readonly fault?: string;
  readonly comparison?: {
    readonly root: string;
    readonly words: number;
    readonly differences: readonly { readonly what: string; readonly text: string }[];
    readonly counts: Readonly<Record<string, number>>;
  };
}

/** Runs `scripts/replay.ts` in a process of its own. */
export function runReplay(...args: readonly string[]): Promise<Replayed> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["scripts/replay.ts", ...args], { cwd: root });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** What a replay printed, if it printed JSON. */
export function jsonIn({ code, stdout, stderr }: Replayed): ReplayJson {
  try {
    return JSON.parse(stdout) as ReplayJson;
  } catch {
    throw new Error(`the replay ended with ${code}:\n${stdout}${stderr}`);
  }
}

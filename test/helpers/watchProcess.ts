import { spawn } from "node:child_process";

import { bin, root } from "../../scripts/lib/proc.ts";

/** An alarm as a watch prints it. */
export interface AlarmLine {
  readonly time: string;
  readonly block: number | null;
  readonly alarm: string;
  readonly severity: string;
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** How a watch ended, and what it printed. */
export interface Watched {
  readonly code: number;
  readonly alarms: readonly AlarmLine[];
  readonly stderr: string;
}

/** A watch that runs in a process of its own. */
export interface WatchProcess {
  /** The next alarm that nobody has taken yet; fails after some seconds, and when the watch has ended. */
  readonly next: () => Promise<AlarmLine>;
  /** Waits until something was said on stderr. */
  readonly says: (text: string) => Promise<void>;
  /** Lets it end by a signal, or by itself where none is given. */
  readonly end: (signal?: "SIGINT" | "SIGTERM") => Promise<Watched>;
}

const PATIENCE = 15_000;
const EVERY = 20;

/** Starts `npx hardhat watch`, and waits until it watches, unless it ends before. */
export async function startWatch(...args: readonly string[]): Promise<WatchProcess> {
  const child = spawn(process.execPath, [bin.hardhat, "watch", "--poll", "0.05", ...args], {
    cwd: root,
    env: { ...process.env, CI: "" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr, taken] = ["", "", 0];
  let code: number | undefined;
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      code = status ?? -1;
      resolve(code);
    });
  });
  const alarms = (): AlarmLine[] =>
    stdout
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as AlarmLine);
  const until = async <Found>(what: string, look: () => Found | undefined): Promise<Found> => {
    for (let left = PATIENCE; left > 0; left -= EVERY) {
      const found = look();
      if (found !== undefined) return found;
      if (code !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
    const how = code === undefined ? "goes on" : `ended with ${code}`;
    throw new Error(`no ${what}; the watch ${how}:\n${stdout}${stderr}`);
  };
  const says = async (text: string) => {
    await until(`"${text}"`, () => (stderr.includes(text) ? true : undefined));
  };
  const next = async () => {
    const found = await until("alarm", () => alarms()[taken]);
    taken++;
    return found;
  };
  const end = async (signal?: "SIGINT" | "SIGTERM"): Promise<Watched> => {
    if (signal !== undefined) child.kill(signal);
    return { code: await ended, alarms: alarms(), stderr };
  };
  return { next, says, end };
}

/** Runs a watch that ends by itself. */
export async function runWatch(...args: readonly string[]): Promise<Watched> {
  return (await startWatch(...args)).end();
}

import hardhat from "hardhat";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

/** How a task ended that ran in this process. */
export interface TaskRun {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it failed, in a sentence. */
  readonly refusal: string | undefined;
}

/** What the actions of this project's tasks answer. */
interface Ended {
  readonly success: boolean;
  readonly error?: { readonly message: string };
}

/** Options of a task by their names in camel case. */
export type TaskOptions = Readonly<Record<string, unknown>>;

/** The run before: tasks of one process share what they print to. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Runs a task in this process, one at a time, and keeps what it prints.
 *
 * @param hre - Says the network; the tests' own if left out.
 */
export function runTask(
  name: string,
  options: TaskOptions,
  hre: HardhatRuntimeEnvironment = hardhat,
): Promise<TaskRun> {
  const ran = before.then(() => printing(() => hre.tasks.getTask(name).run(options)));
  before = ran.catch(() => undefined);
  return ran;
}

async function printing(work: () => Promise<unknown>): Promise<TaskRun> {
  const printed = { stdout: "", stderr: "" };
  const streams = ["stdout", "stderr"] as const;
  const writes = streams.map((stream) => process[stream].write.bind(process[stream]));
  for (const stream of streams) {
    process[stream].write = (chunk: string | Uint8Array) => {
      printed[stream] += chunk.toString();
      return true;
    };
  }
  try {
    const result = (await work()) as Ended;
    return { success: result.success, ...printed, refusal: result.error?.message };
  } finally {
    streams.forEach((stream, index) => {
      const write = writes[index];
      if (write !== undefined) process[stream].write = write;
    });
  }
}

/** The document of a task that must succeed. */
export async function taskJson(
  name: string,
  options: TaskOptions,
  hre: HardhatRuntimeEnvironment = hardhat,
): Promise<Readonly<Record<string, unknown>>> {
  const { success, stdout, stderr } = await runTask(name, { ...options, json: true }, hre);
  if (!success) throw new Error(`${name} ${JSON.stringify(options)} failed: ${stderr}`);
  return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
}

/** The sentence with which a task fails. */
export async function taskRefusal(
  name: string,
  options: TaskOptions,
  hre: HardhatRuntimeEnvironment = hardhat,
): Promise<string> {
  const { success, stdout, stderr } = await runTask(name, options, hre);
  if (success) throw new Error(`${name} ${JSON.stringify(options)} did not fail: ${stdout}`);
  return stderr;
}

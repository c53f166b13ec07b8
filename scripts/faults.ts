/**
 * Plants faults into the sources, one at a time, and checks that the differential campaigns see each of them.
 * `--help` has the options.
 */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { StaleMutant, requireFresh } from "../test/invariant/faults/compile.ts";
import type { Bounds, Hunt } from "../test/invariant/faults/hunt.ts";
import { MUTANTS } from "../test/invariant/faults/mutants.ts";
import type { Task } from "../test/invariant/faults/worker.ts";
import { root } from "./lib/proc.ts";

const HELP = `npm run faults -- [options]

  --only TEXT    faults whose name, or whose campaign's (ledger, prices, breakers), holds the text
  --commands N   commands in which a fault must show (default 60000)
  --seed S       seed of the campaign (default 1)
  --workers N    processes (default: one a core)
  --list         names the faults and ends
  --help         this text`;

/** Commands without a fault that must show nothing. */
const CONTROL = 4_000;
/** The control: no fault. */
const NONE = -1;

function whole(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new TypeError(`--${name} takes a whole number, not "${text}"`);
}

function readOptions(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const options = { only: text, commands: text, seed: text, workers: text, list: flag, help: flag };
  return parseArgs({ args: [...args], options, strict: true }).values;
}

/** A fault with the campaign that hunts it, or a campaign without a fault. */
type Prey = Omit<Task, "bounds">;

/** Hunts faults in one process, one after the other, until none is left. */
function startWorker(queue: Prey[], bounds: Bounds, hear: (done: Hunt) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(root, "test/invariant/faults/worker.ts"));
    const next = (): void => {
      const prey = queue.shift();
      if (prey === undefined) return child.disconnect();
      const least = prey.index === NONE ? { ...bounds, commands: CONTROL } : bounds;
      child.send({ ...prey, bounds: least } satisfies Task);
    };
    child.on("message", (done) => {
      hear(done as Hunt);
      next();
    });
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with exit code ${code ?? "none"}`));
    });
    next();
  });
}

function row({ name, found, commands, about, seconds }: Hunt): string {
  const outcome = found ? `${commands} commands` : `not seen in ${commands}`;
  return `${name.padEnd(56)} ${outcome.padEnd(18)} ${seconds.toFixed(0).padStart(4)} s  ${about}`;
}

/** Hunts all; answers how many hunts ended badly. */
async function main(names: string, bounds: Bounds, workers: number): Promise<number> {
  const chosen = MUTANTS.flatMap(({ name, hunt: campaign }, index): Prey[] =>
    name.includes(names) || campaign.includes(names) ? [{ index, campaign }] : [],
  );
  if (chosen.length === 0) throw new TypeError(`no fault is called "${names}"`);
  requireFresh(MUTANTS);
  const campaigns = new Set(chosen.map(({ campaign }) => campaign));
  const queue = [...[...campaigns].map((campaign) => ({ index: NONE, campaign })), ...chosen];
  const done: Hunt[] = [];
  const hear = (hunt: Hunt): void => {
    done.push(hunt);
    console.log(row(hunt));
  };
  const count = Math.min(workers, queue.length);
  await Promise.all(Array.from({ length: count }, () => startWorker(queue, bounds, hear)));
  const bad = done.filter(({ name, found }) => found === name.startsWith("no fault"));
  const commands = done.filter(({ found }) => found).map((hunt) => hunt.commands);
  console.log(`\nmost commands needed: ${Math.max(0, ...commands)}`);
  for (const { name } of bad) console.log(`FAIL ${name}`);
  console.log(`${done.length - bad.length} passed, ${bad.length} failed`);
  return bad.length;
}

try {
  const { only = "", commands, seed, workers, list, help } = readOptions(process.argv.slice(2));
  if (help === true) console.log(HELP);
  else if (list === true) for (const { name } of MUTANTS) console.log(name);
  else {
    const bounds = {
      seed: whole("seed", seed, 1),
      length: 200,
      commands: whole("commands", commands, 60_000),
    };
    const failed = await main(only, bounds, whole("workers", workers, availableParallelism()));
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  if (error instanceof StaleMutant) {
    console.error(`The sources have changed; bring the faults up to date:\n${error.message}`);
    process.exit(1);
  }
  if (!(error instanceof TypeError)) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}

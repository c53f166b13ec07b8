/**
 * The differential campaign: random sequences of commands on the contracts and on the model side by side, compared to
 * the last unit after every step. `--help` has the options, `test/invariant/README.md` the rest.
 */
import { fork } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { readBuild } from "../test/invariant/chain/build.ts";
import { KNOWN_SEEDS } from "../test/invariant/knownSeeds.ts";
import { fromJson } from "../test/invariant/run/command.ts";
import type { Command } from "../test/invariant/run/command.ts";
import { Host } from "../test/invariant/run/host.ts";
import { frequencies, gatesOf, kindTable, previewLine } from "../test/invariant/run/report.ts";
import { addStats, emptyStats } from "../test/invariant/run/stats.ts";
import type { Stats } from "../test/invariant/run/stats.ts";
import { traceLine } from "../test/invariant/run/trace.ts";
import type { Finding, Message, Order } from "../test/invariant/worker.ts";
import { root } from "./lib/proc.ts";

const HELP = `npm run invariants -- [options]

  --runs N       runs of the campaign (default 600)
  --length N     commands of a run (default 200)
  --seed S       seed; the same one gives the same runs, however many workers do them (default 1)
  --workers N    processes (default: one a core)
  --profile P    small: as many runs as \`npm test\` does
  --replay FILE  does the commands of a file of out/invariants again, step by step
  --help         this text`;

/** What was asked for. */
interface Options {
  readonly runs: number;
  readonly length: number;
  readonly seed: number;
  readonly workers: number;
  readonly replay: string | undefined;
}

/** A campaign's size when nothing is said. */
const FULL = { runs: 600, length: 200 };
/** A minute or so on two cores. */
const SMALL = { runs: 180, length: 200 };
/** Milliseconds between two lines of progress. */
const PROGRESS = 5_000;

class UsageError extends Error {}

function numberOption(
  name: string,
  text: string | undefined,
  otherwise: number,
  least = 1,
): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} on, not "${text}"`);
}

function readOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const options = {
    runs: text,
    length: text,
    seed: text,
    workers: text,
    profile: text,
    replay: text,
    help: { type: "boolean", short: "h" },
  } as const;
  const { values } = parseArgs({ args: [...args], options, strict: true });
  if (values.help === true) return undefined;
  const small = values.profile !== undefined;
  if (small && values.profile !== "small" && values.profile !== "quick") {
    throw new UsageError(`there is no profile "${values.profile}": small is the only one`);
  }
  const size = small ? SMALL : FULL;
  return {
    runs: numberOption("runs", values.runs, size.runs),
    length: numberOption("length", values.length, size.length),
    seed: numberOption("seed", values.seed, 1, -(2 ** 31)),
    workers: numberOption("workers", values.workers, availableParallelism()),
    replay: values.replay,
  };
}

/** What the workers came to together. */
interface Outcome {
  readonly stats: Stats;
  readonly findings: readonly Finding[];
}

/** A process doing its share. */
interface Worker {
  readonly ended: Promise<void>;
  send(order: Order): void;
}

function startWorker(hear: (message: Message) => void): Worker {
  const child = fork(join(root, "test/invariant/worker.ts"));
  const ended = new Promise<void>((resolve, reject) => {
    child.on("message", (message) => hear(message as Message));
    child.on("error", reject);
    child.on("exit", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`a worker ended with exit code ${code ?? "none"}`));
    });
  });
  const send = (order: Order): void => {
    if (child.connected) child.send(order);
  };
  return { ended, send };
}

async function campaign(options: Options): Promise<Outcome> {
  const stats = emptyStats();
  const findings: Finding[] = [];
  const workers: Worker[] = [];
  const start = performance.now();
  const tellProgress = (): void => {
    const seconds = (performance.now() - start) / 1_000;
    const rate = Math.round(stats.commands / seconds);
    console.log(
      `${seconds.toFixed(0).padStart(5)} s  ${stats.runs} of ${options.runs} runs, ` +
        `${stats.commands} commands, ${rate}/s`,
    );
  };
  const timer = setInterval(tellProgress, PROGRESS);
  const hear = (message: Message): void => {
    if (message.kind === "did") addStats(stats, message.stats);
    if (message.kind === "shrinking") {
      console.log(`run ${message.run} fails: ${message.about.slice(0, 300)}\nshrinking it …`);
      for (const worker of workers) worker.send({ kind: "stop" });
    }
    if (message.kind === "found") findings.push(message.finding);
  };
  try {
    const { seed, runs, length } = options;
    const step = Math.min(options.workers, runs);
    for (let first = 0; first < step; first++) {
      const worker = startWorker(hear);
      workers.push(worker);
      worker.send({ kind: "share", share: { seed, runs, length, first, step } });
    }
    await Promise.all(workers.map(({ ended }) => ended));
  } finally {
    clearInterval(timer);
  }
  tellProgress();
  return { stats, findings };
}

/** Writes a finding down and says how to look at it. */
function keep(finding: Finding): void {
  const folder = join(root, "out/invariants");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${finding.seed}.json`);
  const { commands, ...rest } = finding;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  writeFileSync(file, `${head},\n  "commands": ${commands}\n}\n`);
  console.error(`\nrun ${finding.run} (${finding.flavour}) differs: ${finding.detail}`);
  console.error(`npm run invariants -- --replay ${relative(root, file)}`);
}

/** The commands of a file that `keep` wrote. */
function readCommands(file: string): readonly Command[] {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const { commands } = fromJson(readFileSync(file, "utf8")) as { readonly commands: Command[] };
  return commands;
}

/** Does every run that ever failed again; answers how many fail. */
async function doKnown(): Promise<number> {
  const host = new Host(readBuild());
  let failed = 0;
  for (const { file, cause } of KNOWN_SEEDS) {
    const failure = await host.play(readCommands(join(root, "test/invariant/known", file)));
    if (failure === undefined) continue;
    failed++;
    console.error(`known/${file} fails again: ${cause}\n${failure.difference.message}`);
  }
  return failed;
}

/** Runs the campaign and tells what came of it; answers how many checks failed. */
async function main(options: Options): Promise<number> {
  const { runs, length, seed, workers } = options;
  console.log(`seed ${seed}, ${runs} runs of ${length} commands, ${workers} workers`);
  const knownFailed = await doKnown();
  const start = performance.now();
  const { stats, findings } = await campaign(options);
  const seconds = (performance.now() - start) / 1_000;
  const first = findings.toSorted((a, b) => a.run - b.run)[0];
  if (first !== undefined) keep(first);
  console.log(`\n${kindTable(stats)}\n\nerrors: ${frequencies(stats.errors)}`);
  console.log(`\nsituations: ${frequencies(stats.situations)}`);
  console.log(`\n${previewLine(stats)}`);
  console.log(
    `\n${stats.commands} commands in ${seconds.toFixed(1)} s: ` +
      `${Math.round(stats.commands / seconds)} commands a second`,
  );
  const gates = first === undefined ? gatesOf(stats) : [];
  for (const { what, ok, detail } of gates) {
    console.log(`${ok ? "ok  " : "FAIL"} ${what}${detail === "" ? "" : ` (${detail})`}`);
  }
  const broken = gates.filter(({ ok }) => !ok).length;
  const failed = findings.length + knownFailed + broken;
  const passed =
    stats.runs - findings.length + KNOWN_SEEDS.length - knownFailed + gates.length - broken;
  console.log(`${passed} passed, ${failed} failed`);
  return failed;
}

/** Does the commands of a file again and shows every step. */
async function replay(file: string): Promise<number> {
  const commands = readCommands(file);
  let step = 0;
  const failure = await new Host(readBuild()).play(commands, (command, result) => {
    console.log(traceLine(step++, command, result));
  });
  const last = commands[step];
  if (failure === undefined) console.log("no difference");
  else if (last !== undefined) console.log(traceLine(step, last, undefined));
  if (failure !== undefined) console.log(`\n${failure.difference.message}`);
  return failure === undefined ? 0 : 1;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else {
    const failed =
      options.replay === undefined ? await main(options) : await replay(options.replay);
    process.exitCode = failed === 0 ? 0 : 1;
  }
} catch (error) {
  const usage = error instanceof UsageError || (error instanceof TypeError && "code" in error);
  if (!usage) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}

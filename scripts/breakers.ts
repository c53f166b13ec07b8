/**
 * The differential campaign of circuit breakers: random sequences of commands on the contracts and on the model side by
 * side. `--help` has the options, `test/invariant/breakers/README.md` the rest.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";

import { readBreakerBuild } from "../test/invariant/breakers/build.ts";
import { playAgain } from "../test/invariant/breakers/campaign.ts";
import type { Command } from "../test/invariant/breakers/command.ts";
import type { Knobs } from "../test/invariant/breakers/knobs.ts";
import { callTable, gatesOf } from "../test/invariant/breakers/report.ts";
import { FULL, SMALL, planJobs } from "../test/invariant/breakers/size.ts";
import type { Job, Size } from "../test/invariant/breakers/size.ts";
import { traceLine } from "../test/invariant/breakers/trace.ts";
import type { Finding, Message } from "../test/invariant/breakers/worker.ts";
import { BreakerHost } from "../test/invariant/breakers/world.ts";
import { Figures } from "../test/invariant/prices/figures.ts";
import { figuresTable } from "../test/invariant/prices/report.ts";
import { fromJson } from "../test/invariant/run/command.ts";
import { root } from "./lib/proc.ts";

const HELP = `npm run breakers -- [options]

  --runs N         runs of the campaign (default ${FULL.runs})
  --commands M     commands of each (default ${FULL.commands})
  --seed S         seed; the same one gives the same runs, however many workers do them (default 1)
  --minutes K      ends after so many minutes with what is done by then
  --workers W      processes (default: one a core)
  --only I         the run of this number alone
  --replay FILE    does the commands of a file of out/breakers again, step by step
  --profile small  what \`npm test\` does
  --help           this text`;

/** What was asked for. */
interface Options {
  readonly size: Size;
  readonly seed: number;
  readonly only: number | undefined;
  readonly minutes: number;
  readonly workers: number;
  readonly replay: string | undefined;
}

/** Milliseconds between two lines of progress. */
const PROGRESS = 5_000;

class UsageError extends Error {}

function whole(name: string, text: string | undefined, otherwise: number, least = 1): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} on, not "${text}"`);
}

function readOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: text,
      commands: text,
      seed: text,
      minutes: text,
      workers: text,
      only: text,
      replay: text,
      profile: text,
      help: { type: "boolean", short: "h" },
    },
    strict: true,
  });
  if (values.help === true) return undefined;
  if (values.profile !== undefined && values.profile !== "small") {
    throw new UsageError(`there is no profile "${values.profile}": small is the only one`);
  }
  const size = values.profile === undefined ? FULL : SMALL;
  return {
    size: {
      runs: whole("runs", values.runs, size.runs),
      commands: whole("commands", values.commands, size.commands),
    },
    seed: whole("seed", values.seed, 1, -(2 ** 31)),
    only: values.only === undefined ? undefined : whole("only", values.only, 0, 0),
    minutes: whole("minutes", values.minutes, 24 * 60),
    workers: whole("workers", values.workers, availableParallelism()),
    replay: values.replay,
  };
}

/** What the workers came to together. */
interface Outcome {
  readonly figures: Figures;
  readonly findings: readonly Finding[];
  /** Runs that were done, and that were left when the time was over. */
  readonly done: number;
  readonly left: number;
}

/** Gives a worker one run after the other until none is left. */
function startWorker(next: () => Job | undefined, hear: (message: Message) => void): Promise<void> {
  const child: ChildProcess = fork(join(root, "test/invariant/breakers/worker.ts"));
  return new Promise((done, fail) => {
    child.on("message", (message: Message) => {
      if (message.kind !== "ready") return hear(message);
      const job = next();
      if (job === undefined) child.disconnect();
      else child.send(job);
    });
    child.on("error", fail);
    child.on("exit", (code) => {
      if (code === 0) done();
      else fail(new Error(`a worker ended with exit code ${code ?? "none"}`));
    });
  });
}

async function campaign({ size, seed, only, minutes, workers }: Options): Promise<Outcome> {
  const queue = [...planJobs(size, seed, only)];
  const jobs = queue.length;
  const figures = new Figures();
  const findings: Finding[] = [];
  let failing = false;
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1_000;
  const tellProgress = (): void => {
    const commands = figures.of("done", "commands");
    console.log(
      `${seconds().toFixed(0).padStart(5)} s  ${figures.of("done", "runs")} of ${jobs} runs, ` +
        `${commands} commands, ${Math.round(commands / seconds())}/s`,
    );
  };
  const next = (): Job | undefined =>
    failing || seconds() > minutes * 60 ? undefined : queue.shift();
  const hear = (message: Message): void => {
    if (message.kind === "counted") figures.add(message.counts);
    if (message.kind === "shrinking") {
      failing = true;
      console.error(`run ${message.job.run} fails: ${message.detail}\nshrinking it …`);
    }
    if (message.kind === "differs") findings.push(message.finding);
  };
  const timer = setInterval(tellProgress, PROGRESS);
  try {
    const count = Math.min(workers, jobs);
    await Promise.all(Array.from({ length: count }, () => startWorker(next, hear)));
  } finally {
    clearInterval(timer);
  }
  tellProgress();
  const left = queue.length;
  return { figures, findings, done: jobs - left - findings.length, left };
}

/** Writes a finding down and says how to look at it. */
function keep({ job, detail, length, sequence }: Finding): void {
  const folder = join(root, "out/breakers");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${job.seed}-${job.run}.json`);
  writeFileSync(file, `${sequence}\n`);
  const known = job.cause === undefined ? "" : ` again: ${job.cause}`;
  console.error(`\nrun ${job.run} of seed ${job.seed} differs${known}\n${detail}`);
  console.error(
    `${length} commands show it:\nnpm run breakers -- --replay ${relative(root, file)}`,
  );
  const { seed, run } = job;
  console.error(`npm run breakers -- --seed ${seed} --commands ${job.length} --only ${run}`);
}

/** Runs the campaign and tells what came of it; answers how many checks failed. */
async function main(options: Options): Promise<number> {
  const { size, seed, workers } = options;
  console.log(`seed ${seed}, ${size.runs} runs of ${size.commands} commands, ${workers} workers`);
  const start = performance.now();
  const { figures, findings, done, left } = await campaign(options);
  const seconds = (performance.now() - start) / 1_000;
  for (const finding of findings) keep(finding);
  console.log(`\n${callTable(figures)}\n\n${figuresTable(figures)}`);
  const commands = figures.of("done", "commands");
  const rate = Math.round(commands / seconds);
  console.log(`\n${commands} commands in ${seconds.toFixed(1)} s: ${rate} commands a second`);
  if (left > 0) console.log(`${left} runs were left`);
  const alone = findings.length > 0 || options.only !== undefined;
  const gates = alone ? [] : gatesOf(figures, readBreakerBuild());
  for (const { what, ok } of gates) console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
  const broken = gates.filter(({ ok }) => !ok).length;
  const failed = findings.length + broken;
  console.log(`${done + gates.length - broken} passed, ${failed} failed`);
  return failed;
}

/** Does the commands of a file again and shows every one. */
async function replay(file: string): Promise<number> {
  if (!existsSync(file)) throw new UsageError(`there is no file ${file}`);
  const kept = fromJson(readFileSync(file, "utf8"));
  const { knobs, commands } = kept as { readonly knobs: Knobs; readonly commands: Command[] };
  const host = new BreakerHost(readBreakerBuild());
  const failure = await playAgain(host, knobs, commands, (command) => {
    console.log(traceLine(command));
  });
  console.log(`\n${failure === undefined ? "no difference" : failure.difference.message}`);
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

/**
 * The differential campaign of prices: spot and fixings on the contracts and on the model side by side, over recorded
 * rounds. `--help` has the options, `test/invariant/prices/README.md` the rest.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { Figures } from "../test/invariant/prices/figures.ts";
import type { Job } from "../test/invariant/prices/jobs.ts";
import { RECORDINGS } from "../test/invariant/prices/records.ts";
import { figuresTable, gatesOf } from "../test/invariant/prices/report.ts";
import { FULL, SMALL, planJobs } from "../test/invariant/prices/size.ts";
import type { Size } from "../test/invariant/prices/size.ts";
import type { Message, Order } from "../test/invariant/prices/worker.ts";
import { root } from "./lib/proc.ts";

const HELP = `npm run prices -- [options]

  --expiries N     fixings (default ${FULL.expiries})
  --orders M       orders of the proofs of each (default ${FULL.orders})
  --steps K        steps at the hub (default ${FULL.steps})
  --part P         fixings, hub, successions, honest, phases or nodes alone
  --minutes N      ends after so many minutes with what is done by then
  --seed S         seed; the same one gives the same fixings, however many workers play them (default 1)
  --only I         the fixing of this number alone
  --workers N      processes (default: one a core)
  --recordings DIR folder of the recorded rounds (default ../shared/data/oracle; without them rounds are made up)
  --profile small  what \`npm test\` does
  --help           this text`;

/** What was asked for. */
interface Options {
  readonly size: Size;
  readonly seed: number;
  readonly only: number | undefined;
  readonly minutes: number;
  readonly workers: number;
  readonly recordings: string;
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

/** What each part of a campaign does, by its name. */
const PARTS: Readonly<Record<string, readonly (keyof Size)[]>> = {
  fixings: ["expiries"],
  hub: ["steps"],
  successions: ["successions"],
  honest: ["rounds"],
  phases: ["oneIn", "fixings"],
  nodes: ["times"],
};

/** A size with everything else left out. */
function partOf(part: string | undefined, size: Size): Size {
  if (part === undefined) return size;
  const kept = PARTS[part];
  if (kept === undefined) throw new UsageError(`there is no part "${part}"`);
  const nothing = {
    expiries: 0,
    steps: 0,
    successions: 0,
    rounds: 0,
    oneIn: 0,
    fixings: 0,
    times: 0,
  };
  return { ...size, ...nothing, ...Object.fromEntries(kept.map((name) => [name, size[name]])) };
}

function readOptions(args: readonly string[]): Options | undefined {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      expiries: text,
      orders: text,
      steps: text,
      part: text,
      minutes: text,
      seed: text,
      only: text,
      workers: text,
      recordings: text,
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
    size: partOf(values.part, {
      ...size,
      expiries: whole("expiries", values.expiries, size.expiries, 0),
      orders: whole("orders", values.orders, size.orders),
      steps: whole("steps", values.steps, size.steps, 0),
    }),
    seed: whole("seed", values.seed, 1, -(2 ** 31)),
    only: values.only === undefined ? undefined : whole("only", values.only, 0, 0),
    minutes: whole("minutes", values.minutes, 24 * 60),
    workers: whole("workers", values.workers, availableParallelism()),
    recordings: resolve(values.recordings ?? RECORDINGS),
  };
}

/** What the workers came to together. */
interface Outcome {
  readonly figures: Figures;
  readonly failures: readonly string[];
  /** Jobs that were done, and that were left when the time was over. */
  readonly done: number;
  readonly left: number;
}

/** Gives a worker one job after the other until none is left. */
function startWorker(
  recordings: string,
  next: () => Job | undefined,
  hear: (message: Message) => void,
): Promise<void> {
  const child: ChildProcess = fork(join(root, "test/invariant/prices/worker.ts"));
  const send = (order: Order): void => {
    child.send(order);
  };
  return new Promise((done, fail) => {
    child.on("message", (message: Message) => {
      if (message.kind !== "ready") return hear(message);
      const job = next();
      if (job === undefined) child.disconnect();
      else send({ kind: "job", job });
    });
    child.on("error", fail);
    child.on("exit", (code) => {
      if (code === 0) done();
      else fail(new Error(`a worker ended with exit code ${code ?? "none"}`));
    });
    send({ kind: "begin", recordings });
  });
}

async function campaign({ size, seed, only, minutes, ...options }: Options): Promise<Outcome> {
  const queue = [...planJobs(size, seed, only)];
  const jobs = queue.length;
  const figures = new Figures();
  const failures: string[] = [];
  const start = performance.now();
  const seconds = (): number => (performance.now() - start) / 1_000;
  const tellProgress = (): void => {
    console.log(
      `${seconds().toFixed(0).padStart(5)} s  ${jobs - queue.length} of ${jobs} jobs begun, ` +
        `${figures.of("done", "expiries")} expiries, ${figures.of("done", "orders")} orders, ` +
        `${figures.of("done", "transactions")} transactions`,
    );
  };
  const next = (): Job | undefined =>
    failures.length > 0 || seconds() > minutes * 60 ? undefined : queue.shift();
  const hear = (message: Message): void => {
    if (message.kind === "counted") figures.add(message.counts);
    if (message.kind !== "differs") return;
    failures.push(message.detail);
    console.error(`\n${JSON.stringify(message.job)} differs:\n${message.detail}`);
  };
  const timer = setInterval(tellProgress, PROGRESS);
  try {
    const count = Math.min(options.workers, jobs);
    const started = Array.from({ length: count }, () =>
      startWorker(options.recordings, next, hear),
    );
    await Promise.all(started);
  } finally {
    clearInterval(timer);
  }
  tellProgress();
  const left = queue.length;
  return { figures, failures, done: jobs - left - failures.length, left };
}

/** Runs the campaign and tells what came of it; answers how many checks failed. */
async function main(options: Options): Promise<number> {
  const { size, seed, workers, recordings } = options;
  const recorded = existsSync(recordings) ? "recorded" : "made-up";
  console.log(
    `seed ${seed}, ${size.expiries} expiries in ${size.orders} orders each, ` +
      `${recorded} rounds, ${workers} workers`,
  );
  const start = performance.now();
  const { figures, failures, done, left } = await campaign(options);
  console.log(`\n${figuresTable(figures)}`);
  console.log(`\n${((performance.now() - start) / 1_000).toFixed(1)} s`);
  if (left > 0) console.log(`${left} jobs were left when the time was over`);
  const gates = failures.length > 0 || options.only !== undefined ? [] : gatesOf(figures);
  for (const { what, ok } of gates) console.log(`${ok ? "ok  " : "FAIL"} ${what}`);
  const broken = gates.filter(({ ok }) => !ok).length;
  const failed = failures.length + broken;
  console.log(`${done + gates.length - broken} passed, ${failed} failed`);
  return failed;
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) console.log(HELP);
  else process.exitCode = (await main(options)) === 0 ? 0 : 1;
} catch (error) {
  const usage = error instanceof UsageError || (error instanceof TypeError && "code" in error);
  if (!usage) throw error;
  console.error(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}

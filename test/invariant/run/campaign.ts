import { Generator } from "../generate/generator.ts";
import { drawKnobs } from "../generate/knobs.ts";
import type { Knobs } from "../generate/knobs.ts";
import type { Command } from "./command.ts";
import type { Failure, Host } from "./host.ts";
import type { Lockstep } from "./lockstep.ts";
import { situationsOf } from "./met/situations.ts";
import { count, emptyStats, reach } from "./stats.ts";
import type { Stats } from "./stats.ts";

/** Which runs of a campaign one process does. */
export interface Share {
  readonly seed: number;
  /** Runs of the whole campaign. */
  readonly runs: number;
  /** Commands of a run. */
  readonly length: number;
  /** This process does runs first, first + step, first + 2 · step, … */
  readonly first: number;
  readonly step: number;
}

/** A run that failed, by its number. */
export interface FailedRun extends Failure {
  readonly run: number;
  readonly knobs: Knobs;
}

function* commandsOf(knobs: Knobs, run: Lockstep, length: number): Iterable<Command> {
  const generator = new Generator(knobs, run.twin);
  for (let step = 0; step < length; step++) yield generator.next();
}

/** Does one run of a campaign: generates its commands as it goes. */
export async function doRun(
  host: Host,
  knobs: Knobs,
  length: number,
  stats: Stats,
): Promise<Failure | undefined> {
  const run = await host.fresh();
  const commands = commandsOf(knobs, run, length);
  const failure = await host.playOn(run, commands, (command, step) => {
    count(stats, command, step);
    for (const situation of situationsOf(run.state, command, step)) reach(stats, situation);
  });
  stats.runs++;
  return failure;
}

/**
 * Does a share of a campaign, up to the first run that fails.
 *
 * @param report - Told what each run adds.
 * @param enough - Whether to leave the rest undone; asked before each run.
 */
export async function doShare(
  host: Host,
  share: Share,
  report: (added: Stats) => void,
  enough: () => boolean,
): Promise<FailedRun | undefined> {
  const all = drawKnobs(share.seed, share.runs);
  for (let run = share.first; run < share.runs; run += share.step) {
    const knobs = all[run];
    if (knobs === undefined || enough()) break;
    const stats = emptyStats();
    const failure = await doRun(host, knobs, share.length, stats);
    report(stats);
    if (failure !== undefined) return { ...failure, run, knobs };
  }
  return undefined;
}

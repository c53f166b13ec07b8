import { Dice } from "../generate/dice.ts";
import { PriceCalls } from "./calls.ts";
import { playShare, standAt } from "./campaign.ts";
import type { FixingShare } from "./campaign.ts";
import type { PriceBuild } from "./build.ts";
import { Figures } from "./figures.ts";
import type { Counts } from "./figures.ts";
import { HonestReplay } from "./honest.ts";
import { HubPlay } from "./hubPlay.ts";
import { playNodes } from "./nodes.ts";
import { PhaseFixing, compareProofs, publishPhases } from "./phases.ts";
import { PricePath, etherRounds, madeUpRounds, nodeAnswers, stablecoinPhases } from "./records.ts";
import { SuccessionPlay } from "./succession.ts";
import { PriceWorld } from "./world.ts";

/** A piece of the campaign, small enough to be done by one process. */
export type Job =
  | { readonly kind: "fixings"; readonly share: FixingShare }
  /** A fixing of the recorded rounds that once failed. */
  | { readonly kind: "known"; readonly share: FixingShare; readonly cause: string }
  /** Some steps at a hub of their own. */
  | { readonly kind: "hub"; readonly seed: number; readonly run: number; readonly steps: number }
  /** One class that dies and its heir. */
  | { readonly kind: "succession"; readonly seed: number; readonly run: number }
  /** Some of the recorded rounds, with everybody honest. */
  | {
      readonly kind: "honest";
      readonly seed: number;
      readonly from: number;
      readonly to: number;
    }
  /** Some of a stablecoin's rounds, at and beside which its values are asked for; and fixings across its phases. */
  | {
      readonly kind: "phases";
      readonly seed: number;
      readonly coin: string;
      readonly part: number;
      readonly parts: number;
      readonly fixings: number;
    }
  /** Some of the times at which nodes answered. */
  | { readonly kind: "nodes"; readonly seed: number; readonly from: number; readonly to: number };

/** What a job needs beside itself. */
export interface JobContext {
  readonly build: PriceBuild;
  /** Folder of the recordings. */
  readonly recordings: string;
}

/** Made-up rounds that stand in for a recording. */
const MADE_UP = { seed: 1, count: 4_000 };

/** What ETH did. */
interface EtherPath {
  readonly path: PricePath;
  /** Whether it was, or was made up. */
  readonly recorded: boolean;
}

let read: ({ readonly folder: string } & EtherPath) | undefined;

function etherPath(folder: string): EtherPath {
  if (read?.folder !== folder) {
    const rounds = etherRounds(folder);
    const path = new PricePath(rounds ?? madeUpRounds(MADE_UP.seed, MADE_UP.count));
    read = { folder, path, recorded: rounds !== undefined };
  }
  return read;
}

/** What a job works with. */
interface Bench extends JobContext, EtherPath {
  readonly figures: Figures;
}

/**
 * Does a job; one whose recording is not there is done at once.
 *
 * @param tell - Told of what was counted since it was told last.
 * @throws A `Difference`, or what holds one.
 */
export async function doJob(
  context: JobContext,
  job: Job,
  tell: (counts: Counts) => void,
): Promise<void> {
  const figures = new Figures();
  const bench: Bench = { ...context, ...etherPath(context.recordings), figures };
  const told = (): void => tell(figures.take());
  try {
    await doOn(bench, job, told);
  } finally {
    told();
  }
}

async function doOn(bench: Bench, job: Job, told: () => void): Promise<void> {
  switch (job.kind) {
    case "known":
      if (!bench.recorded) return;
      return playShare(bench.build, bench.path, job.share, bench.figures, told);
    case "fixings":
      return playShare(bench.build, bench.path, job.share, bench.figures, told);
    case "hub":
      return playHub(bench, job);
    case "succession":
      return playSuccession(bench, job);
    case "honest":
      return playHonest(bench, job);
    case "phases":
      return playPhases(bench, job);
    case "nodes":
      return playAllNodes(bench, job);
  }
}

/** Streams of dice above those of fixings. */
const STREAM = {
  hub: 1 << 30,
  succession: 1 << 29,
  honest: 1 << 28,
  phases: 1 << 27,
  nodes: 1 << 26,
};

type JobOf<K extends Job["kind"]> = Extract<Job, { readonly kind: K }>;

async function playHub(
  { build, path, figures }: Bench,
  { seed, run, steps }: JobOf<"hub">,
): Promise<void> {
  const dice = new Dice(seed, STREAM.hub + run);
  const from = dice.between(path.begin + 3_600n, path.end - 86_400n);
  const { world, published } = await standAt(build, path, from);
  await new HubPlay(new PriceCalls(world, figures), path, dice, from, published).play(steps);
  figures.count("done", "transactions", world.transactions);
}

async function playSuccession(
  { build, path, figures }: Bench,
  { seed, run }: JobOf<"succession">,
): Promise<void> {
  const dice = new Dice(seed, STREAM.succession + run);
  const now = dice.between(path.begin + 3_600n, path.end - 40n * 86_400n);
  const { world, published } = await standAt(build, path, now);
  await world.publish(now, path.rounds.slice(published, path.countAt(now)));
  const start = { now, published: path.countAt(now) };
  await new SuccessionPlay(world, path, figures, dice, start).play();
  figures.count("done", "transactions", world.transactions);
}

async function playHonest(
  { build, path, figures }: Bench,
  { seed, from, to }: JobOf<"honest">,
): Promise<void> {
  const first = path.rounds[from]?.updatedAt;
  if (first === undefined) return;
  const world = await PriceWorld.create(build, first - 10n);
  const dice = new Dice(seed, STREAM.honest + from);
  await new HonestReplay(world, path, figures, dice).play(from, to);
  figures.count("done", "transactions", world.transactions);
}

async function playPhases(
  { build, recordings, figures }: Bench,
  { seed, coin, part, parts, fixings }: JobOf<"phases">,
): Promise<void> {
  const phases = stablecoinPhases(recordings, coin);
  if (phases === undefined) return;
  const [old = [], recent = []] = phases;
  const begin = old[0]?.updatedAt ?? 0n;
  const dice = new Dice(seed, STREAM.phases + part);
  const world = await PriceWorld.create(build, begin - 10n);
  const fresh = await world.keep();
  const end = (recent.at(-1)?.updatedAt ?? begin) + 10_000n;
  await publishPhases(world, end, phases);
  const times = [...old, ...recent].filter((_, at) => at % parts === part);
  for (const { updatedAt } of times) {
    await compareProofs(world, end + 1n, updatedAt + dice.between(-1n, 1n), figures);
  }
  await world.restore(fresh);
  const play = new PhaseFixing(world, figures, phases);
  const since = recent[0]?.updatedAt ?? end;
  const chosen = old.map((_, at) => at).filter((at) => (old[at]?.updatedAt ?? 0n) > since);
  let published = 0;
  for (let fixing = 0; fixing < fixings; fixing++) {
    const at = chosen[Math.floor(((fixing * parts + part) * chosen.length) / (fixings * parts))];
    const round = old[at ?? 0];
    if (at === undefined || round === undefined || at < published) continue;
    await world.publish(round.updatedAt, old.slice(published, at + 1));
    published = at + 1;
    const kept = await world.keep();
    await play.play(dice, round);
    await world.restore(kept);
  }
  figures.count("done", "transactions", world.transactions);
}

async function playAllNodes(
  { build, recordings, figures }: Bench,
  { seed, from, to }: JobOf<"nodes">,
): Promise<void> {
  const rows = nodeAnswers(recordings)?.slice(from, to) ?? [];
  const last = rows.at(-1)?.time;
  if (last === undefined) return;
  const world = await PriceWorld.create(build, last + 100n);
  const dice = new Dice(seed, STREAM.nodes + from);
  for (const row of rows) await playNodes(world, dice, figures, row);
}

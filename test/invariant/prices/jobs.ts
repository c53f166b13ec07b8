import { playShare } from "./campaign.ts";
import type { FixingShare } from "./campaign.ts";
import type { PriceBuild } from "./build.ts";
import { Figures } from "./figures.ts";
import type { Counts } from "./figures.ts";
import { PricePath, etherRounds, madeUpRounds } from "./records.ts";

/** A piece of the campaign, small enough to be done by one process. */
export type Job = { readonly kind: "fixings"; readonly share: FixingShare };

/** What a job needs beside itself. */
export interface JobContext {
  readonly build: PriceBuild;
  /** Folder of the recordings. */
  readonly recordings: string;
}

/** Made-up rounds that stand in for a recording. */
const MADE_UP = { seed: 1, count: 4_000 };

let known: { readonly folder: string; readonly path: PricePath } | undefined;

/** What ETH did, recorded or made up. */
export function etherPath(folder: string): PricePath {
  if (known?.folder !== folder) {
    const rounds = etherRounds(folder) ?? madeUpRounds(MADE_UP.seed, MADE_UP.count);
    known = { folder, path: new PricePath(rounds) };
  }
  return known.path;
}

/**
 * Does a job.
 *
 * @param tell - Told of what was counted since it was told last.
 * @throws A `Difference`, or what holds one.
 */
export async function doJob(
  { build, recordings }: JobContext,
  job: Job,
  tell: (counts: Counts) => void,
): Promise<void> {
  const figures = new Figures();
  const told = (): void => tell(figures.take());
  await playShare(build, etherPath(recordings), job.share, figures, told);
  told();
}

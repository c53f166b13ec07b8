import { drawKnobs } from "../generate/knobs.ts";
import { doRun } from "../run/campaign.ts";
import { Host } from "../run/host.ts";
import { emptyStats } from "../run/stats.ts";
import { compileMutant } from "./compile.ts";
import type { Mutant } from "./mutant.ts";

/** How long a hunt may be. */
export interface Bounds {
  readonly seed: number;
  /** Commands of a run. */
  readonly length: number;
  /** Commands in all. */
  readonly commands: number;
}

/** What became of a planted fault. */
export interface Hunt {
  readonly name: string;
  /** Whether a difference showed. */
  readonly found: boolean;
  /** Commands until then. */
  readonly commands: number;
  /** What differed. */
  readonly about: string;
  readonly seconds: number;
}

/** Runs the campaign on a fault until it shows. Without a fault nothing may show. */
export async function hunt(mutant: Mutant | undefined, bounds: Bounds): Promise<Hunt> {
  const start = performance.now();
  const name = mutant?.name ?? "no fault";
  const host = new Host(compileMutant(mutant));
  const stats = emptyStats();
  const runs = Math.ceil(bounds.commands / bounds.length);
  let about = "";
  for (const knobs of drawKnobs(bounds.seed, runs)) {
    const failure = await doRun(host, knobs, bounds.length, stats);
    if (failure === undefined) continue;
    about = failure.difference.about;
    stats.commands++;
    break;
  }
  const seconds = (performance.now() - start) / 1_000;
  return { name, found: about !== "", commands: stats.commands, about, seconds };
}

import { doRun as doBreakerRun } from "../breakers/campaign.ts";
import { BreakerHost } from "../breakers/world.ts";
import { drawKnobs } from "../generate/knobs.ts";
import { doRun } from "../run/campaign.ts";
import { FixingFailure } from "../prices/campaign.ts";
import { Figures } from "../prices/figures.ts";
import { doJob } from "../prices/jobs.ts";
import type { Job } from "../prices/jobs.ts";
import { Difference } from "../run/difference.ts";
import { Host } from "../run/host.ts";
import { emptyStats } from "../run/stats.ts";
import { compileBreakerMutant, compileMutant, compilePriceMutant } from "./compile.ts";
import type { Campaign, Mutant } from "./mutant.ts";

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

/** Runs a campaign until the fault shows. Without a fault nothing may show. */
export function hunt(
  campaign: Campaign,
  mutant: Mutant | undefined,
  bounds: Bounds,
): Promise<Hunt> {
  if (campaign === "prices") return huntPrices(mutant, bounds);
  return campaign === "breakers" ? huntBreakers(mutant, bounds) : huntLedger(mutant, bounds);
}

/** What a control is called. */
function nameOf(campaign: Campaign, mutant: Mutant | undefined): string {
  return mutant?.name ?? `no fault (${campaign})`;
}

async function huntBreakers(
  mutant: Mutant | undefined,
  { seed, length, commands }: Bounds,
): Promise<Hunt> {
  const start = performance.now();
  const host = new BreakerHost(compileBreakerMutant(mutant));
  const figures = new Figures();
  let about = "";
  for (let run = 0; about === "" && figures.of("done", "commands") < commands; run++) {
    const failure = await doBreakerRun(host, { seed, run, length }, figures);
    about = failure?.difference.about ?? "";
  }
  const seconds = (performance.now() - start) / 1_000;
  const done = figures.of("done", "commands") + (about === "" ? 0 : 1);
  const name = nameOf("breakers", mutant);
  return { name, found: about !== "", commands: done, about, seconds };
}

/** Fixings of one job of the campaign of prices, orders of each, and steps at the hub. */
const PRICE_SHARE = { expiries: 20, orders: 3, steps: 120 };

/** The same with the campaign of prices, whose commands are calls of hub and fixings: jobs at the hub and fixings take turns. */
async function huntPrices(mutant: Mutant | undefined, { seed, commands }: Bounds): Promise<Hunt> {
  const start = performance.now();
  // Recordings are never looked for: the hunt is the same everywhere.
  const context = { build: compilePriceMutant(mutant), recordings: "" };
  const figures = new Figures();
  const { expiries, orders, steps } = PRICE_SHARE;
  let about = "";
  for (let run = 0; about === "" && figures.sumOf("calls") < commands; run++) {
    const share = { seed: seed + run, expiries, orders, part: 0, parts: 1 };
    const job: Job = run % 2 === 0 ? { kind: "hub", seed, run, steps } : { kind: "fixings", share };
    try {
      await doJob(context, job, (counts) => figures.add(counts));
    } catch (thrown) {
      const cause = thrown instanceof FixingFailure ? thrown.cause : thrown;
      if (!(cause instanceof Difference)) throw thrown;
      about = cause.about;
    }
  }
  const seconds = (performance.now() - start) / 1_000;
  const done = figures.sumOf("calls");
  const name = nameOf("prices", mutant);
  return { name, found: about !== "", commands: done, about, seconds };
}

async function huntLedger(mutant: Mutant | undefined, bounds: Bounds): Promise<Hunt> {
  const start = performance.now();
  const name = nameOf("ledger", mutant);
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

/**
 * A process of the campaign of breakers: is sent runs one at a time, and tells what each counted and what differs.
 *
 * @module
 */
import { Figures } from "../prices/figures.ts";
import type { Counts } from "../prices/figures.ts";
import { toJson } from "../run/command.ts";
import { readBreakerBuild } from "./build.ts";
import { doRun } from "./campaign.ts";
import { shrink } from "./shrink.ts";
import type { Job } from "./size.ts";
import { BreakerHost } from "./world.ts";

/** A run that fails, shortened. */
export interface Finding {
  readonly job: Job;
  readonly detail: string;
  /** How many commands show it. */
  readonly length: number;
  /** Knobs and commands, as `toJson` writes them. */
  readonly sequence: string;
}

/** What a worker tells. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "counted"; readonly counts: Counts }
  | { readonly kind: "shrinking"; readonly job: Job; readonly detail: string }
  | { readonly kind: "differs"; readonly finding: Finding };

function tell(message: Message): void {
  process.send?.(message);
}

let host: BreakerHost | undefined;

async function follow(job: Job): Promise<void> {
  host ??= new BreakerHost(readBreakerBuild());
  const figures = new Figures();
  const failure = await doRun(host, job, figures);
  tell({ kind: "counted", counts: figures.take() });
  if (failure !== undefined) {
    tell({ kind: "shrinking", job, detail: failure.difference.message });
    const { knobs, commands, difference } = await shrink(host, failure);
    const { message: detail } = difference;
    const sequence = toJson({ knobs, commands });
    tell({ kind: "differs", finding: { job, detail, length: commands.length, sequence } });
  }
  tell({ kind: "ready" });
}

if (import.meta.main) {
  tell({ kind: "ready" });
  process.on("message", (job: Job) => {
    follow(job).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

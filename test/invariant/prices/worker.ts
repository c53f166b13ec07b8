/**
 * A process of the campaign of prices: is sent jobs one at a time, and tells what each counted and what differs.
 *
 * @module
 */
import { readPriceBuild } from "./build.ts";
import type { Counts } from "./figures.ts";
import { doJob } from "./jobs.ts";
import type { Job, JobContext } from "./jobs.ts";

/** What a worker tells. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "counted"; readonly counts: Counts }
  | { readonly kind: "differs"; readonly job: Job; readonly detail: string };

/** What a worker is sent: first the folder of the recordings, then jobs. */
export type Order =
  | { readonly kind: "begin"; readonly recordings: string }
  | { readonly kind: "job"; readonly job: Job };

function tell(message: Message): void {
  process.send?.(message);
}

let context: JobContext | undefined;

async function follow(order: Order): Promise<void> {
  if (order.kind === "begin") {
    context = { build: readPriceBuild(), recordings: order.recordings };
  } else if (context !== undefined) {
    const { job } = order;
    try {
      await doJob(context, job, (counts) => tell({ kind: "counted", counts }));
    } catch (thrown) {
      const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
      tell({ kind: "differs", job, detail });
    }
  }
  tell({ kind: "ready" });
}

if (import.meta.main) {
  process.on("message", (order: Order) => {
    follow(order).catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

/**
 * A process of the campaign: does the share that it is sent, tells what each run adds, and shrinks the run that fails.
 *
 * @module
 */
import { readBuild } from "./chain/build.ts";
import { doShare } from "./run/campaign.ts";
import type { Share } from "./run/campaign.ts";
import { toJson } from "./run/command.ts";
import type { Failure } from "./run/host.ts";
import { Host } from "./run/host.ts";
import { shrink } from "./run/shrink.ts";
import type { Stats } from "./run/stats.ts";

/** A failing run, as it is written to a file. Commands are kept as `toJson` writes them. */
export interface Finding {
  readonly seed: number;
  readonly run: number;
  readonly flavour: string;
  readonly about: string;
  readonly detail: string;
  readonly commandsBefore: number;
  readonly commands: string;
}

/** What a worker tells. */
export type Message =
  | { readonly kind: "did"; readonly stats: Stats }
  | { readonly kind: "shrinking"; readonly run: number; readonly about: string }
  | { readonly kind: "found"; readonly finding: Finding };

/** Tells the process that started this one. */
function tell(message: Message): void {
  process.send?.(message);
}

/** What a worker is sent: its share, then perhaps that the rest may stay undone. */
export type Order = { readonly kind: "share"; readonly share: Share } | { readonly kind: "stop" };

/** Does a share; shrinks what fails. */
async function work(
  share: Share,
  say: (message: Message) => void,
  enough: () => boolean,
): Promise<void> {
  const host = new Host(readBuild());
  const failed = await doShare(host, share, (stats) => say({ kind: "did", stats }), enough);
  if (failed !== undefined) {
    const { run, knobs, difference } = failed;
    say({ kind: "shrinking", run, about: difference.message });
    const shrunk: Failure = await shrink(host, failed);
    const finding: Finding = {
      seed: share.seed,
      run,
      flavour: knobs.flavour,
      about: shrunk.difference.about,
      detail: shrunk.difference.message,
      commandsBefore: failed.commands.length,
      commands: toJson(shrunk.commands),
    };
    say({ kind: "found", finding });
  }
}

if (import.meta.main) {
  let stopped = false;
  process.on("message", (order: Order) => {
    if (order.kind === "stop") {
      stopped = true;
      return;
    }
    work(order.share, tell, () => stopped).then(
      () => process.disconnect(),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

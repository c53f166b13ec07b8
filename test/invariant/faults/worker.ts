/**
 * A process that hunts faults: is sent their indices one at a time, −1 for no fault, with the campaign that hunts them, and tells what became of each.
 *
 * @module
 */
import { hunt } from "./hunt.ts";
import type { Bounds } from "./hunt.ts";
import type { Campaign } from "./mutant.ts";
import { MUTANTS } from "./mutants.ts";

/** One hunt to do. */
export interface Task {
  readonly index: number;
  readonly campaign: Campaign;
  readonly bounds: Bounds;
}

if (import.meta.main) {
  process.on("message", ({ index, campaign, bounds }: Task) => {
    hunt(campaign, MUTANTS[index], bounds).then(
      (done) => process.send?.(done),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

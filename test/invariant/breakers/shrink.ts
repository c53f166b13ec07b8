import { playAgain } from "./campaign.ts";
import type { Failure } from "./campaign.ts";
import type { Command } from "./command.ts";
import type { BreakerHost } from "./world.ts";

/** How long shrinking may take, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Leaves out ever smaller pieces of a failing sequence as long as the same kind of difference shows.
 *
 * @returns The shortest failure that was found in time.
 */
export async function shrink(host: BreakerHost, failure: Failure): Promise<Failure> {
  const { knobs } = failure;
  const { about } = failure.difference;
  const end = performance.now() + PATIENCE;
  let best = failure;
  const stillFails = async (commands: readonly Command[]): Promise<boolean> => {
    if (performance.now() > end) return false;
    const found = await playAgain(host, knobs, commands);
    if (found?.difference.about !== about) return false;
    best = found;
    return true;
  };
  for (let size = best.commands.length >> 1; size >= 1; size >>= 1) {
    for (let from = best.commands.length - size; from >= 0; from -= size) {
      const { commands } = best;
      await stillFails([...commands.slice(0, from), ...commands.slice(from + size)]);
    }
  }
  return best;
}

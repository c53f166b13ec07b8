import type { Command } from "./command.ts";
import type { Failure, Host } from "./host.ts";
import { simpler } from "./simpler.ts";

/** How long shrinking may take, in milliseconds. */
const PATIENCE = 90_000;

type Tries = (commands: readonly Command[]) => Promise<readonly Command[] | undefined>;

/** Leaves out ever smaller pieces, as long as the same difference shows (ddmin). */
async function leaveOut(start: readonly Command[], fails: Tries): Promise<readonly Command[]> {
  let commands = start;
  for (let size = Math.ceil(commands.length / 2); size >= 1; size = size > 1 ? size >> 1 : 0) {
    for (let from = commands.length; from > 0;) {
      from = Math.max(0, from - size);
      const shorter = [...commands.slice(0, from), ...commands.slice(from + size)];
      const failing = await fails(shorter);
      if (failing === undefined) continue;
      commands = failing;
      from = Math.min(from, commands.length);
    }
  }
  return commands;
}

async function simplify(start: readonly Command[], fails: Tries): Promise<readonly Command[]> {
  let commands = start;
  for (let at = 0; at < commands.length; at++) {
    const command = commands[at];
    if (command === undefined) break;
    for (const easier of simpler(command)) {
      const failing = await fails(commands.with(at, easier));
      if (failing?.length !== commands.length) continue;
      commands = failing;
      at--;
      break;
    }
  }
  return commands;
}

/**
 * Makes a failing sequence as short as it gets while the same difference shows.
 *
 * @param host - Where it is tried.
 * @param failure - What failed.
 */
export async function shrink(host: Host, failure: Failure): Promise<Failure> {
  const { about } = failure.difference;
  const end = performance.now() + PATIENCE;
  let best = failure;
  const fails: Tries = async (commands) => {
    if (performance.now() > end) return undefined;
    const found = await host.play(commands);
    if (found?.difference.about !== about) return undefined;
    best = found;
    return found.commands;
  };
  let length = Infinity;
  let { commands } = failure;
  while (commands.length < length) {
    length = commands.length;
    commands = await simplify(await leaveOut(commands, fails), fails);
  }
  return best;
}

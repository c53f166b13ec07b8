import hardhat from "hardhat";
import { ArgumentType } from "hardhat/types/arguments";

import { runTask } from "./taskRunner.ts";
import type { TaskOptions } from "./taskRunner.ts";

/** How a command ended. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a task with the words of a command line, in this process: Hardhat needs seconds to start in one of its own. `hardhat`
 * of `tasks.support.ts` is that one, for what is about processes and about Hardhat's own command line.
 */
export async function commandHere(name: string, words: readonly string[]): Promise<Ran> {
  const { success, stdout, stderr } = await runTask(name, optionsOf(name, words));
  return { code: success ? 0 : 1, stdout, stderr };
}

/** Options of a task as its command line names them: `--dry-run`, `--market 1`. */
function optionsOf(name: string, words: readonly string[]): TaskOptions {
  const known = new Map(
    [...hardhat.tasks.getTask(name).options.values()].map((option) => [
      `--${option.name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      option,
    ]),
  );
  const options: Record<string, unknown> = {};
  const left = [...words];
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const option = known.get(word);
    if (option === undefined) throw new Error(`${name} has no option ${word}`);
    const value = option.type === ArgumentType.FLAG ? true : left.shift();
    if (value === undefined) throw new Error(`${word} of ${name} needs a value`);
    if (option.name in options) throw new Error(`${word} of ${name} is there twice`);
    options[option.name] = value;
  }
  return options;
}

import { Dice } from "../generate/dice.ts";
import type { Figures } from "../prices/figures.ts";
import { Difference } from "../run/difference.ts";
import type { Command } from "./command.ts";
import { drawKnobs } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";
import { Lockstep } from "./lockstep.ts";
import { countStep } from "./met/count.ts";
import { memorise } from "./memory.ts";
import { commandsOf } from "./script.ts";
import { PEG } from "./scene.ts";
import type { Scene } from "./scene.ts";
import { BreakerTwin, START } from "./twin.ts";
import type { BreakerHost } from "./world.ts";

/** A run of a campaign. */
export interface Run {
  readonly seed: number;
  /** Its number in the campaign. */
  readonly run: number;
  /** Commands of it. */
  readonly length: number;
}

/** Where a run fails. */
export interface Failure {
  readonly difference: Difference;
  readonly knobs: Knobs;
  /** Commands up to and with the one that shows it. */
  readonly commands: readonly Command[];
}

/** Streams of dice of one run. */
const STREAMS = 2;

/** What a run starts with. */
export function knobsOf({ seed, run }: Run): Knobs {
  return drawKnobs(new Dice(seed, run * STREAMS));
}

function sceneOf(run: Run, twin: BreakerTwin): Scene {
  const { price } = twin.knobs;
  const worth = { ether: price, late: price, coin: PEG, odd: price };
  return { dice: new Dice(run.seed, run.run * STREAMS + 1), twin, now: START + 1n, worth };
}

/** Does a run; answers where it fails, or nothing. */
export async function doRun(
  host: BreakerHost,
  run: Run,
  figures: Figures,
): Promise<Failure | undefined> {
  const knobs = knobsOf(run);
  const twin = new BreakerTwin(knobs);
  const scene = sceneOf(run, twin);
  const lockstep = new Lockstep({ world: await host.fresh(twin), twin });
  const script = commandsOf(scene);
  const commands: Command[] = [];
  let next = script.next();
  try {
    while (next.done !== true && commands.length < run.length) {
      const command = next.value;
      commands.push(command);
      const before = memorise(twin, command);
      const step = await lockstep.step(command);
      countStep(figures, twin, before, command, step);
      scene.now = command.at;
      next = script.next(step);
    }
  } catch (thrown) {
    if (thrown instanceof Difference) return { difference: thrown, knobs, commands };
    throw thrown;
  }
  figures.count("done", "runs");
  return undefined;
}

/** Does commands again; answers where they fail, or nothing. */
export async function playAgain(
  host: BreakerHost,
  knobs: Knobs,
  commands: readonly Command[],
  told: (command: Command) => void = () => undefined,
): Promise<Failure | undefined> {
  const twin = new BreakerTwin(knobs);
  const lockstep = new Lockstep({ world: await host.fresh(twin), twin });
  const played: Command[] = [];
  try {
    for (const command of commands) {
      played.push(command);
      told(command);
      await lockstep.step(command);
    }
  } catch (thrown) {
    if (thrown instanceof Difference) return { difference: thrown, knobs, commands: played };
    throw thrown;
  }
  return undefined;
}

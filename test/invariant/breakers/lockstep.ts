import type { BreakerEvent, ModelError } from "@certus/model";

import { callBreaker, callLedger, changeWorld } from "./calls.ts";
import type { Sides } from "./calls.ts";
import { isBreakerCommand } from "./command.ts";
import type { Command } from "./command.ts";
import { Rules } from "./rules.ts";
import { compareViews } from "./views.ts";
import type { About } from "./views.ts";
import { compareWords } from "./words.ts";

/** What a command came to: undefined for what only happens around the breaker. */
export type Step =
  | { readonly ok: true; readonly returned?: unknown; readonly events: readonly BreakerEvent[] }
  | { readonly ok: false; readonly error: ModelError }
  | undefined;

async function act(sides: Sides, command: Command): Promise<Step> {
  if (isBreakerCommand(command)) return callBreaker(sides, command);
  if (command.kind !== "ledger") {
    await changeWorld(sides, command);
    return undefined;
  }
  const outcome = await callLedger(sides, command);
  return outcome.ok ? { ok: true, events: [] } : outcome;
}

/** The market or the feed that a command names. */
function aboutOf(command: Command): About {
  return {
    ...("market" in command ? { market: command.market } : {}),
    ...("feed" in command ? { feed: command.feed } : {}),
  };
}

/** Commands from one look at every view to the next. */
const ALL_EVERY = 10;

/** Both sides of a run that has begun. */
export class Lockstep {
  readonly #sides: Sides;
  readonly #rules = new Rules();
  #steps = 0;

  constructor(sides: Sides) {
    this.#sides = sides;
  }

  /** Does a command on both sides; compares how it ended, every word that the breaker keeps, and views; checks promises. */
  async step(command: Command): Promise<Step> {
    const step = await act(this.#sides, command);
    this.#steps++;
    this.#rules.check(this.#sides.twin, command.at, step);
    await compareWords(this.#sides);
    const all = this.#steps % ALL_EVERY === 0;
    await compareViews(this.#sides, command.at, all ? "all" : aboutOf(command));
    return step;
  }
}

/**
 * What a command came to: what is counted of it, and the situations it is one of.
 *
 * @module
 */
import type { Tripped } from "@certus/model";

import type { Figures } from "../../prices/figures.ts";
import type { Command } from "../command.ts";
import { isBreakerCommand } from "../command.ts";
import type { Step } from "../lockstep.ts";
import type { Memory } from "../memory.ts";
import { levelNow } from "./case.ts";
import type { Case, Situations } from "./case.ts";
import { CHANGE_SITUATIONS } from "./changes.ts";
import { EVIDENCE_SITUATIONS } from "./evidence.ts";
import { LEVEL_SITUATIONS } from "./levels.ts";
import type { BreakerTwin } from "../twin.ts";

const LEVELS = ["Normal", "Restricted", "Halted"] as const;

const SITUATIONS: Situations = {
  ...LEVEL_SITUATIONS,
  ...EVIDENCE_SITUATIONS,
  ...CHANGE_SITUATIONS,
};

/** Names of all situations. */
export const SITUATION_NAMES = Object.keys(SITUATIONS);

/** Ways from one level to another that a campaign must have gone. */
export const WAYS = [
  "Normal to Restricted",
  "Normal to Halted",
  "Restricted to Halted",
  "Restricted to Normal",
  "Halted to Restricted",
  "Halted to Normal",
  "Restricted to Normal in time",
  "Halted to Normal in time",
] as const;

function countLevels(figures: Figures, { before, after, now }: Case): void {
  const [from, to] = [levelNow(before.watch, now), levelNow(after, now)];
  if (from !== to) figures.count("levels", `${LEVELS[from]} to ${LEVELS[to]}`);
  const set = before.watch?.level ?? 0n;
  if (set !== 0n && from === 0 && after?.level !== set) {
    figures.count("levels", `${LEVELS[Number(set)]} to Normal in time`);
  }
}

function countCall(figures: Figures, about: Case): void {
  const { command, ok, error } = about;
  figures.count(ok ? "went through" : "refused", command.kind);
  if (error !== undefined) figures.count("errors", error.name);
  if (ok && command.kind === "trip") figures.count("tripped", command.trigger);
  if (ok && command.kind === "tripShortfall") figures.count("tripped", "Shortfall");
  if (ok && command.kind === "impose") figures.count("tripped", "Guardian");
  countLevels(figures, about);
  for (const [name, holds] of Object.entries(SITUATIONS)) {
    if (holds(about)) figures.count("situations", name);
  }
}

/** Counts a command and what it came to. */
export function countStep(
  figures: Figures,
  { breaker }: BreakerTwin,
  before: Memory,
  command: Command,
  step: Step,
): void {
  figures.count("done", "commands");
  if (!isBreakerCommand(command)) {
    const name = command.kind === "ledger" ? command.call.kind : command.kind;
    figures.count("around", step?.ok === false ? `${name} refused` : name);
    if (step?.ok === false) figures.count("the ledger's errors", step.error.name);
    return;
  }
  if (step === undefined) return;
  const told = step.ok ? step.events.find(({ name }) => name === "Tripped") : undefined;
  countCall(figures, {
    command,
    ok: step.ok,
    error: step.ok ? undefined : step.error,
    tripped: told === undefined ? undefined : (told.args as Tripped),
    measured: told === undefined ? undefined : (told.args as { measured: bigint }).measured,
    before,
    after: "market" in command ? breaker.markets.get(command.market) : undefined,
    now: command.at,
  });
}

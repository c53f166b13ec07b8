/**
 * What a command came to: what is counted of it, and the situations it is one of.
 *
 * @module
 */
import { TRIGGERS } from "@certus/model";
import type { MarketWatch, Tripped } from "@certus/model";

import type { Figures } from "../prices/figures.ts";
import type { BreakerCommand, Command } from "./command.ts";
import { isBreakerCommand } from "./command.ts";
import type { Step } from "./lockstep.ts";
import type { Memory } from "./memory.ts";
import { inForce } from "./scene.ts";
import type { BreakerTwin } from "./twin.ts";

const LONGEST = 21_600n;
const WEEK = 604_800n;
const LEVELS = ["Normal", "Restricted", "Halted"] as const;

/** A command of the breaker with all that tells what it came to. */
interface Case {
  readonly command: BreakerCommand & Command;
  readonly ok: boolean;
  readonly error: { readonly name: string; readonly args: readonly unknown[] } | undefined;
  readonly tripped: Tripped | undefined;
  /** What a trip measured. */
  readonly measured: bigint | undefined;
  readonly before: Memory;
  readonly after: MarketWatch | undefined;
  readonly now: bigint;
}

function levelNow(watch: MarketWatch | undefined, now: bigint): number {
  return watch !== undefined && now < watch.until ? Number(watch.level) : 0;
}

function isTrip({ command }: Case, trigger?: string): boolean {
  return command.kind === "trip" && (trigger === undefined || command.trigger === trigger);
}

function numberAt({ error }: Case, place: number): bigint {
  const value = error?.args[place];
  return typeof value === "bigint" ? value : -1n;
}

const hasError = ({ error }: Case, name: string): boolean => error?.name === name;

/** Situations by name, with whether a command is one of them. */
const SITUATIONS: Readonly<Record<string, (about: Case) => boolean>> = {
  "a stay is prolonged fourfold": ({ tripped, after, now }) =>
    tripped !== undefined && after?.trippedAt === now && after.escalation > 0n,
  "an escalated stay is cut at six hours": (about) => {
    const { tripped, after, now } = about;
    const moves = isTrip(about) && after !== undefined && after.escalation >= 3n;
    return moves && tripped?.until === now + LONGEST;
  },
  "escalation is at its greatest": ({ after, tripped }) =>
    tripped !== undefined && after?.escalation === 4n,
  "escalation starts again after a day": ({ before, after, tripped }) =>
    tripped !== undefined && (before.watch?.escalation ?? 0n) > 0n && after?.escalation === 0n,
  "a day within a level begins another episode": ({ before, after, now }) =>
    levelNow(before.watch, now) > 0 &&
    before.watch?.newerStart !== 0n &&
    after?.newerStart === now &&
    before.watch?.newerStart !== now,
  "the second halt of a week restricts": (about) => {
    const { tripped, before, now } = about;
    const halted = before.guard !== undefined && now < before.guard.newerHalt + WEEK;
    const free = levelNow(before.watch, now) < 2;
    return isTrip(about, "NoVotes") && tripped?.level === 1n && halted && free;
  },
  "the second halt of a week is a shortfall's": ({ command, tripped, before, now }) =>
    command.kind === "tripShortfall" &&
    tripped?.level === 2n &&
    before.guard !== undefined &&
    before.guard.newerHalt !== 0n &&
    now < before.guard.newerHalt + WEEK,
  "a shortfall restricts as halts are used up": ({ command, tripped, before, now }) =>
    command.kind === "tripShortfall" && tripped?.level === 1n && levelNow(before.watch, now) < 2,
  "a halt is refused by the ledger": (about) => hasError(about, "HaltBudget"),
  "FarApart halts": (about) => isTrip(about, "FarApart") && about.tripped?.level === 2n,
  "FarApart restricts while some agree": (about) =>
    isTrip(about, "FarApart") &&
    about.tripped?.level === 1n &&
    levelNow(about.before.watch, about.now) === 0,
  "what is firm is kept for after a halt": ({ tripped, before, after, now }) =>
    tripped !== undefined &&
    levelNow(before.watch, now) === 2 &&
    after?.until === before.watch?.until &&
    after?.firmUntil !== before.watch?.firmUntil,
  "what is replaced stays firm": ({ ok, before, after, now }) =>
    ok &&
    levelNow(before.watch, now) > 0 &&
    after?.trippedAt === now &&
    after.firmUntil === before.watch?.until &&
    after.firmUntil !== before.watch.firmUntil,
  "a halt gives way to what is firm": ({ command, ok, before, after, now }) =>
    command.kind === "sync" &&
    ok &&
    before.watch?.level === 2n &&
    levelNow(before.watch, now) === 0 &&
    levelNow(after, now) === 1,
  "a level is over and written as none": ({ command, ok, before, after }) =>
    command.kind === "sync" && ok && (before.watch?.level ?? 0n) > 0n && after?.level === 0n,
  "release leaves a restriction": ({ command, ok, after, now }) =>
    command.kind === "release" && ok && levelNow(after, now) === 1,
  "release leaves nothing": ({ command, ok, after, now }) =>
    command.kind === "release" && ok && levelNow(after, now) === 0,
  "release ends a halt": ({ command, ok, before }) =>
    command.kind === "release" && ok && before.watch?.level === 2n,
  "release is refused for a second": (about) =>
    hasError(about, "NotHealthy") && numberAt(about, 0) >= 3n && numberAt(about, 1) === 599n,
  "lift leaves a restriction": ({ command, ok, after, now }) =>
    command.kind === "lift" && ok && levelNow(after, now) === 1,
  "a move of exactly the threshold trips": (about) =>
    about.measured !== undefined && about.measured === moveThreshold(about),
  "a move one point too small does not": (about) =>
    isTrip(about) &&
    hasError(about, "NoEvidence") &&
    moveThreshold(about) !== undefined &&
    numberAt(about, 1) === numberAt(about, 2) - 1n,
  "a reference is a second too old": (about) =>
    hasError(about, "ReferenceInvalid") && numberAt(about, 1) === 301n,
  "a place of the ring holds nothing": (about) =>
    hasError(about, "ReferenceInvalid") && numberAt(about, 1) === 0n,
  "a notice is a second too young": (about) =>
    hasError(about, "NoticeMissing") && about.now === numberAt(about, 1) - 1n,
  "a notice trips in its first second": ({ command, ok, before, now }) =>
    command.kind === "trip" &&
    ok &&
    noticedSince(command, before) + noticeOf(command).noticeMin === now,
  "a notice trips in its last second": ({ command, ok, before, now }) =>
    command.kind === "trip" &&
    ok &&
    noticedSince(command, before) + noticeOf(command).noticeMax === now,
  "a notice is a second too old": (about) =>
    hasError(about, "NoticeMissing") && about.now === numberAt(about, 2) + 1n,
  "a notice was interrupted": (about) =>
    hasError(about, "NoticeMissing") &&
    numberAt(about, 2) === 0n &&
    about.command.kind === "trip" &&
    noticedSince(about.command, about.before) !== 0n,
  "off the peg still, though above where it began": (about) => {
    const { before, tripped, now } = about;
    const held = before.watch !== undefined && before.watch.depegUntil > now;
    return (
      isTrip(about, "Depeg") &&
      tripped !== undefined &&
      held &&
      about.measured !== undefined &&
      about.measured >= (before.watch?.policy.depegBelow ?? 0n)
    );
  },
  "a shortfall of one unit": ({ command, ok, measured }) =>
    command.kind === "tripShortfall" && ok && measured === 1n,
  "a balance that just suffices": (about) =>
    about.command.kind === "tripShortfall" &&
    hasError(about, "NoEvidence") &&
    numberAt(about, 1) === numberAt(about, 2),
  "an adaptation is a second too early": (about) =>
    about.command.kind === "adapt" &&
    hasError(about, "TooEarly") &&
    numberAt(about, 1) - 1n === about.now,
  "an adaptation comes in the first second": ({ command, ok, before, now }) =>
    command.kind === "adapt" && ok && before.watch?.adaptedAt === now - 600n,
  "tightness goes up by a whole step": ({ command, before, after }) =>
    command.kind === "adapt" &&
    (after?.tightness ?? 0n) === (before.watch?.tightness ?? 0n) + 2_000n,
  "tightness is whole": ({ command, ok, after }) =>
    command.kind === "adapt" && ok && after?.tightness === 10_000n,
  "tightness goes down by a step": ({ command, ok, before, after }) =>
    command.kind === "adapt" &&
    ok &&
    (after?.tightness ?? 0n) === (before.watch?.tightness ?? 0n) - 200n,
  "tightness relaxes to nothing": ({ command, ok, before, after }) =>
    command.kind === "adapt" &&
    ok &&
    (before.watch?.tightness ?? 0n) > 0n &&
    after?.tightness === 0n,
  "tightness changes while halted": ({ command, ok, before, after, now }) =>
    command.kind === "adapt" &&
    ok &&
    levelNow(before.watch, now) === 2 &&
    after?.tightness !== before.watch?.tightness,
  "thresholds change while halted": ({ command, ok, before, now }) =>
    ["tighten", "setPolicy", "rollBack"].includes(command.kind) &&
    ok &&
    levelNow(before.watch, now) === 2,
  "thresholds are put back": ({ command, ok }) => command.kind === "rollBack" && ok,
  "a steward tightens again at once after that": ({ command, ok, before, now }) =>
    command.kind === "tighten" &&
    ok &&
    before.watch?.policySince === now &&
    before.watch.tightenedAt === 0n,
  "an observation is a second too early": (about) =>
    about.command.kind === "observe" &&
    hasError(about, "TooEarly") &&
    numberAt(about, 1) - 1n === about.now,
  "the guardian's budget is a second short": (about) =>
    hasError(about, "GuardianBudget") && numberAt(about, 1) - 1n === about.now,
  "the guardian halts what evidence restricts": ({ command, ok, before, now, after }) =>
    command.kind === "impose" &&
    ok &&
    levelNow(before.watch, now) === 1 &&
    after?.level === 2n &&
    before.watch?.trigger !== "Guardian",
  "a market takes its feed late": ({ command, ok, before }) =>
    command.kind === "enroll" && ok && before.watch !== undefined,
};

/** Halves of a move of one that each of the moves asks. */
const HALVES: ReadonlyMap<string, bigint> = new Map([
  ["Move", 2n],
  ["BigMove", 4n],
  ["HugeMove", 7n],
]);

/** What a trip for a move asks; undefined for anything else. */
function moveThreshold({ command, before }: Case): bigint | undefined {
  const halves = command.kind === "trip" ? HALVES.get(command.trigger) : undefined;
  if (halves === undefined || before.watch === undefined) return undefined;
  return (inForce(before.watch, before.watch.policy.move) * halves) / 2n;
}

function noticeOf(command: BreakerCommand<"trip">): {
  readonly noticeMin: bigint;
  readonly noticeMax: bigint;
} {
  const row = TRIGGERS.find(({ name }) => name === command.trigger);
  return { noticeMin: row?.noticeMin ?? 0n, noticeMax: row?.noticeMax ?? 0n };
}

function noticedSince(command: BreakerCommand<"trip">, { watch }: Memory): bigint {
  return watch?.notices.get(command.trigger) ?? 0n;
}

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

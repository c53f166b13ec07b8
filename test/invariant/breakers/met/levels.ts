import { hasError, isTrip, levelNow, numberAt } from "./case.ts";
import type { Situations } from "./case.ts";

const LONGEST = 21_600n;
const WEEK = 604_800n;

/** How levels begin, follow each other and end. */
export const LEVEL_SITUATIONS: Situations = {
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
  "a shortfall halts again after a week to the second": ({ command, tripped, before, now }) =>
    command.kind === "tripShortfall" &&
    tripped?.level === 2n &&
    before.guard !== undefined &&
    before.guard.olderHalt !== 0n &&
    now === before.guard.olderHalt + WEEK,
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
  "the guardian halts what evidence restricts": ({ command, ok, before, now, after }) =>
    command.kind === "impose" &&
    ok &&
    levelNow(before.watch, now) === 1 &&
    after?.level === 2n &&
    before.watch?.trigger !== "Guardian",
};

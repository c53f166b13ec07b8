import { hasError, levelNow, numberAt } from "./case.ts";
import type { Situations } from "./case.ts";

/** How tightness, thresholds and budgets change. */
export const CHANGE_SITUATIONS: Situations = {
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
  "a market takes its feed late": ({ command, ok, before }) =>
    command.kind === "enroll" && ok && before.watch !== undefined,
};

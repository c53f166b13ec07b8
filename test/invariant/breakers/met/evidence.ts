import { TRIGGERS } from "@certus/model";

import type { BreakerCommand } from "../command.ts";
import type { Memory } from "../memory.ts";
import { inForce } from "../scene.ts";
import { hasError, isTrip, numberAt } from "./case.ts";
import type { Case, Situations } from "./case.ts";

/** What is just enough evidence, and just not. */
export const EVIDENCE_SITUATIONS: Situations = {
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

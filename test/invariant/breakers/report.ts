import { TRIGGERS } from "@certus/model";

import type { Gate } from "../prices/report.ts";
import type { Figures } from "../prices/figures.ts";
import { errorNames, writingFunctions } from "./build.ts";
import type { BreakerBuild } from "./build.ts";
import { BREAKER_CALLS } from "./command.ts";
import { SITUATION_NAMES, WAYS } from "./met/count.ts";

/** Commands from which on functions and triggers must have been met, and from which on everything else. */
const ENOUGH = { names: 5_000, all: 15_000 };
/** A function must have gone through once in so many tries. */
const ONE_IN = 20;

/** Functions of the interface that the campaign does not call, with the reason. */
const NOT_CALLED: ReadonlyMap<string, string> = new Map([
  ["setAuthority", "OpenZeppelin's, for the access manager alone"],
]);

/** Errors of the interface that no call of a breaker in place raises, with the reason. */
const NOT_RAISED: ReadonlyMap<string, string> = new Map([
  ["BreakerWithoutCode", "raised by the constructor alone"],
  ["AccessManagedInvalidAuthority", "raised by setAuthority alone"],
  [
    "AccessManagedRequiredDelay",
    "raised where a role has to wait, which is the manager's own matter",
  ],
]);

/** Functions of the breaker that change something and that no command calls. */
function missingCalls(build: BreakerBuild): readonly string[] {
  const known: readonly string[] = BREAKER_CALLS;
  return writingFunctions(build).filter((name) => !known.includes(name) && !NOT_CALLED.has(name));
}

/** Exceptions above that the interface no longer has. */
function needlessExceptions(build: BreakerBuild): readonly string[] {
  const names = new Set([...writingFunctions(build), ...errorNames(build)]);
  return [...NOT_CALLED.keys(), ...NOT_RAISED.keys()].filter((name) => !names.has(name));
}

/** One row a function: tries, and what part went through. */
export function callTable(figures: Figures): string {
  const rows = BREAKER_CALLS.map((name) => {
    const [good, bad] = [figures.of("went through", name), figures.of("refused", name)];
    const part = good + bad === 0 ? "–" : `${((100 * good) / (good + bad)).toFixed(1)} %`;
    return `${name.padEnd(16)} ${String(good + bad).padStart(8)} ${part.padStart(8)}`;
  });
  return [`${"function".padEnd(16)} ${"tries".padStart(8)} ${"success".padStart(8)}`, ...rows].join(
    "\n",
  );
}

function callGates(figures: Figures): readonly Gate[] {
  return BREAKER_CALLS.flatMap((name) => [
    { what: `${name} went through`, ok: figures.of("went through", name) > 0 },
    { what: `${name} was refused`, ok: figures.of("refused", name) > 0 },
  ]);
}

function rateGates(figures: Figures): readonly Gate[] {
  return BREAKER_CALLS.map((name) => {
    const [good, bad] = [figures.of("went through", name), figures.of("refused", name)];
    const what = `${name} went through in one try of ${ONE_IN} or more`;
    return { what, ok: good * ONE_IN >= good + bad };
  });
}

/** What a campaign of some size must have come to; the commands are complete whatever its size. */
export function gatesOf(figures: Figures, build: BreakerBuild): readonly Gate[] {
  const none = (what: string, names: readonly string[]): Gate => ({
    what: `${what}${names.length > 0 ? `: not ${names.join(", ")}` : ""}`,
    ok: names.length === 0,
  });
  const complete = [
    none("every function has its command", missingCalls(build)),
    none("every exception is in the interface", needlessExceptions(build)),
  ];
  if (figures.of("done", "commands") < ENOUGH.names) return complete;
  const met = (group: string, names: readonly string[], verb: string): readonly Gate[] =>
    names.map((name) => ({ what: `${name} ${verb}`, ok: figures.of(group, name) > 0 }));
  const few = [
    ...complete,
    ...callGates(figures),
    ...met(
      "tripped",
      TRIGGERS.map(({ name }) => name),
      "tripped",
    ),
  ];
  if (figures.of("done", "commands") < ENOUGH.all) return few;
  const errors = errorNames(build).filter((name) => !NOT_RAISED.has(name));
  return [
    ...few,
    ...rateGates(figures),
    ...met("levels", WAYS, "was gone"),
    ...met("errors", errors, "was seen"),
    ...met("situations", SITUATION_NAMES, "(situation)"),
  ];
}

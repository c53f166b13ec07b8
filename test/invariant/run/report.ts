import { readArtifact } from "../../../scripts/lib/artifacts.ts";
import { LEDGER_CALLS } from "./command.ts";
import type { Kind } from "./command.ts";
import { SITUATIONS } from "./met/situations.ts";
import type { Stats } from "./stats.ts";

/** Least share of successes of every function, in percent: below it, the function was hardly tested. */
const LEAST_SUCCESS = 5;
/** Tries from which the share says something. */
const ENOUGH_TRIES = 100;
/** Commands from which on every error of the ledger must have been seen. */
const ENOUGH_COMMANDS = 30_000;

/** Least previews of fills in so many commands. */
const LEAST_PREVIEWS = 2_000;

/** The ledger's own errors, by its interface. */
export function ledgerErrors(): readonly string[] {
  const { abi } = readArtifact("contracts/interfaces/ICertusErrors.sol", "ICertusErrors");
  return abi.filter(({ type }) => type === "error").map(({ name = "" }) => name);
}

/** Errors of packages as tokens, by the interface that repeats OpenZeppelin's. */
function tokenErrors(): readonly string[] {
  const { abi } = readArtifact("contracts/interfaces/ILibraryErrors.sol", "ILibraryErrors");
  return abi.map(({ name = "" }) => name).filter((name) => name.startsWith("ERC6909"));
}

function percent(succeeded: number, tried: number): string {
  return tried === 0 ? "–" : `${((100 * succeeded) / tried).toFixed(1)} %`;
}

/** A table of what was tried and what succeeded. */
export function kindTable({ kinds }: Stats): string {
  const names = Object.keys(kinds) as Kind[];
  const calls: readonly string[] = LEDGER_CALLS;
  const sorted = [...LEDGER_CALLS, ...names.filter((name) => !calls.includes(name))];
  const rows = sorted.map((name) => {
    const { tried, succeeded } = kinds[name] ?? { tried: 0, succeeded: 0 };
    const numbers = [String(tried), String(succeeded), percent(succeeded, tried)];
    return name.padEnd(18) + numbers.map((text) => text.padStart(10)).join("");
  });
  return [`${"command".padEnd(18)}     tried succeeded   success`, ...rows].join("\n");
}

/** Names and how often each was met, the rarest last. */
export function frequencies(counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, times]) => `${name} ${times}`).join(", ");
}

/** One thing that a campaign must have reached. */
export interface Gate {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** A gate that nothing may be missing from, once there were commands enough. */
function complete(what: string, missing: readonly string[], enough: boolean): Gate {
  if (missing.length === 0) return { what, ok: true, detail: "" };
  const detail = enough ? missing.join(", ") : `not asked below ${ENOUGH_COMMANDS} commands`;
  return { what, ok: !enough, detail };
}

function previewGate({ commands, previews }: Stats, enough: boolean): Gate {
  const what = `at least ${LEAST_PREVIEWS} previews in ${ENOUGH_COMMANDS} commands`;
  if (!enough) return { what, ok: true, detail: `not asked below ${ENOUGH_COMMANDS} commands` };
  const ok = previews.tried * ENOUGH_COMMANDS >= LEAST_PREVIEWS * commands;
  return { what, ok, detail: ok ? "" : `there are ${previews.tried}` };
}

/** What the lens foresaw. */
export function previewLine({ previews: { tried, succeeded } }: Stats): string {
  return (
    `previews compared with what became of the fill: ${tried}, of every fill ` +
    `(${succeeded} went through, ${tried - succeeded} were refused)`
  );
}

/** What a campaign must have reached to say anything. */
export function gatesOf(stats: Stats): readonly Gate[] {
  const weak = LEDGER_CALLS.filter((name) => {
    const { tried, succeeded } = stats.kinds[name] ?? { tried: 0, succeeded: 0 };
    return tried >= ENOUGH_TRIES && succeeded * 100 < LEAST_SUCCESS * tried;
  });
  const unseen = [...ledgerErrors(), ...tokenErrors()].filter((name) => !(name in stats.errors));
  const missed = SITUATIONS.filter((name) => !(name in stats.situations));
  const enough = stats.commands >= ENOUGH_COMMANDS;
  return [
    {
      what: `every function succeeds in at least ${LEAST_SUCCESS} % of its tries`,
      ok: weak.length === 0,
      detail: weak.length === 0 ? "" : `too seldom: ${weak.join(", ")}`,
    },
    complete("every error of the ledger was seen", unseen, enough),
    complete("every situation was met", missed, enough),
    previewGate(stats, enough),
  ];
}

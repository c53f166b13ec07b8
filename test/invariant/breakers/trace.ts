import { show } from "../run/difference.ts";
import type { Command } from "./command.ts";
import { START } from "./twin.ts";

/** A value for people: long numbers in hex, fields by their names. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (typeof value !== "object" || value === null) return show(value);
  const fields = Object.entries(value).map(([name, field]) => `${name} ${shown(field)}`);
  return `{${fields.join(", ")}}`;
}

/** A command on a line: how long after the beginning, and what. */
export function traceLine({ at, kind, ...rest }: Command): string {
  return `+${at - START} s`.padEnd(12) + `${kind} ${shown(rest)}`;
}

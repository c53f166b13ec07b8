import { PUBLIC, ROLES } from "../../../deploy/roles.ts";
import type { Role, Target } from "../../../deploy/roles.ts";
import { INTERFACES } from "../../../deploy/selectors.ts";
import { spanText } from "../marketReport.ts";
import { shownTime } from "../times.ts";
import type { Delay } from "./state.ts";

/** `7 d`, or `none, 7 d from 2026-12-25 08:00`. */
export function delayText({ now, next }: Delay): string {
  const seconds = (value: number) => (value === 0 ? "none" : spanText(BigInt(value)));
  if (next === undefined) return seconds(now);
  return `${seconds(now)}, ${seconds(next.seconds)} from ${shownTime(next.from)} UTC`;
}

/** A role by its name, else by its number. */
export function roleText(id: bigint, roles: readonly Role[] = ROLES): string {
  if (id === PUBLIC) return "PUBLIC, everybody";
  return roles.find((role) => role.id === id)?.name ?? `role ${id}`;
}

/** A target's function by its name, else by its selector. */
export function functionText(target: Target, selector: string): string {
  return `${target}.${INTERFACES[target].getFunction(selector)?.name ?? selector}`;
}

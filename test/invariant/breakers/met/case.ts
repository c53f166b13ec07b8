import type { MarketWatch, Tripped } from "@certus/model";

import type { BreakerCommand, Command } from "../command.ts";
import type { Memory } from "../memory.ts";

/** A command of the breaker with all that tells what it came to. */
export interface Case {
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

/** Situations by name, with whether a command is one of them. */
export type Situations = Readonly<Record<string, (about: Case) => boolean>>;

/** The level of a market as it reads at a time. */
export function levelNow(watch: MarketWatch | undefined, now: bigint): number {
  return watch !== undefined && now < watch.until ? Number(watch.level) : 0;
}

/** Whether it is a trip, of a trigger if one is named. */
export function isTrip({ command }: Case, trigger?: string): boolean {
  return command.kind === "trip" && (trigger === undefined || command.trigger === trigger);
}

/** Whether it was refused with an error. */
export function hasError({ error }: Case, name: string): boolean {
  return error?.name === name;
}

/** A number among the arguments of the error, by its place; -1 if there is none. */
export function numberAt({ error }: Case, place: number): bigint {
  const value = error?.args[place];
  return typeof value === "bigint" ? value : -1n;
}

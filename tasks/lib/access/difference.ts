import type { Delay } from "./state.ts";

/** How the chain differs from what it should be. */
export type DifferenceKind =
  | "contradiction"
  | "member missing"
  | "member waiting"
  | "member delay"
  | "member not expected"
  | "first administrator"
  | "label"
  | "role admin"
  | "role guardian"
  | "grant delay"
  | "role not expected"
  | "authority"
  | "closed"
  | "target delay"
  | "function role"
  | "function not expected"
  | "target not expected";

/** One difference, of one thing. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** What differs. */
  readonly what: string;
  readonly found: string;
  readonly expected: string;
}

/** What a comparison finds: differences, and what is on its way to be right. */
export interface Compared {
  readonly differences: readonly Difference[];
  /** Delays that OpenZeppelin raises only after five days. */
  readonly underway: readonly string[];
}

/** A delay against what it should be. */
export type Verdict = "right" | "underway" | "wrong";

/** A delay that will be right is underway; one that is right and will not stay so is wrong. */
export function judge({ now, next }: Delay, expected: number): Verdict {
  if ((next?.seconds ?? now) !== expected) return "wrong";
  return now === expected ? "right" : "underway";
}

/** A difference, if there is one. */
export function differs(
  kind: Difference["kind"],
  what: string,
  found: string,
  expected: string,
): Difference[] {
  return found === expected ? [] : [{ kind, what, found, expected }];
}

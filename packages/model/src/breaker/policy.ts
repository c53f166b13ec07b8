import { refuse } from "../errors.ts";
import { POLICY_BOUNDS } from "./table.ts";
import type { Policy } from "./table.ts";

/** Seconds between two changes of a market's thresholds. */
const CHANGE_GAP = 86_400n;
/** Seconds within which a change can be rolled back. */
const ROLL_BACK_WINDOW = 259_200n;
/** A step is at most this part of the value. */
const STEP = 5n;
/** Share of the ceiling and of thresholds that stress may take: a threshold loses a quarter. */
const BPS = 10_000n;

/** Fields of the thresholds in the contract's order. */
export const POLICY_FIELDS = Object.keys(POLICY_BOUNDS.initial) as readonly (keyof Policy)[];

/** Values of the thresholds in the contract's order. */
export function policyValues(policy: Policy): readonly bigint[] {
  return POLICY_FIELDS.map((field) => policy[field]);
}

/** Whether a value in the place of another one lets more happen: lower is tighter, higher for the two of the peg. */
export function isLooser(field: keyof Policy, value: bigint, current: bigint): boolean {
  const peg = field === "depegBelow" || field === "pegAbove";
  return peg ? value < current : value > current;
}

/** Refuses a change too soon after the last one by the same role. */
export function requireChangeable(last: bigint, now: bigint): void {
  if (last !== 0n && now < last + CHANGE_GAP) refuse("TooEarly", now, last + CHANGE_GAP);
}

/** Whether two thresholds are the same. */
export function isSame(one: Policy, other: Policy): boolean {
  return POLICY_FIELDS.every((field) => one[field] === other[field]);
}

/** Refuses thresholds out of bounds or too far from those in force, or, of a steward, looser ones. */
export function requirePolicy(current: Policy, next: Policy, tighterOnly: boolean): void {
  const { min, max } = POLICY_BOUNDS;
  for (const [at, field] of POLICY_FIELDS.entries()) {
    const place = BigInt(at);
    const [value, before] = [next[field], current[field]];
    if (value < min[field] || value > max[field]) {
      refuse("PolicyBound", place, value, min[field], max[field]);
    }
    const [least, most] = [before - before / STEP, before + before / STEP];
    if (value < least || value > most) refuse("PolicyStep", place, value, least, most);
    if (tighterOnly && isLooser(field, value, before)) {
      refuse("PolicyLoosens", place, value, before);
    }
  }
  const { depegBelow, pegAbove } = next;
  if (depegBelow >= pegAbove) {
    refuse("PolicyBound", 4n, pegAbove, depegBelow + 1n, max.pegAbove);
  }
}

/** Whether a change of that time can still be rolled back. */
export function isRecent(since: bigint, now: bigint): boolean {
  return now < since + ROLL_BACK_WINDOW;
}

/** What policy and tightness leave of the terms' ceiling. */
export function ceilingUnder(terms: bigint, { ceiling, floor }: Policy, tightness: bigint): bigint {
  const kept = BPS ** 2n - tightness * (BPS - floor);
  return (terms * ceiling * kept) / BPS ** 3n;
}

/** A threshold as tightness leaves it. */
export function tightened(threshold: bigint, tightness: bigint): bigint {
  return (threshold * (4n * BPS - tightness)) / (4n * BPS);
}

import type { Value } from "../../../scripts/lib/abi.ts";
import { toJson } from "./command.ts";

/** Contract and model disagree, or an invariant does not hold. */
export class Difference extends Error {
  /** What kind of thing differs; shrinking keeps to it. */
  readonly about: string;

  constructor(about: string, detail: string) {
    super(`${about}: ${detail}`);
    this.name = "Difference";
    this.about = about;
  }
}

/** A value for people. */
export function show(value: unknown): string {
  if (typeof value === "bigint") {
    const digits = value.toString(16);
    return digits.length > 16 ? `0x${digits}` : value.toString();
  }
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "string" ? value : toJson(value);
}

/** Whether two values are equal, item by item. */
export function same(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [a as readonly Value[], b as readonly Value[]];
    return left.length === right.length && left.every((item, at) => same(item, right[at] ?? ""));
  }
  return a === b;
}

/** Throws a difference unless the condition holds. */
export function ensure(holds: boolean, about: string, detail: () => string): asserts holds {
  if (!holds) throw new Difference(about, detail());
}

/** A whole number as callers may write it; a `number` must be a safe integer. */
export type Integer = bigint | number;

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "object" && value !== null ? "an object" : String(value);
}

function integer(name: string, value: Integer): bigint {
  if (typeof value === "bigint") return value;
  if (Number.isSafeInteger(value)) return BigInt(value);
  throw new TypeError(`${name} must be a bigint or a safe integer, not ${shown(value)}`);
}

/** A whole number between two bounds, both included, as a bigint; anything else is a TypeError that names it. */
export function within(name: string, value: Integer, least: bigint, most: bigint): bigint {
  const whole = integer(name, value);
  if (whole >= least && whole <= most) return whole;
  throw new TypeError(`${name} must be between ${least} and ${most}, not ${whole}`);
}

/** An unsigned integer of so many bits. */
export function uint(name: string, value: Integer, bits: number): bigint {
  return within(name, value, 0n, (1n << BigInt(bits)) - 1n);
}

/** A signed integer of so many bits. */
export function int(name: string, value: Integer, bits: number): bigint {
  const half = 1n << BigInt(bits - 1);
  return within(name, value, -half, half - 1n);
}

/** A list that holds so many items at most, and one at least; anything else is a TypeError that names it. */
export function list<T>(name: string, value: readonly T[], most: number): readonly T[] {
  const isList: boolean = Array.isArray(value);
  if (!isList) throw new TypeError(`${name} must be a list, not ${shown(value)}`);
  if (value.length >= 1 && value.length <= most) return value;
  throw new TypeError(`${name} must be 1 to ${most}, not ${value.length}`);
}

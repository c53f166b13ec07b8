import { getAddress, isHexString } from "ethers";

import { toJson } from "../print.ts";

/** An object of JSON, nothing looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object. The readers of fields throw errors that name the field and what is wrong with it. */
export function record(name: string, value: unknown): Fields {
  if (isFields(value)) return value;
  throw new Error(`${name} is no object`);
}

/** A list. */
export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value as unknown[];
  throw new Error(`${name} is no list`);
}

/** A text that is not empty. */
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`${name} is no text`);
}

/** A whole number, none below 0, as a number or as digits. */
export function whole(fields: Fields, name: string): bigint {
  const value = fields[name];
  const digits = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof digits === "string" && /^\d{1,78}$/.test(digits)) return BigInt(digits);
  throw new Error(`${name} is no whole number`);
}

/** An address, checksummed. */
export function address(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && isHexString(value, 20)) return getAddress(value);
  throw new Error(`${name} is no address`);
}

/** Bytes. */
export function hex(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === "string" && isHexString(value, true)) return value.toLowerCase();
  throw new Error(`${name} is no hex`);
}

/** Bytes of a length. */
export function word(fields: Fields, name: string, length: number): string {
  const value = fields[name];
  if (typeof value === "string" && isHexString(value, length)) return value.toLowerCase();
  throw new Error(`${name} is not ${length} bytes of hex`);
}

/** Refuses what a file says of itself and is not so. */
export function requireSame(name: string, said: unknown, found: unknown): void {
  if (toJson(said) === toJson(found)) return;
  const plain = typeof found === "string" || typeof found === "number";
  const shown = plain ? `, which is ${found}` : "";
  throw new Error(
    `${name} is not what its transaction says${shown}: somebody has changed the file`,
  );
}

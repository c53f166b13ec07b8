import { id } from "ethers";

import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/**
 * The checksum of a file of Safe's Transaction Builder: Keccak-256 of its values in a form of their own, in which every object
 * begins with the sorted list of its keys. Neither the checksum itself nor the name, which people change, is part of it.
 */
export function checksumOf(file: Fields): string {
  return id(serialized({ ...file, meta: { ...bareMeta(file), name: null } }));
}

/** The same, and how older versions made it: with the name. */
export function checksumsOf(file: Fields): string[] {
  return [checksumOf(file), id(serialized({ ...file, meta: bareMeta(file) }))];
}

function bareMeta({ meta }: Fields): Fields {
  const entries = Object.entries(isFields(meta) ? meta : {});
  return Object.fromEntries(entries.filter(([name]) => name !== "checksum"));
}

function serialized(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(serialized).join(",")}]`;
  if (!isFields(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).sort();
  return `{${JSON.stringify(keys)}${keys.map((key) => `${serialized(value[key])},`).join("")}}`;
}

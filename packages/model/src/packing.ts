import { ModelFault } from "./errors.ts";

/** Value and width in bits of each field, low bits first. */
export type Fields = readonly (readonly [value: bigint, bits: bigint])[];

/** The word of some fields. */
export function pack(fields: Fields): bigint {
  let word = 0n;
  let shift = 0n;
  for (const [value, bits] of fields) {
    if (value >> bits !== 0n) throw new ModelFault(`${value} does not fit into ${bits} bits`);
    word |= value << shift;
    shift += bits;
  }
  return word;
}

/** A flag as a bit. */
export function bit(value: boolean): bigint {
  return value ? 1n : 0n;
}

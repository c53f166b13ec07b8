import { decodeBytes32String, toBeHex, ZeroHash } from "ethers";
import type { ParamType } from "ethers";

/** Beyond this a whole number is an identifier, which people know by its digits in hex. */
const COUNTABLE_BITS = 128n;

/** A value of a call in one line, the same for everybody: addresses and words in hex, structs with the names of their fields. */
export function valueText(type: ParamType, value: unknown): string {
  if (type.isArray()) {
    const { arrayChildren: child } = type;
    return `[${(value as readonly unknown[]).map((entry) => valueText(child, entry)).join(", ")}]`;
  }
  if (type.isTuple()) return `{${fieldsText(type.components, value as readonly unknown[])}}`;
  if (typeof value === "bigint") {
    return value >> COUNTABLE_BITS > 0n ? toBeHex(value, 32) : value.toString();
  }
  const text = String(value);
  if (type.type === "string") return JSON.stringify(text);
  return type.type === "bytes32" ? wordText(text) : text;
}

/** Values behind their names. */
export function fieldsText(
  types: readonly ParamType[],
  values: readonly unknown[],
  shown: typeof valueText = valueText,
): string {
  return types
    .map((type, i) => `${type.name === "" ? "" : `${type.name}: `}${shown(type, values[i])}`)
    .join(", ");
}

/** The same as `valueText`, but for call data, which is told elsewhere. */
export function withoutCalls(type: ParamType, value: unknown): string {
  return type.type === "bytes" || type.type === "bytes[]" ? "…" : valueText(type, value);
}

/** A word, with the name that it spells, as those of feeds do. */
function wordText(word: string): string {
  if (word === ZeroHash) return word;
  try {
    const name = decodeBytes32String(word);
    return /^[\x20-\x7e]+$/.test(name) ? `${word} (${JSON.stringify(name)})` : word;
  } catch {
    return word;
  }
}

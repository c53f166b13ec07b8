import { getAddress, isAddress, isHexString } from "ethers";
import type { ParamType } from "ethers";

import { UsageError } from "../usage.ts";

/**
 * A value of a call as the encoder takes it, from what people or Safe's Transaction Builder write: texts for single values, JSON
 * for lists and structs, either as such or as text.
 */
export function valueIn(name: string, type: ParamType, given: unknown): unknown {
  if (type.isArray()) {
    const { arrayChildren: child } = type;
    return listIn(name, type, given).map((entry, i) => valueIn(`${name}[${i}]`, child, entry));
  }
  if (type.isTuple()) {
    const { components } = type;
    const fields = structured(name, type, given);
    return components.map((field, i) => {
      const value = Array.isArray(fields) ? fields[i] : fields[field.name];
      return valueIn(`${name}.${field.name}`, field, value);
    });
  }
  return single(name, type.type, given);
}

function listIn(name: string, type: ParamType, given: unknown): unknown[] {
  const list = structured(name, type, given);
  if (Array.isArray(list)) return list;
  throw new UsageError(`${name}: ${type.type} is written as a list of JSON, [1, 2].`);
}

/** JSON, parsed if it is text; numbers beyond what JSON carries must be in quotes. */
function structured(
  name: string,
  type: ParamType,
  given: unknown,
): unknown[] | Readonly<Record<string, unknown>> {
  let value = given;
  if (typeof given === "string") {
    try {
      value = JSON.parse(given);
    } catch {
      value = undefined;
    }
  }
  if (typeof value === "object" && value !== null) return value as unknown[];
  throw new UsageError(`${name}: ${JSON.stringify(given)} is no JSON for ${type.format()}.`);
}

function single(name: string, type: string, given: unknown): unknown {
  const text = typeof given === "string" ? given.trim() : plain(given);
  const wrong = (hint: string) =>
    new UsageError(`${name}: ${JSON.stringify(given)} is no ${type}: ${hint}.`);
  if (type === "string") return text ?? "";
  if (text === undefined) throw wrong("write a text");
  if (type === "address") {
    if (isAddress(text)) return getAddress(text);
    throw wrong("write 0x and 40 digits");
  }
  if (type === "bool") {
    if (text === "true" || text === "false") return text === "true";
    throw wrong("write true or false");
  }
  if (/^u?int/.test(type)) {
    if (/^-?\d+$/.test(text) || /^0x[\da-fA-F]+$/.test(text)) return BigInt(text);
    throw wrong("write a whole number");
  }
  const length = /^bytes(\d+)$/.exec(type)?.[1];
  if (isHexString(text, length === undefined ? true : Number(length))) return text;
  throw wrong("write bytes in hex");
}

function plain(given: unknown): string | undefined {
  if (typeof given === "boolean") return String(given);
  if (typeof given === "number" && Number.isSafeInteger(given)) return String(given);
  return undefined;
}

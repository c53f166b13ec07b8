import { keccakText } from "@certus/model";

/** A value as the codec takes and gives it: numbers, addresses and fixed bytes are bigints, dynamic bytes hex digits. */
export type Value = bigint | boolean | string | readonly Value[];

/** A parameter of a function, an event or an error, as the compiler writes it. */
export interface AbiParam {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean;
  readonly components?: readonly AbiParam[];
}

/** An entry of a contract's interface. */
export interface AbiEntry {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParam[];
  readonly outputs?: readonly AbiParam[];
}

interface Coder {
  readonly dynamic: boolean;
  /** Words of the head. */
  readonly words: number;
  encode(value: Value): string;
  /** Reads at a position given in hex digits. */
  decode(data: string, at: number): Value;
}

const WORD = 64;
const MODULUS = 1n << 256n;

/** A word of 64 hex digits; negative numbers in two's complement. */
export function toWord(value: bigint): string {
  return (value < 0n ? value + MODULUS : value).toString(16).padStart(WORD, "0");
}

/** The word at a position given in hex digits; zeros past the end. */
export function wordAt(data: string, at: number): bigint {
  const word = data.slice(at, at + WORD);
  return word === "" ? 0n : BigInt(`0x${word.padEnd(WORD, "0")}`);
}

function asList(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  throw new TypeError(`a list was expected, not ${String(value)}`);
}

function wordCoder(type: string): Coder {
  const bits = BigInt(/\d+$/.exec(type)?.[0] ?? 256);
  const signed = type.startsWith("int");
  return {
    dynamic: false,
    words: 1,
    encode(value) {
      if (typeof value === "boolean") return toWord(value ? 1n : 0n);
      if (typeof value === "bigint") return toWord(value);
      throw new TypeError(`${type} takes no ${typeof value}`);
    },
    decode(data, at) {
      const word = wordAt(data, at);
      if (type === "bool") return word !== 0n;
      if (signed) return BigInt.asIntN(256, word);
      return type.startsWith("bytes") ? word >> (256n - bits * 8n) : word;
    },
  };
}

const bytesCoder: Coder = {
  dynamic: true,
  words: 1,
  encode(value) {
    if (typeof value !== "string") throw new TypeError("bytes are hex digits");
    const padded = value.padEnd(Math.ceil(value.length / WORD) * WORD, "0");
    return toWord(BigInt(value.length / 2)) + padded;
  },
  decode(data, at) {
    const length = Number(wordAt(data, at)) * 2;
    return data.slice(at + WORD, at + WORD + length);
  },
};

function arrayCoder(item: Coder): Coder {
  return {
    dynamic: true,
    words: 1,
    encode(value) {
      const items = asList(value);
      const coders = items.map(() => item);
      return toWord(BigInt(items.length)) + encodeAll(coders, items);
    },
    decode(data, at) {
      const count = Number(wordAt(data, at));
      if (count * item.words * WORD > data.length - at) throw new RangeError("a list ends early");
      return decodeAll(new Array<Coder>(count).fill(item), data, at + WORD);
    },
  };
}

function tupleCoder(members: readonly Coder[]): Coder {
  const dynamic = members.some((member) => member.dynamic);
  return {
    dynamic,
    words: dynamic ? 1 : members.reduce((sum, { words }) => sum + words, 0),
    encode: (value) => encodeAll(members, asList(value)),
    decode: (data, at) => decodeAll(members, data, at),
  };
}

function encodeAll(coders: readonly Coder[], values: readonly Value[]): string {
  let head = "";
  let tail = "";
  const size = coders.reduce((sum, { words }) => sum + words, 0) * 32;
  coders.forEach((coder, index) => {
    const value = values[index];
    if (value === undefined) throw new RangeError(`value ${index} is missing`);
    const encoded = coder.encode(value);
    if (coder.dynamic) {
      head += toWord(BigInt(size + tail.length / 2));
      tail += encoded;
    } else {
      head += encoded;
    }
  });
  return head + tail;
}

function decodeAll(coders: readonly Coder[], data: string, start: number): readonly Value[] {
  let at = start;
  return coders.map((coder) => {
    const from = coder.dynamic ? start + Number(wordAt(data, at)) * 2 : at;
    at += coder.words * WORD;
    return coder.decode(data, from);
  });
}

function coderOf(param: AbiParam): Coder {
  const { type, components = [] } = param;
  if (type.endsWith("[]")) return arrayCoder(coderOf({ ...param, type: type.slice(0, -2) }));
  if (type === "tuple") return tupleCoder(components.map(coderOf));
  return type === "bytes" || type === "string" ? bytesCoder : wordCoder(type);
}

function canonical({ type, components = [] }: AbiParam): string {
  return type.replace("tuple", `(${components.map(canonical).join(",")})`);
}

function signatureOf({ name = "", inputs = [] }: AbiEntry): string {
  return `${name}(${inputs.map(canonical).join(",")})`;
}

function hashOf(entry: AbiEntry): string {
  return toWord(keccakText(signatureOf(entry)));
}

/** A function that can be called: calldata from its arguments, its return values from the output. */
export class Method {
  readonly selector: string;
  readonly #inputs: Coder;
  readonly #outputs: Coder;

  constructor(entry: AbiEntry) {
    this.selector = hashOf(entry).slice(0, 8);
    this.#inputs = tupleCoder((entry.inputs ?? []).map(coderOf));
    this.#outputs = tupleCoder((entry.outputs ?? []).map(coderOf));
  }

  /** Calldata, as hex digits. */
  encode(values: readonly Value[]): string {
    return this.selector + this.#inputs.encode(values);
  }

  /** The values in an output. */
  decode(output: string): readonly Value[] {
    return asList(this.#outputs.decode(output, 0));
  }
}

/** An event or an error, decoded: name and arguments in the order of declaration. */
export interface Named {
  readonly name: string;
  readonly args: readonly Value[];
}

interface EventCoder {
  readonly name: string;
  readonly params: readonly { readonly indexed: boolean; readonly coder: Coder }[];
  readonly data: readonly Coder[];
}

/** Finds events by their first topic. */
export class EventTable {
  readonly #events = new Map<string, EventCoder>();

  constructor(abi: readonly AbiEntry[]) {
    for (const entry of abi) {
      if (entry.type !== "event") continue;
      const params = (entry.inputs ?? []).map((param) => ({
        indexed: param.indexed === true,
        coder: coderOf(param),
      }));
      const data = params.filter(({ indexed }) => !indexed).map(({ coder }) => coder);
      this.#events.set(hashOf(entry), { name: entry.name ?? "", params, data });
    }
  }

  /** The event in a log; undefined if it is none of the table. */
  decode(topics: readonly string[], data: string): Named | undefined {
    const event = this.#events.get(topics[0] ?? "");
    if (event === undefined) return undefined;
    const values = decodeAll(event.data, data, 0);
    let [topic, value] = [1, 0];
    const args = event.params.map(({ indexed, coder }) => {
      const found = indexed ? coder.decode(topics[topic++] ?? "", 0) : values[value++];
      if (found === undefined) throw new RangeError(`a field of ${event.name} is missing`);
      return found;
    });
    return { name: event.name, args };
  }
}

/** Finds errors by their selector. */
export class ErrorTable {
  readonly #errors = new Map<string, { readonly name: string; readonly coder: Coder }>();
  readonly #selectors = new Map<string, string>();

  constructor(abi: readonly AbiEntry[]) {
    for (const entry of abi) {
      if (entry.type !== "error") continue;
      const coder = tupleCoder((entry.inputs ?? []).map(coderOf));
      const selector = hashOf(entry).slice(0, 8);
      const { name = "" } = entry;
      this.#errors.set(selector, { name, coder });
      this.#selectors.set(name, selector);
    }
  }

  /** Return data of an error of the table, as hex digits. */
  encode({ name, args }: Named): string {
    const selector = this.#selectors.get(name) ?? "";
    const error = this.#errors.get(selector);
    if (error === undefined) throw new Error(`there is no error ${name}`);
    return selector + error.coder.encode(args);
  }

  /** The error in return data; one of a made-up name if it is none of the table. */
  decode(data: string): Named {
    const error = this.#errors.get(data.slice(0, 8));
    if (error === undefined) return { name: `unknown error 0x${data}`, args: [] };
    return { name: error.name, args: asList(error.coder.decode(data.slice(8), 0)) };
  }
}

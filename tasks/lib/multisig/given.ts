import { parseAddress } from "../accounts.ts";
import { parseWhole } from "../decimals.ts";
import { feedIdIn } from "../oracle/hubs.ts";
import { parseSpan } from "../times.ts";
import { UsageError } from "../usage.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/** What is given to one action, by names; each is read once, and none may be left over. */
export class Given {
  readonly #action: string;
  readonly #left: Map<string, unknown>;

  /** @param values - Texts, or what a JSON file holds. */
  constructor(action: string, values: Fields) {
    this.#action = action;
    this.#left = new Map(Object.entries(values));
  }

  /** How errors call a value. */
  name(key: string): string {
    return `--args ${key} (of ${this.#action})`;
  }

  /** Whether it is given. */
  has(key: string): boolean {
    return this.#left.has(key);
  }

  /** Whether it is given as this word, which is then read. */
  is(key: string, word: string): boolean {
    const same = this.#left.get(key) === word;
    if (same) this.#left.delete(key);
    return same;
  }

  /** A value as it is given. */
  raw(key: string, hint: string): unknown {
    const value = this.#left.get(key);
    this.#left.delete(key);
    if (value !== undefined && value !== "") return value;
    throw new UsageError(`${this.name(key)} is missing: ${hint}.`);
  }

  /** A text; numbers of JSON are taken for their digits. */
  text(key: string, hint: string): string {
    const value = this.raw(key, hint);
    if (typeof value === "string") return value.trim();
    if (typeof value === "number" || typeof value === "bigint") return String(value);
    throw new UsageError(`${this.name(key)} is no text: ${hint}.`);
  }

  /** An address. */
  address(key: string, hint: string): string {
    return parseAddress(this.name(key), this.text(key, hint));
  }

  /** A whole number between two bounds. */
  whole(key: string, hint: string, least: bigint, most: bigint): bigint {
    return parseWhole(this.name(key), this.text(key, hint), least, most);
  }

  /** A length of time in seconds. */
  span(key: string, hint: string): bigint {
    return parseSpan(this.name(key), this.text(key, hint));
  }

  /** Several texts: a list of JSON, or with spaces between. */
  texts(key: string, hint: string): string[] {
    const value = this.raw(key, hint);
    if (Array.isArray(value)) return value.map(String);
    if (typeof value === "string") return value.trim().split(/\s+/);
    throw new UsageError(`${this.name(key)} is no list: ${hint}.`);
  }

  /** Name of a feed, 32 bytes. */
  feed(key: string): string {
    const hint = "name the feed as the hub calls it, as in ETH-USD, or by 32 bytes in hex";
    const found = feedIdIn(this.text(key, hint));
    if (found !== undefined) return found;
    throw new UsageError(`${this.name(key)} is longer than 31 letters: ${hint}.`);
  }

  /** Refuses what no action has asked for. */
  done(known: readonly string[]): void {
    const [left] = this.#left.keys();
    if (left === undefined) return;
    const list = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
    throw new UsageError(`--args: ${this.#action} takes no ${left}: ${list}.`);
  }
}

/** `key=value,…` as values by their names. */
export function parsePairs(text: string): Fields {
  const pairs = text.split(",").map((pair) => pair.trim());
  const found = new Map<string, string>();
  for (const pair of pairs) {
    if (pair === "") continue;
    const [, key, value] = /^([\w-]+)\s*=\s*(.*)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) {
      throw new UsageError(`--args: ${JSON.stringify(pair)} is not written as name=value.`);
    }
    if (found.has(key)) throw new UsageError(`--args: ${key} is given twice.`);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

/** Values as JSON has them. */
export function parseValues(where: string, value: unknown): Fields {
  if (isFields(value)) return value;
  throw new UsageError(`${where} is no object of names and values.`);
}

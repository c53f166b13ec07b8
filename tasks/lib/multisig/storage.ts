import { getAddress, isHexString, toBeHex, ZeroHash } from "ethers";

import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/** A word of a contract's storage that a transaction changes. */
export interface SlotChange {
  readonly address: string;
  readonly slot: string;
  readonly before: string;
  readonly after: string;
}

/** The words that differ, from what a node's tracer of states says before and after; a word that it leaves out is 0. */
export function storageChanges(trace: unknown): SlotChange[] {
  const { pre, post } = isFields(trace) ? trace : {};
  const [before, after] = [pre, post].map((states) => (isFields(states) ? states : {}));
  const addresses = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...addresses].flatMap((address) => {
    const [old, young] = [before, after].map((states) => slotsOf(states?.[address]));
    const slots = new Set([...Object.keys(old ?? {}), ...Object.keys(young ?? {})]);
    return [...slots].sort().flatMap((slot) => {
      const change = { before: wordOf(old?.[slot]), after: wordOf(young?.[slot]) };
      if (change.before === change.after) return [];
      return [{ address: getAddress(address), slot: wordOf(slot), ...change }];
    });
  });
}

function slotsOf(state: unknown): Fields {
  const storage = isFields(state) ? state["storage"] : undefined;
  return isFields(storage) ? storage : {};
}

function wordOf(value: unknown): string {
  return isHexString(value) ? toBeHex(BigInt(value), 32) : ZeroHash;
}

import type { Json } from "./json-diff.ts";

interface Slot {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

interface SolcType {
  readonly label: string;
  readonly base?: string;
  readonly value?: string;
  readonly members?: readonly Slot[];
}

/**
 * The compiler's `storageLayout`. Its type keys carry numbers of the syntax tree and change with
 * every edit.
 */
export interface SolcStorageLayout {
  readonly storage: readonly Slot[];
  readonly types: Readonly<Record<string, SolcType>> | null;
}

/**
 * Label, slot, offset and written type of each variable, and the same for the members of each
 * struct that storage holds, also inside of mappings and arrays.
 */
export function storageOf({ storage, types }: SolcStorageLayout): Json {
  const lookup = (type: string): SolcType => {
    const found = types?.[type];
    if (found === undefined)
      throw new Error(`the storage layout names ${type} but has no such type`);
    return found;
  };
  const row = ({ label, slot, offset, type }: Slot): string =>
    `slot ${slot} offset ${offset}: ${lookup(type).label} ${label}`;

  const structs = new Map<string, readonly string[]>();
  const collect = (type: string): void => {
    const { label, base, value, members } = lookup(type);
    if (structs.has(label)) return;
    if (members !== undefined) {
      structs.set(label, members.map(row));
      for (const member of members) collect(member.type);
    }
    if (base !== undefined) collect(base);
    if (value !== undefined) collect(value);
  };
  for (const { type } of storage) collect(type);

  const sorted = [...structs].sort(([a], [b]) => (a < b ? -1 : 1));
  return { variables: storage.map(row), structs: Object.fromEntries(sorted) };
}

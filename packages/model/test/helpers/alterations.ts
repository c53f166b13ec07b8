import type { Nonce } from "@certus/model";

/** One change of a structure: where, and what makes it on a copy. */
export interface Alteration {
  readonly path: string;
  readonly alter: () => void;
}

const NEXT_STATE: { readonly [S in Nonce["state"]]: Nonce["state"] } = {
  partial: "cancelled",
  cancelled: "filled",
  filled: "cancelled",
};

function isNonceState(value: unknown): value is Nonce["state"] {
  return typeof value === "string" && Object.hasOwn(NEXT_STATE, value);
}

/** Another value of the same kind: a neighbouring number, the other boolean, another state of a nonce. */
function otherValue(value: unknown): unknown {
  if (typeof value === "bigint") return value ^ 1n;
  if (typeof value === "boolean") return !value;
  return isNonceState(value) ? NEXT_STATE[value] : otherKey(value);
}

/** Another key of a map or member of a set, which are numbers or the same in hex: far from those that there are. */
function otherKey(key: unknown): unknown {
  if (typeof key === "bigint") return key ^ (1n << 77n);
  return (BigInt(`0x${String(key)}`) ^ (1n << 77n)).toString(16);
}

function nameOf(key: unknown): string {
  return typeof key === "bigint" ? `0x${key.toString(16)}` : String(key);
}

type Visit = (value: unknown, path: string, replace: (value: unknown) => void) => Alteration[];

function ofMap(map: Map<unknown, unknown>, path: string, visit: Visit): Alteration[] {
  return [...map].flatMap(([key, value]) => {
    const here = `${path}[${nameOf(key)}]`;
    const rename = () => {
      map.delete(key);
      map.set(otherKey(key), value);
    };
    return [
      { path: `${here} renamed`, alter: rename },
      { path: `${here} removed`, alter: () => map.delete(key) },
      ...visit(value, here, (changed) => map.set(key, changed)),
    ];
  });
}

function ofSet(set: Set<unknown>, path: string): Alteration[] {
  return [...set].flatMap((member) => [
    { path: `${path}{${nameOf(member)}} removed`, alter: () => set.delete(member) },
    { path: `${path}{${nameOf(member)}} joined`, alter: () => set.add(otherKey(member)) },
  ]);
}

/**
 * Every single change of a structure of objects, lists, maps and sets: each number, boolean and text replaced, each key
 * renamed, each entry removed. An object met twice is changed in one place.
 */
export function alterationsOf(root: object): readonly Alteration[] {
  const met = new Set<object>();
  const visit: Visit = (value, path, replace) => {
    if (typeof value === "function" || value === undefined) return [];
    if (typeof value !== "object" || value === null) {
      return [{ path, alter: () => replace(otherValue(value)) }];
    }
    if (met.has(value)) return [];
    met.add(value);
    if (value instanceof Map) return ofMap(value, path, visit);
    if (value instanceof Set) return ofSet(value, path);
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    const removals = list.map((_, index) => ({
      path: `${path}.${index} removed`,
      alter: () => replace(list.toSpliced(index, 1)),
    }));
    const fields = Object.entries(value).flatMap(([field, held]) =>
      visit(held, `${path}.${field}`, (changed) => Object.assign(value, { [field]: changed })),
    );
    return [...removals, ...fields];
  };
  return visit(root, "", () => undefined);
}

/** The same structure with the entries of every map and set in the opposite order. */
export function reversed<T>(root: T): T {
  const copy = structuredClone(root);
  const met = new Set<unknown>();
  const turn = (value: unknown): void => {
    if (typeof value !== "object" || value === null || met.has(value)) return;
    met.add(value);
    if (value instanceof Map) refill(value, (entry) => value.set(...entry));
    if (value instanceof Set) refill(value, ([member]) => value.add(member));
    const held = value instanceof Map ? value.values() : Object.values(value);
    for (const each of held) turn(each);
  };
  turn(copy);
  return copy;
}

function refill(
  entries: Map<unknown, unknown> | Set<unknown>,
  put: (entry: [unknown, unknown]) => unknown,
): void {
  const all = [...entries.entries()].reverse();
  entries.clear();
  all.forEach(put);
}

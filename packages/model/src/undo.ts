/** Takes a write back. Writes are taken back in the reverse of their order. */
export type Undo = () => void;

/** Remembers an entry of a map before it is written. */
export function saveEntry<K, V>(map: Map<K, V>, key: K): Undo {
  const before = map.get(key);
  return before === undefined ? () => map.delete(key) : () => map.set(key, before);
}

/** Writes an entry of a map; answers what takes it back. */
export function setEntry<K, V>(map: Map<K, V>, key: K, value: V): Undo {
  const undo = saveEntry(map, key);
  map.set(key, value);
  return undo;
}

/** Takes several writes back, the last one first. */
export function undoAll(undos: readonly Undo[]): void {
  undos.toReversed().forEach((undo) => undo());
}

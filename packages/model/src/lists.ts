import { ModelFault } from "./errors.ts";

/** The item of a list at an index that the caller has made sure of. */
export function itemAt<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new ModelFault(`a list of ${items.length} has no item ${index}`);
  return item;
}

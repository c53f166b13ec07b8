import type { Dice } from "../generate/dice.ts";

/** A transaction of an order: some of a segment's proofs, by their numbers. */
export type Group = readonly number[];

/** A list in any order. */
export function shuffled<T>(dice: Dice, list: readonly T[]): T[] {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at--) {
    const other = dice.below(at + 1);
    const [a, b] = [mixed[at], mixed[other]];
    if (a !== undefined && b !== undefined) [mixed[at], mixed[other]] = [b, a];
  }
  return mixed;
}

/**
 * An order in which a segment's proofs come: any, in groups of any size, some of them again.
 *
 * @param count - How many proofs there are.
 * @param most - Most of them in one transaction.
 */
export function drawOrder(dice: Dice, count: number, most: number): readonly Group[] {
  const all = Array.from({ length: count }, (_, index) => index);
  const again = dice.chance(0.4) ? dice.some(all, 0.2) : [];
  const queue = shuffled(dice, [...all, ...again]);
  const groups: number[][] = [];
  const single = dice.chance(0.2);
  while (queue.length > 0) {
    const size = single && count <= 8 ? 1 : 1 + dice.below(Math.min(most, queue.length));
    groups.push(queue.splice(0, size));
  }
  return groups;
}

/** Times of so many transactions within a span, in their order. */
export function drawTimes(
  dice: Dice,
  count: number,
  from: bigint,
  until: bigint,
): readonly bigint[] {
  const times = Array.from({ length: count }, () => dice.between(from, until));
  return times.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

import { MAX_UINT112, findAccount, packLeg } from "@certus/model";
import type { Part } from "@certus/model";
import type { Campaign, Step } from "./campaign.ts";

/** An item of a list, whatever the index. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

/** The bound of a rule, its neighbours, and what lies far off. */
export function around(bound: bigint, { near, amount }: Step): bigint {
  const value = at([bound, bound + 1n, bound - 1n, bound / 2n, 1n, 0n, amount], near);
  return value < 0n ? 0n : value;
}

/** A package of the drawn legs in each of one or two books. */
export function partsOf({ books }: Campaign, step: Step): readonly Part[] {
  const chosen = new Set([
    at(books, step.book),
    ...(step.near % 4 === 0 ? [at(books, step.other)] : []),
  ]);
  return [...chosen]
    .sort((a, b) => (a.book < b.book ? -1 : 1))
    .map((book) => {
      const legs = (book.market.scale.inverse ? step.calls : step.netted).map(packLeg);
      const maxDraw = step.near % 5 === 0 ? step.amount : MAX_UINT112;
      return { book: book.book, legs, premium: step.premium, maxDraw };
    });
}

/** Epoch that orders of an account must name. */
export function epochOf({ ledger }: Campaign, account: bigint): bigint {
  return findAccount(ledger.state, account)?.epoch ?? 0n;
}

import { accountText } from "../../accounts.ts";
import { bookText } from "../../books.ts";
import { idOf } from "../../shapes.ts";
import type { Finding } from "../alarm.ts";
import type { Limits } from "../limits.ts";
import { amountName, amountSaid, percent } from "../names.ts";
import type { Names } from "../names.ts";

/** What one account got out of a settled book. Base units. */
export interface Payout {
  readonly book: bigint;
  readonly token: bigint;
  readonly account: bigint;
  readonly payout: bigint;
  /** The account's collateral there before. */
  readonly collateral: bigint;
  /** All that the book held when its price was fixed. */
  readonly pool: bigint;
}

const WHOLE = 10_000n;

/** Accounts that won a large share of their book's pool: what they were paid beyond the collateral that they had there. */
export function payoutFindings(
  payouts: readonly Payout[],
  { payout: limit }: Limits,
  names: Names,
): Finding[] {
  if (limit === undefined) return [];
  return payouts.flatMap(({ book, token, account, payout, collateral, pool }) => {
    const won = payout - collateral;
    if (won * WHOLE <= pool * limit) return [];
    const share = percent(won, pool);
    return {
      alarm: "payout",
      severity: "warning",
      text: `${accountText(account)} won ${amountSaid(names, token, won)} in ${bookText(book)}, ${share} % of its pool`,
      details: {
        book: idOf(book),
        name: bookText(book),
        account: accountText(account),
        payout: amountName(names, token, payout),
        won: amountName(names, token, won),
        pool: amountName(names, token, pool),
        sharePercent: share,
      },
    };
  });
}

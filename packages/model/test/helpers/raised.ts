import {
  applyEvent,
  findAccount,
  findBook,
  positionOf,
  quantityIn,
  unpackLegs,
} from "@certus/model";
import type { LedgerEvent, State } from "@certus/model";

/** What a party is long of after a change, less what it was before. */
function longer(before: bigint, change: bigint): bigint {
  const long = (quantity: bigint) => (quantity > 0n ? quantity : 0n);
  return long(before + change) - long(before);
}

/**
 * Books in which the events of one call raise open interest, in the order of its parts, which is that of books. A
 * replica that stands where they begin follows them.
 */
export function raisedBy(
  replica: State,
  events: readonly LedgerEvent[],
  time: bigint,
): readonly bigint[] {
  const raised: bigint[] = [];
  for (const event of events) {
    if (event.name === "OrderFilled") {
      const { maker, taker, units, parts } = event.args;
      const held = (account: bigint, book: bigint) => {
        const known = findBook(replica, book);
        return known ? positionOf(findAccount(replica, account), known).legs : [];
      };
      for (const { book, legs } of parts) {
        const [bought, sold] = [held(maker, book), held(taker, book)];
        const rises = unpackLegs(legs).some((leg) => {
          const change = units * leg.quantity;
          return (
            longer(quantityIn(bought, leg), change) + longer(quantityIn(sold, leg), -change) > 0n
          );
        });
        if (rises) raised.push(book);
      }
    }
    applyEvent(replica, event, time);
  }
  return raised.sort((a, b) => (a < b ? -1 : 1));
}

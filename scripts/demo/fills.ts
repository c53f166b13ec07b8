import { marketOfBook } from "@certus/model";

import { eventsOf } from "./chain.ts";
import type { Receipt } from "./chain.ts";
import type { Market, Party, Venue } from "./venue.ts";

/** What an order moved in one book. */
export interface FilledPart {
  readonly market: Market;
  /** From taker to maker, base units; negative: from maker to taker. */
  readonly premium: bigint;
  /** The taker's fee, base units. */
  readonly fee: bigint;
}

/** An order that was filled, as the ledger's event tells it. */
export interface Filled {
  readonly maker: Party;
  readonly units: bigint;
  readonly parts: readonly FilledPart[];
}

/** The orders that a transaction has filled, which must be as many as were meant. */
export function filledIn(venue: Venue, receipt: Receipt, count: number): readonly Filled[] {
  const events = eventsOf(receipt, "OrderFilled");
  if (events.length !== count) throw new Error(`${events.length} of ${count} orders were filled`);
  return events.map(({ args }) => {
    const account = args.getValue("maker") as bigint;
    const maker = venue.parties.find((party) => party.account === account);
    if (maker === undefined) throw new Error(`nobody here has the account ${account}`);
    const parts = args.getValue("parts") as { book: bigint; premium: bigint; fee: bigint }[];
    return {
      maker,
      units: args.getValue("units") as bigint,
      parts: parts.map(({ book, premium, fee }) => ({
        market: marketOf(venue, book),
        premium,
        fee,
      })),
    };
  });
}

/** A book bears its market in its high bits. */
function marketOf(venue: Venue, book: bigint): Market {
  const found = venue.markets.find(({ id }) => id === marketOfBook(book));
  if (found === undefined) throw new Error(`no market here has the book ${book}`);
  return found;
}

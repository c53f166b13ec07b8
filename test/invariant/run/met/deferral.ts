import { addLegs, findAccount, findBook, positionOf, requirement, unpackLegs } from "@certus/model";
import type { AccountId, BookId, FilledPart, Leg, LedgerEvent, State } from "@certus/model";

/** What an event brought to a position. */
interface Change {
  readonly legs: readonly Leg[];
  readonly collateral: bigint;
}

const NONE: Change = { legs: [], collateral: 0n };

function ofPart(part: FilledPart, units: bigint, isTaker: boolean): Change {
  const { premium, fee, makerDraw, takerDraw } = part;
  const legs = addLegs([], unpackLegs(part.legs), isTaker ? -units : units);
  return { legs, collateral: isTaker ? takerDraw - premium - fee : premium + makerDraw };
}

function changeBy(event: LedgerEvent, account: AccountId, book: BookId): Change {
  switch (event.name) {
    case "OrderFilled": {
      const { maker, taker, units, parts } = event.args;
      const part = parts.find((one) => one.book === book);
      if (part === undefined || (account !== maker && account !== taker)) return NONE;
      return ofPart(part, units, account === taker);
    }
    case "LegsMoved": {
      const { from, to, legs, collateral } = event.args;
      if (event.args.book !== book || (account !== from && account !== to)) return NONE;
      const times = account === to ? 1n : -1n;
      return { legs: addLegs([], unpackLegs(legs), times), collateral: times * collateral };
    }
    case "Wrapped":
    case "Unwrapped": {
      const { legs, amount } = event.args;
      if (event.args.book !== book || event.args.account !== account) return NONE;
      const times = event.name === "Wrapped" ? -amount : amount;
      return { legs: addLegs([], unpackLegs(legs), times), collateral: 0n };
    }
    case "Deposited":
    case "Allocated": {
      if (event.args.book !== book || event.args.account !== account) return NONE;
      const collateral = event.name === "Deposited" ? event.args.amount : event.args.delta;
      return { legs: [], collateral };
    }
    default:
      return NONE;
  }
}

/** A position that an event may have left uncovered. */
type Place = readonly [account: AccountId, book: BookId];

function placesOf(event: LedgerEvent): readonly Place[] {
  switch (event.name) {
    case "OrderFilled":
      return event.args.parts.map(({ book }) => [event.args.taker, book] as const);
    case "LegsMoved":
      return [event.args.from, event.args.to].map((account) => [account, event.args.book] as const);
    case "Wrapped":
    case "Unwrapped":
      return [[event.args.account, event.args.book]];
    default:
      return [];
  }
}

/** Names of the events of a batch after which a position lay uncovered that is covered now. */
export function* deferredIn(
  state: State,
  events: readonly LedgerEvent[],
): Iterable<LedgerEvent["name"]> {
  for (const [index, event] of events.entries()) {
    for (const [account, id] of placesOf(event)) {
      const book = findBook(state, id);
      if (book === undefined) continue;
      const position = positionOf(findAccount(state, account), book);
      if (position.settled) continue;
      let { legs, collateral } = position;
      for (const later of events.slice(index + 1)) {
        const change = changeBy(later, account, id);
        legs = addLegs(legs, change.legs, -1n);
        collateral -= change.collateral;
      }
      if (collateral < requirement(book.market.scale, legs)) yield event.name;
    }
  }
}

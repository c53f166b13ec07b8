import { findAccount, findBook, isRestricted, ownerOf, positionOf } from "@certus/model";
import type { EventFields, State } from "@certus/model";

import { WALLET } from "../../world/actors.ts";
import type { Command } from "../command.ts";

/** Situations of fills of one order. */
export const OF_FILLS: readonly string[] = [
  ...[1, 2, 3, 4].map((parts) => `fill of ${parts} part${parts > 1 ? "s" : ""}`),
  "fill that leaves units",
  "fill of the last units",
  "draw of the maker",
  "draw of the taker",
  "fee",
  "premium paid by the maker",
  "package across linear and inverse",
  "calendar",
  "fill in a restricted book",
  "position of more than 16 legs",
  "order of an operator",
  "order of a wallet",
];

type Filled = EventFields["OrderFilled"];

function* ofBooks(state: State, { parts }: Filled, at: bigint): Iterable<string> {
  const books = parts.flatMap(({ book }) => findBook(state, book) ?? []);
  const styles = new Set(books.map(({ market }) => market.scale.inverse));
  const markets = new Set(books.map(({ market }) => market.market));
  if (styles.size === 2) yield "package across linear and inverse";
  if (markets.size < books.length) yield "calendar";
  if (books.some((book) => isRestricted(book, at))) yield "fill in a restricted book";
}

/** What a fill met with, by its event. */
export function* ofFill(
  state: State,
  filled: Filled,
  call: Command & { readonly kind: "fill" },
): Iterable<string> {
  const { parts, remaining, maker, taker } = filled;
  yield `fill of ${parts.length} part${parts.length > 1 ? "s" : ""}`;
  yield remaining > 0n ? "fill that leaves units" : "fill of the last units";
  if (parts.some(({ makerDraw }) => makerDraw > 0n)) yield "draw of the maker";
  if (parts.some(({ takerDraw }) => takerDraw > 0n)) yield "draw of the taker";
  if (parts.some(({ fee }) => fee > 0n)) yield "fee";
  if (parts.some(({ premium }) => premium < 0n)) yield "premium paid by the maker";
  yield* ofBooks(state, filled, call.at);
  const positions = [maker, taker].flatMap((account) =>
    parts.map(({ book }) => {
      const found = findBook(state, book);
      return found === undefined ? 0 : positionOf(findAccount(state, account), found).legs.length;
    }),
  );
  if (positions.some((legs) => legs > 16)) yield "position of more than 16 legs";
  if (call.signer === WALLET) yield "order of a wallet";
  else if (call.signer !== ownerOf(maker)) yield "order of an operator";
}

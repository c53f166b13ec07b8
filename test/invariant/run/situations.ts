import { findAccount, findBook, isRestricted, ownerOf, positionOf } from "@certus/model";
import type { EventFields, LedgerEvent, OracleEvent, State } from "@certus/model";

import { WALLET } from "../world/actors.ts";
import type { Command } from "./command.ts";
import type { Step } from "./lockstep.ts";

/** How a price was found, by the step of the oracle's event. */
const PRICES = ["", "a fresh round", "a stale round", "the mark, dead feed", "the mark, overdue"];

/** Every situation that a campaign must meet. */
export const SITUATIONS: readonly string[] = [
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
  "caller is an operator",
  "settlement of several accounts",
  "position that cannot be settled",
  "payout of 0 claimed",
  "payout to the wallet",
  ...PRICES.slice(1).map((price) => `price by ${price}`),
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

function* ofFill(
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

function* ofEvent(state: State, event: LedgerEvent, command: Command): Iterable<string> {
  if (event.name === "OrderFilled" && command.kind === "fill") {
    yield* ofFill(state, event.args, command);
  }
  if (event.name === "Settled" && event.args.accounts.length > 1) {
    yield "settlement of several accounts";
  }
  if (event.name === "SettleSkipped") yield "position that cannot be settled";
  if (event.name === "Claimed") {
    if (event.args.amount === 0n) yield "payout of 0 claimed";
    if (event.args.toWallet) yield "payout to the wallet";
  }
}

function* ofOracle(events: readonly OracleEvent[]): Iterable<string> {
  for (const event of events) {
    if (event.name === "PriceSettled") yield `price by ${PRICES[Number(event.args.step)] ?? ""}`;
  }
}

/** What a successful call met with, by its events and the model's state after it. */
export function* situationsOf(state: State, command: Command, step: Step): Iterable<string> {
  if (!step.ok) return;
  for (const event of step.events ?? []) yield* ofEvent(state, event, command);
  yield* ofOracle(step.oracleEvents ?? []);
  if ("account" in command && "sender" in command) {
    const paying = command.kind === "deposit" || command.kind === "depositToBook";
    if (!paying && command.sender !== ownerOf(command.account)) yield "caller is an operator";
  }
}

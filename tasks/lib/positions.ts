import type { PositionViewStructOutput } from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { bookJson, bookText, phaseOf } from "./books.ts";
import { formatPrice } from "./decimals.ts";
import { seriesText } from "./legs.ts";
import { idOf, priceOf, priceOrNull } from "./shapes.ts";
import { amountOf, amountText } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** A position for a document. */
export function positionJson(view: PositionViewStructOutput, token: Token) {
  const { book, collateral, requirement, settled, withdrawable, payout, legs } = view;
  return {
    ...bookJson(book.book),
    phase: phaseOf(book),
    settlementPrice: priceOrNull(book.settlementPrice),
    settled,
    collateral: amountOf(token, collateral),
    requirement: amountOf(token, requirement),
    worstCase: amountOf(token, collateral - requirement),
    withdrawable: amountOf(token, withdrawable),
    payout: phaseOf(book) === "fixed" ? amountOf(token, payout) : null,
    legs: legs.map(({ series, strike, isCall, quantity }) => ({
      series: idOf(series),
      name: seriesText({ strike, isCall }),
      right: isCall ? "call" : "put",
      strike: priceOf(strike),
      lots: quantity,
    })),
  };
}

/** Columns of `positionRow`. */
export const POSITION_COLUMNS = [
  "book (UTC)",
  "state",
  "legs, lots",
  ">collateral",
  ">requirement",
  ">pays out",
];

/** A position for people. */
export function positionRow(view: PositionViewStructOutput, token: Token): string[] {
  const { book, collateral, requirement, settled, payout, legs } = view;
  const fixed = phaseOf(book) === "fixed";
  const state = settled ? "settled" : phaseOf(book);
  return [
    bookText(book.book),
    fixed ? `${state}\nat ${formatPrice(book.settlementPrice)}` : state,
    legs
      .map(
        ({ strike, isCall, quantity }) =>
          `${quantity < 0n ? "" : "+"}${quantity} ${seriesText({ strike, isCall })}`,
      )
      .join("\n"),
    amountText(token, collateral),
    amountText(token, requirement),
    fixed ? amountText(token, payout) : `at least ${amountText(token, collateral - requirement)}`,
  ];
}

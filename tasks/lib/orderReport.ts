import { ZeroAddress } from "ethers";

import { marketOf } from "../../packages/contracts/src/ids.ts";
import type { Part } from "../../packages/contracts/src/orders/types.ts";
import { accountText } from "./accounts.ts";
import { bookText } from "./books.ts";
import { formatPrice } from "./decimals.ts";
import { packedLegsText } from "./legs.ts";
import type { SignedOrder } from "./orderFile.ts";
import { facts, table } from "./print.ts";
import type { Session } from "./session.ts";
import { shownTime } from "./times.ts";
import { amountText, tokensAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { unitPremium } from "./unitMoney.ts";
import type { LotScale } from "./unitMoney.ts";

/** The token of a part's book, and what a lot is worth in it. */
export interface PartToken extends Token {
  readonly book: bigint;
  readonly scale: LotScale;
}

/** The tokens of the books of some parts, in their order. */
export async function tokensOf(
  session: Session,
  parts: readonly { readonly book: bigint }[],
): Promise<PartToken[]> {
  const terms = await Promise.all(parts.map(({ book }) => session.ledger.termsOf(marketOf(book))));
  const tokens = await tokensAt(
    session,
    terms.map(({ token }) => token),
  );
  return terms.map(({ token: address, style, num, den }, i) => ({
    ...(tokens.get(address) ?? { address, symbol: "?", decimals: 0 }),
    book: parts[i]?.book ?? 0n,
    scale: { style, num, den },
  }));
}

/** A signed order for people, quantities and premium as the maker receives them. */
export function orderText(
  { order, hash, signer }: SignedOrder,
  tokens: readonly PartToken[],
): string {
  const about = facts([
    ["order", hash],
    ["maker", accountText(order.account)],
    ["signed by", signer],
    ["units", `${order.units}, at least ${order.minFill} at a time`],
    ["nonce, epoch", `${order.nonce}, ${order.epoch}`],
    ["signed at", `${shownTime(order.signedAt)} UTC`],
    ["deadline", `${shownTime(order.deadline)} UTC`],
    ["taker", order.taker === ZeroAddress ? "anyone" : order.taker],
  ]);
  const columns = [
    "book (UTC)",
    "maker receives, a unit",
    ">premium, a unit",
    ">draw at most, a unit",
  ];
  const rows = order.parts.map((part, i) => partRow(part, tokens[i]));
  return `${about}\n${table(columns, rows)}`;
}

function partRow({ book, legs, premium, maxDraw }: Part, token: PartToken | undefined): string[] {
  return [
    bookText(book),
    packedLegsText(legs).replaceAll(", ", "\n"),
    token === undefined ? formatPrice(premium) : premiumText(token, premium),
    token === undefined ? String(maxDraw) : amountText(token, maxDraw),
  ];
}

/** A premium as it was signed, and what it is in tokens. */
function premiumText(token: PartToken, premium: bigint): string {
  const worth = unitPremium(token.scale, premium);
  return `price ${formatPrice(premium)}\n= ${amountText(token, worth)}`;
}

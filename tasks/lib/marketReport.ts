import { ZeroAddress } from "ethers";

import type {
  MarketViewStructOutput,
  TermsStructOutput,
} from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { formatDecimal, formatPrice } from "./decimals.ts";
import { isInverse, shortMarket } from "./markets.ts";
import type { Named } from "./markets.ts";
import { idOf, priceOf, timeOf } from "./shapes.ts";
import { shownTime } from "./times.ts";
import { amountOf, amountText } from "./tokens.ts";
import type { Token } from "./tokens.ts";

/** Terms by their names, without those by their numbers that ethers adds. */
export type PlainTerms = {
  readonly [
    Name in keyof TermsStructOutput as Name extends `${number}` | keyof unknown[] ? never : Name
  ]: TermsStructOutput[Name];
};

/** What is shown of a market, listed or not yet. */
export interface ShownMarket extends Named {
  readonly token: Token;
  readonly view: Pick<MarketViewStructOutput, "retired" | "level" | "until" | "ceiling"> & {
    readonly terms: PlainTerms;
  };
}

const LEVELS = ["normal", "restricted", "halted"] as const;
/** One price unit of a lot, for the worth of a lot at a price of 1. */
const PRICE_UNIT = 10n ** 8n;

function levelOf({ level }: ShownMarket["view"]): string {
  return LEVELS[Number(level)] ?? `level ${level}`;
}

/** What a market lets one do now, in a word. */
export function levelText(view: ShownMarket["view"]): string {
  const until = view.until === 0n ? "" : ` until ${shownTime(view.until)} UTC`;
  return `${view.retired ? "retired, " : ""}${levelOf(view)}${until}`;
}

/** A market for a document. */
export function marketJson({ number, market, marketId, view, token }: ShownMarket) {
  const { terms } = view;
  return {
    number,
    market: idOf(market),
    marketId,
    retired: view.retired,
    level: levelOf(view),
    until: view.until === 0n ? null : timeOf(view.until),
    ceiling: amountOf(token, view.ceiling),
    token,
    terms: {
      style: isInverse(terms) ? "inverse" : "linear",
      feed: terms.feed,
      oracle: terms.oracle,
      profile: terms.profile,
      guard: terms.guard === ZeroAddress ? null : terms.guard,
      lot: { num: terms.num, den: terms.den },
      strikeTick: priceOf(terms.strikeTick),
      priceExp: Number(terms.priceExp),
      gridAnchor: timeOf(terms.gridAnchor),
      gridPeriod: Number(terms.gridPeriod),
      horizon: Number(terms.horizon),
      lastTrade: Number(terms.lastTrade),
      feePerLot: amountOf(token, terms.feePerLot),
      ceiling: amountOf(token, terms.ceiling),
      marginMode: Number(terms.marginMode),
      salt: terms.salt,
    },
  };
}

/** What a lot is, in words. */
function lotText({ view: { terms }, token }: ShownMarket): string {
  const { num, den } = terms;
  if (isInverse(terms)) {
    return den === 1n
      ? `${amountText(token, num)} of the underlying`
      : `${num}/${den} base units of the underlying`;
  }
  const scaled = num * PRICE_UNIT;
  return scaled % den === 0n
    ? `${amountText(token, scaled / den)} for each 1.0 of price`
    : `${num}/${den} base units for each 0.00000001 of price`;
}

/** A market for people. */
export function marketFacts(market: ShownMarket): [name: string, value: string | undefined][] {
  const { number, market: key, marketId, view, token } = market;
  const { terms } = view;
  return [
    ["market", `${number}, ${shortMarket(key)}`],
    ["id", marketId],
    ["state", levelText(view)],
    [
      "style",
      isInverse(terms) ? "inverse: calls, in the underlying" : "linear: in the quote asset",
    ],
    ["token", `${token.symbol}, ${token.decimals} decimals, ${token.address}`],
    ["one lot", lotText(market)],
    ["strike tick", formatPrice(terms.strikeTick)],
    ["price of", terms.priceExp === 0n ? undefined : `10^${terms.priceExp} underlying`],
    ["fee a lot", `${amountText(token, terms.feePerLot)}, paid by the taker who opens it`],
    ["ceiling now", amountText(token, view.ceiling)],
    ["ceiling listed", amountText(token, terms.ceiling)],
    ["expiries", `every ${spanText(terms.gridPeriod)} from ${shownTime(terms.gridAnchor)} UTC`],
    ["books open", `at most ${spanText(terms.horizon)} before expiry`],
    ["last trade", `${spanText(terms.lastTrade)} before expiry`],
    ["oracle", terms.oracle],
    ["feed", terms.feed],
    ["guard", terms.guard === ZeroAddress ? "none" : terms.guard],
  ];
}

const SPANS = [
  [86_400n, "d"],
  [3_600n, "h"],
  [60n, "min"],
  [1n, "s"],
] as const;

/** A length of time: `7 d`, `1 d 1 h`. */
export function spanText(seconds: bigint): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, unit] of SPANS) {
    if (rest >= size) parts.push(`${formatDecimal(rest / size, 0)} ${unit}`);
    rest %= size;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

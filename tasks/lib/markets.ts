import { dataSlice, keccak256 } from "ethers";

import type {
  MarketViewStructOutput,
  TermsStructOutput,
} from "../../packages/contracts/src/generated/bindings/ILens.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { tokensAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { UsageError } from "./usage.ts";

/** A market by its names. */
export interface Named {
  /** Its number among those of the ledger, in the order of listing, from 1. */
  readonly number: number;
  readonly market: bigint;
  readonly marketId: string;
}

/** A market as it stands now. */
export interface Listed extends Named {
  readonly view: MarketViewStructOutput;
}

/** A market as it stands now, with its token. */
export interface Market extends Listed {
  readonly token: Token;
}

/** Digits of a market's key in the short form that people read and write. */
const SHORT = 2 + 8;
/** Markets asked for in one call. */
const PAGE = 100n;

/** Everything listed, in order. */
async function listedMarkets({ ledger, lens }: Session): Promise<Listed[]> {
  const listed: Listed[] = [];
  for (;;) {
    const { views, total } = await lens.markets(listed.length, PAGE);
    for (const view of views) {
      // The id is the hash of the encoded terms: of all that follows the selector in a call that lists them.
      const marketId = keccak256(
        dataSlice(ledger.interface.encodeFunctionData("list", [view.terms]), 4),
      );
      listed.push({ number: listed.length + 1, market: view.market, marketId, view });
    }
    if (views.length === 0 || listed.length >= total) return listed;
  }
}

/** Every market of the ledger, in the order of listing. */
export async function allMarkets(session: Session): Promise<Market[]> {
  return withTokens(session, await listedMarkets(session));
}

async function withTokens(session: Session, listed: readonly Listed[]): Promise<Market[]> {
  const tokens = await tokensAt(
    session,
    listed.map(({ view }) => view.terms.token),
  );
  return listed.flatMap((entry) => {
    const token = tokens.get(entry.view.terms.token);
    return token === undefined ? [] : [{ ...entry, token }];
  });
}

/** The market that is meant: its number in `market:list`, its key, its id, or the first digits of these after 0x. */
export async function marketBy(session: Session, name: string, text: string): Promise<Market> {
  const listed = matching(await listedMarkets(session), name, text.trim());
  const [market] = await withTokens(session, [listed]);
  if (market === undefined) throw new Error(`the token of ${idOf(listed.market)} is not known`);
  return market;
}

/** The one of several markets that a text means. */
export function matching<M extends Named>(markets: readonly M[], name: string, text: string): M {
  const digits = text.toLowerCase();
  const byHex = /^0x[\da-f]{4,64}$/.test(digits);
  if (!byHex && !/^\d{1,6}$/.test(digits)) {
    throw new UsageError(
      `${name}: ${JSON.stringify(text)} is no market: write its number in market:list, or its key or at least four of its first digits after 0x.`,
    );
  }
  const found = markets.filter(({ number, market, marketId }) =>
    byHex
      ? idOf(market).startsWith(digits) || marketId.startsWith(digits)
      : number === Number(digits),
  );
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const keys = (found.length > 1 ? found : markets).map(marketLabel);
  const what = found.length > 1 ? "means several markets" : "is no market of this ledger";
  const list = keys.length === 0 ? "none is listed yet" : `there are ${keys.join(", ")}`;
  throw new UsageError(`${name}: ${text} ${what}: ${list}.`);
}

/** `1 (0x1a2b3c4d)`. */
export function marketLabel({ number, market }: Named): string {
  return `${number} (${shortMarket(market)})`;
}

/** The first digits of a market's key, which mean it wherever a market is asked for. */
export function shortMarket(market: bigint): string {
  return idOf(market).slice(0, SHORT);
}

/** Whether a market's books hold the underlying. */
export function isInverse(terms: Pick<TermsStructOutput, "style">): boolean {
  return terms.style === 1n;
}

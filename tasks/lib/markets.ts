import type {
  MarketViewStructOutput,
  TermsStructOutput,
} from "../../packages/contracts/src/generated/bindings/ILens.ts";
import { eventsSince } from "./logs.ts";
import type { Session } from "./session.ts";
import { idOf } from "./shapes.ts";
import { tokensAt } from "./tokens.ts";
import type { Token } from "./tokens.ts";
import { UsageError } from "./usage.ts";

/** A market as it was listed. */
export interface Listed {
  /** Its number among those of the ledger, in the order of listing, from 1. */
  readonly number: number;
  readonly market: bigint;
  readonly marketId: string;
}

/** A market as it stands now. */
export interface Market extends Listed {
  readonly view: MarketViewStructOutput;
  readonly token: Token;
}

/** Digits of a market's key in the short form that people read and write. */
const SHORT = 2 + 8;

/** Everything listed, in order. */
export async function listedMarkets(session: Session): Promise<Listed[]> {
  const { ledger } = session;
  const events = await eventsSince(session, (from, to) =>
    ledger.queryFilter(ledger.filters.MarketListed(), from, to),
  );
  return events.map(({ args }, i) => ({
    number: i + 1,
    market: args.market,
    marketId: args.marketId,
  }));
}

/** Markets with what the lens tells of them now. */
export async function withViews(session: Session, listed: readonly Listed[]): Promise<Market[]> {
  if (listed.length === 0) return [];
  const views = await session.lens.marketsOf(listed.map(({ market }) => market));
  const tokens = await tokensAt(
    session,
    views.map(({ terms }) => terms.token),
  );
  return listed.flatMap((entry, i) => {
    const view = views[i];
    const token = view && tokens.get(view.terms.token);
    return view === undefined || token === undefined ? [] : [{ ...entry, view, token }];
  });
}

/** The market that is meant: its number in `market:list`, its key, its id, or the first digits of these after 0x. */
export async function marketBy(session: Session, name: string, text: string): Promise<Market> {
  const listed = matching(await listedMarkets(session), name, text.trim());
  const [market] = await withViews(session, [listed]);
  if (market === undefined) throw new Error(`the lens does not tell ${idOf(listed.market)}`);
  return market;
}

/** The one of several markets that a text means. */
export function matching(markets: readonly Listed[], name: string, text: string): Listed {
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
function marketLabel({ number, market }: Listed): string {
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

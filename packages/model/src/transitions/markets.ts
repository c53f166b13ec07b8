import {
  HALT_WINDOW,
  LEVEL_HALTED,
  MAX_HORIZON,
  MAX_INT64,
  MAX_LAST_TRADE,
  MAX_LEVEL_TIME,
  MIN_HORIZON,
  STYLE_INVERSE,
} from "../constants.ts";
import { requireAuthorised, requireMarket, requireOracle } from "../context.ts";
import type { Context, Effect } from "../context.ts";
import { refuse } from "../errors.ts";
import { bookOf, marketIdOf, marketOf } from "../ids.ts";
import { gcd } from "../rounding.ts";
import { findBook, findMarket } from "../state.ts";
import type { BookId, MarketId, Terms } from "../types.ts";

/** What `list` answers. */
export interface Listing {
  readonly marketId: bigint;
  readonly market: MarketId;
}

function checkScale(terms: Terms): void {
  const { style, num, den, strikeTick } = terms;
  if (style > STYLE_INVERSE) refuse("StyleUnknown", style, STYLE_INVERSE);
  if (num === 0n || den === 0n) refuse("LotScaleZero", num, den);
  const divisor = gcd(num, den);
  if (divisor !== 1n) refuse("LotScaleNotReduced", num, den, divisor);
  if (strikeTick < 1n || strikeTick > MAX_INT64) refuse("StrikeTickBound", strikeTick, MAX_INT64);
}

function checkGrid({ gridPeriod, horizon, lastTrade }: Terms): void {
  if (gridPeriod === 0n) refuse("GridPeriodZero");
  if (horizon < MIN_HORIZON || horizon > MAX_HORIZON) {
    refuse("HorizonBound", horizon, MIN_HORIZON, MAX_HORIZON);
  }
  if (lastTrade > MAX_LAST_TRADE) refuse("LastTradeBound", lastTrade, MAX_LAST_TRADE);
}

/** Highest fee per lot that terms may ask: a thousandth of a lot, or a tenth of a tick. */
export function feeCapOf({ style, num, den, strikeTick }: Terms): bigint {
  return style === STYLE_INVERSE ? num / (1_000n * den) : (strikeTick * num) / (10n * den);
}

/** list(terms): restricted. */
export function list(context: Context, terms: Terms): Effect<Listing> {
  const { state, world } = context;
  requireAuthorised(context, "list");
  for (const target of [terms.token, terms.oracle]) {
    if (!world.code.has(target)) refuse("NoCode", target);
  }
  checkScale(terms);
  checkGrid(terms);
  const cap = feeCapOf(terms);
  if (terms.feePerLot > cap) refuse("FeeCap", terms.feePerLot, cap);
  if (terms.marginMode !== 0n) refuse("MarginModeUnknown", terms.marginMode, 0n);
  const marketId = marketIdOf(terms);
  const market = marketOf(marketId);
  if (findMarket(state, market) !== undefined) refuse("MarketTaken", market);
  const offered = requireOracle(context, terms.oracle).planDescribe(terms.feed, terms.profile);
  if (terms.priceExp !== offered.priceExp) {
    refuse("PriceExpMismatch", terms.priceExp, offered.priceExp);
  }
  if (terms.ceiling < 1n || terms.ceiling > offered.maxCeiling) {
    refuse("CeilingBound", terms.ceiling, offered.maxCeiling);
  }
  const events = [{ name: "MarketListed", args: { marketId, market, terms } }] as const;
  return { returned: { marketId, market }, events };
}

/** retire(market): restricted. */
export function retire(context: Context, market: MarketId): Effect<void> {
  requireAuthorised(context, "retire");
  if (requireMarket(context, market).guard.retired) refuse("MarketIsRetired", market);
  return { returned: undefined, events: [{ name: "MarketRetired", args: { market } }] };
}

/** setGuard(market, level, until, ceiling): the market's guard. */
export function setGuard(
  context: Context,
  market: MarketId,
  level: bigint,
  until: bigint,
  ceiling: bigint,
): Effect<void> {
  const { now, sender } = context.env;
  const { terms, guard } = requireMarket(context, market);
  if (sender !== terms.guard) refuse("NotGuard", market, sender);
  if (level > LEVEL_HALTED) refuse("LevelUnknown", level, LEVEL_HALTED);
  if (until > now + MAX_LEVEL_TIME) refuse("UntilBound", until, now + MAX_LEVEL_TIME);
  if (ceiling > terms.ceiling) refuse("CeilingBound", ceiling, terms.ceiling);
  const from = guard.olderHalt + HALT_WINDOW;
  if (level === LEVEL_HALTED && guard.olderHalt !== 0n && now < from) {
    refuse("HaltBudget", now, from);
  }
  const args = { market, level, until, ceiling, setAt: now };
  return { returned: undefined, events: [{ name: "GuardSet", args }] };
}

/** openBook(market, expiry): anyone. */
export function openBook(context: Context, market: MarketId, expiry: bigint): Effect<BookId> {
  const { now } = context.env;
  const { terms, guard } = requireMarket(context, market);
  if (guard.retired) refuse("MarketIsRetired", market);
  const { gridAnchor, gridPeriod, horizon } = terms;
  if (expiry < gridAnchor || (expiry - gridAnchor) % gridPeriod !== 0n) {
    refuse("OffGrid", expiry, gridAnchor, gridPeriod);
  }
  if (expiry < now + MIN_HORIZON) refuse("TooSoon", expiry, now + MIN_HORIZON);
  if (expiry > now + horizon) refuse("BeyondHorizon", expiry, now + horizon);
  const book = bookOf(market, expiry);
  if (findBook(context.state, book) !== undefined) refuse("BookAlreadyOpen", book);
  const oracle = requireOracle(context, terms.oracle);
  const opening = oracle.planOpen(now, terms.feed, terms.profile, expiry);
  const args = { book, market, expiry, ...opening.returned };
  return {
    returned: book,
    events: [{ name: "BookOpened", args }],
    outside: () => opening.commit(),
    oracleEvents: opening.events,
  };
}

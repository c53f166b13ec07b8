import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { CommonArguments } from "../lib/arguments.ts";
import { ENTRY_COLUMNS, entryJson, entryRow } from "../lib/bookReport.ts";
import type { CalendarEntry } from "../lib/bookReport.ts";
import { openings, phaseOf } from "../lib/books.ts";
import { parseWhole } from "../lib/decimals.ts";
import { tradedLegs } from "../lib/holdings.ts";
import type { Traded } from "../lib/holdings.ts";
import { allMarkets, marketBy } from "../lib/markets.ts";
import type { Market } from "../lib/markets.ts";
import { paragraphs, table } from "../lib/print.ts";
import { run } from "../lib/run.ts";
import type { Session } from "../lib/session.ts";
import { idOf } from "../lib/shapes.ts";

interface Arguments extends CommonArguments {
  readonly market: string | undefined;
  readonly upcoming: string;
  readonly past: string;
}

interface Range {
  readonly upcoming: bigint;
  readonly past: number;
}

const MOST = 500n;
/** A book opens at least this long before its expiry, seconds. */
const LEAST_LIFE = 7_200n;

export default (args: Arguments, hre: HardhatRuntimeEnvironment) =>
  run(args, hre, async (session) => {
    const upcoming = parseWhole("--upcoming", args.upcoming, 0n, MOST);
    const past = Number(parseWhole("--past", args.past, 0n, MOST));
    const [markets, traded] = await Promise.all([wanted(session, args), tradedLegs(session)]);
    const calendars = await Promise.all(
      markets.map((market) => calendarOf(session, market, { upcoming, past }, traded)),
    );
    return {
      json: {
        markets: markets.map(({ number, market }, i) => ({
          number,
          market: idOf(market),
          books: calendars[i]?.map(entryJson),
        })),
      },
      text:
        markets.length === 0
          ? "No market is listed on this ledger."
          : paragraphs(...markets.map((market, i) => calendarText(market, calendars[i] ?? []))),
    };
  });

async function wanted(session: Session, { market }: Arguments): Promise<Market[]> {
  if (market !== undefined) return [await marketBy(session, "--market", market)];
  return allMarkets(session);
}

/** The latest books that have expired, and the calendar from now on. */
async function calendarOf(
  session: Session,
  { market, token, view: { retired, terms } }: Market,
  { upcoming, past }: Range,
  traded: Traded,
): Promise<CalendarEntry[]> {
  const opened = await openings(session, market);
  const expired = opened
    .filter(({ expiry }) => expiry <= session.now)
    .sort((a, b) => Number(b.expiry - a.expiry))
    .slice(0, past)
    .reverse();
  const marks = new Map(opened.map(({ book, mark }) => [book, mark]));
  const { lens } = session;
  const [before, [after]] = await Promise.all([
    expired.length === 0 ? [] : lens.booksOf(expired.map(({ book }) => book)),
    lens.calendar(market, session.now + 1n, upcoming),
  ]);
  return [...before, ...after].map((view) => ({
    view,
    token,
    mark: marks.get(view.book) ?? 0n,
    series: traded.series(view.book),
    opens:
      phaseOf(view) === "unopened" && !retired
        ? { from: view.expiry - terms.horizon, until: view.expiry - LEAST_LIFE, now: session.now }
        : undefined,
  }));
}

function calendarText({ number, token }: Market, entries: readonly CalendarEntry[]): string {
  const books = entries.length === 0 ? "no books" : table(ENTRY_COLUMNS, entries.map(entryRow));
  return `Market ${number}, ${token.symbol}\n${books}`;
}

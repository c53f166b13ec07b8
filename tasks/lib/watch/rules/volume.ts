import { DAY_BEFORE } from "../activity.ts";
import type { Trade } from "../activity.ts";
import type { Condition } from "../alarm.ts";
import type { Limits } from "../limits.ts";
import { marketName } from "../names.ts";
import type { Names } from "../names.ts";

/** Fewer fills than that in the day before have no average worth the name. */
export const LEAST_FILLS = 10;
const HUNDREDTHS = 100n;

/** What is summed of the fills of a market. */
const MEASURES = [
  ["premium", "premium paid", ({ premium }: Trade) => premium],
  ["fees", "fees paid", ({ fees }: Trade) => fees],
  ["openInterest", "growth of open interest", ({ opened }: Trade) => opened],
] as const;

/**
 * Markets in which much more is traded within the window than on average in the day before it. A market that was
 * quiet on that day has no average, and gives no alarm.
 */
export function volumeConditions(
  trades: readonly Trade[],
  now: bigint,
  { window, volume }: Limits,
  names: Names,
): Condition[] {
  if (volume === undefined) return [];
  const begin = now - window;
  return [...byMarket(trades)].flatMap(([market, own]) => {
    const recent = own.filter(({ time }) => time > begin);
    const before = own.filter(({ time }) => time <= begin && time > begin - DAY_BEFORE);
    if (before.length < LEAST_FILLS) return [];
    return MEASURES.flatMap(([measure, what, read]): Condition[] => {
      const [sum, day] = [recent, before].map((some) =>
        some.reduce((total, trade) => total + read(trade), 0n),
      ) as [bigint, bigint];
      // sum > volume · day · window / DAY_BEFORE, without a division.
      if (day <= 0n || sum * DAY_BEFORE * HUNDREDTHS <= volume * day * window) return [];
      const times = Number((sum * DAY_BEFORE * HUNDREDTHS) / (day * window)) / Number(HUNDREDTHS);
      return [
        {
          alarm: "volume",
          severity: "warning",
          key: `${market} ${measure}`,
          text: `market ${names.market(market)}: ${what} is ${times} times the average of the day before`,
          details: {
            ...marketName(names, market),
            measure,
            sum,
            dayBefore: day,
            times,
            windowSeconds: Number(window),
          },
        },
      ];
    });
  });
}

function byMarket(trades: readonly Trade[]): ReadonlyMap<bigint, readonly Trade[]> {
  const found = new Map<bigint, Trade[]>();
  for (const trade of trades) {
    const known = found.get(trade.market);
    if (known) known.push(trade);
    else found.set(trade.market, [trade]);
  }
  return found;
}

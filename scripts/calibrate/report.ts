import type { HourlyBound } from "./hourly.ts";
import type { Tightness } from "./tightness.ts";
import type { Dispersion, Thresholds } from "./votes.ts";
import { MOVES } from "./windows.ts";
import type { WindowMoves } from "./windows.ts";

/** Bps as per cent. */
const percent = (bps: number, places = 1): string => `${(bps / 100).toFixed(places)} %`;
const share = (part: number): string => percent(part * 10_000, 2);
const whole = (value: number): string => value.toLocaleString("en-US");

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Moves over five minutes, window by window. */
export function movesTable(windows: readonly WindowMoves[], years: number): string {
  const recorded = windows.filter(({ window }) => !window.startsWith("dex"));
  const head = [
    "window",
    "bars",
    "seen",
    "possible",
    "tight",
    ...MOVES.map((bps) => percent(bps, 2)),
  ];
  const rows = windows.map(
    ({ window, interval, bars, seen, possible, tightness, tripped, ...each }) => [
      window.replaceAll("_", " "),
      `${whole(bars)} × ${interval / 60} min`,
      each.seenElsewhere > seen
        ? `${percent(seen)} (${percent(each.seenElsewhere)})`
        : percent(seen),
      percent(possible),
      percent(tightness, 0),
      ...tripped.map(({ times, minutes, back, possible: could }) => {
        if (times === 0) return could ? "possible" : "–";
        return `${times} × in ${minutes} min${back === 0 ? "" : `, ${back} back`}`;
      }),
    ],
  );
  const sums = MOVES.map((_, index) => recorded.map(({ tripped }) => tripped[index]));
  const total = sums.map((each) => {
    const [times, minutes, back] = (["times", "minutes", "back"] as const).map((name) =>
      each.reduce((sum, tripped) => sum + (tripped?.[name] ?? 0), 0),
    );
    return `${times} × in ${minutes} min, ${back} back`;
  });
  const windowsOf = sums.map((each) => {
    const seen = each.filter((tripped) => (tripped?.times ?? 0) > 0).length;
    return `${seen}–${each.filter((tripped) => tripped?.possible === true).length}`;
  });
  const yearly = sums.map((each) => {
    const times = each.reduce((sum, tripped) => sum + (tripped?.times ?? 0), 0);
    return (times / years).toFixed(1);
  });
  const blank = ["", "", "", ""];
  return table(head, [
    ...rows,
    ["all without the pool", ...blank, ...total],
    ["windows that trip, of 8", ...blank, ...windowsOf],
    ["times a year, at least", ...blank, ...yearly],
  ]);
}

/** What the hours can bound. */
export function hoursTable(bounds: readonly HourlyBound[], years: number): string {
  const head = [
    "move",
    "hours possible",
    "days",
    "days a year, at most",
    "close as far",
    "close within 3 %",
  ];
  return table(
    head,
    bounds.map(({ bps, possible, days, lasting, back }) => [
      percent(bps, 2),
      whole(possible),
      whole(days),
      (days / years).toFixed(1),
      whole(lasting),
      whole(back),
    ]),
  );
}

/** How far votes were apart. */
export function votesTable(
  dispersions: readonly Dispersion[],
  thresholds: readonly Thresholds[],
): string {
  const pairs = thresholds.map(
    ([apart, far]) => `≥ ${percent(apart, 2)} twice, ≥ ${percent(far, 2)}`,
  );
  return table(
    ["votes", "readings", "median", "most", "above 1 %", ...pairs],
    dispersions.map(({ name, readings, median, most, degraded, trips }) => [
      name,
      whole(readings),
      percent(median, 2),
      percent(most, 2),
      share(degraded),
      ...trips.map(({ apart, farApart }) => `${whole(apart)}, ${whole(farApart)}`),
    ]),
  );
}

/** How tight volatility alone would have kept a market. */
export function tightnessTable(rows: readonly Tightness[]): string {
  return table(
    ["daily volatility named", "at 0", "above 0", "at 100 %", "mean", "mean ceiling"],
    rows.map(({ dailyVol, none, some, whole: full, mean }) => [
      percent(dailyVol, 0),
      share(none),
      share(some),
      share(full),
      share(mean),
      // The floor is half of the ceiling.
      share(1 - mean / 2),
    ]),
  );
}

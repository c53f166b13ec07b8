import { TRIGGERS } from "@certus/model";

import { day, time as clock } from "../../../../scripts/demo/format.ts";
import type { Row } from "./run.ts";

/** Names of levels. */
export const LEVEL_NAMES = ["normal", "restricted", "halted"] as const;

/** Name of a trigger by its number. */
export function triggerName(trigger: bigint): string {
  return TRIGGERS.find(({ index }) => BigInt(index) === trigger)?.name ?? "None";
}

/** Minutes and hours of a time, its day before them if it is not that of the rows' beginning. */
export function hour(rows: readonly Row[], time: bigint): string {
  const first = rows[0]?.time ?? time;
  return day(time) === day(first) ? clock(time).slice(11) : clock(time).slice(5);
}

/** Rows without a break in what is in force. */
export function episodesOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const episodes: Row[][] = [];
  rows.forEach((row, index) => {
    if (row.level === 0n) return;
    if ((rows[index - 1]?.level ?? 0n) === 0n) episodes.push([]);
    episodes.at(-1)?.push(row);
  });
  return episodes;
}

/** Each time the market was not normal, as `12:51–13:32 restricted: Move, BigMove`. */
export function told(rows: readonly Row[]): readonly string[] {
  return episodesOf(rows).map((episode) => {
    const [first, last] = [episode[0], episode.at(-1)];
    const next = rows[rows.findIndex((row) => row === last) + 1];
    const acts = episode.flatMap((row) => row.acts).filter(({ kind }) => kind === "tripped");
    const triggers = new Set(acts.map(({ trigger }) => triggerName(trigger)));
    const levels = new Set(episode.map(({ level }) => LEVEL_NAMES[Number(level)] ?? ""));
    const span = [first?.time, next?.time].map((time) => (time ? hour(rows, time) : "…"));
    return `${span.join("–")} ${[...levels].join(", ")}: ${[...triggers].join(", ")}`;
  });
}

import { FLAG, LADDER, STANDING, STATUS, VERDICT } from "@certus/model";

import { decimal, day, time as clock } from "../../../scripts/demo/format.ts";
import { CLASS_NAMES } from "./feed.ts";
import type { Sight } from "./feed.ts";
import type { CrashRun } from "./run.ts";

const HOUR = 3_600n;
/** A line every so often, more of them around the expiry. */
const SELDOM = 1_800n;
const OFTEN = 600n;
/** What has moved by this many per cent since the last line is worth another one. */
const WORTH = 5n;

/** A line whenever a class is quarantined or released or the price has moved, and every so often; the fixing below. */
export function timeline(title: string, run: CrashRun, places: number): string {
  const rows = [head(places), ...shown(run).map((sight) => row(sight, places))];
  return [`\n      ${title}, ${day(run.opened)}`, ...rows, ...fixing(run, places)].join("\n      ");
}

/** Bits of a status by name; `ok` if there are none. */
export function statusText(status: bigint): string {
  return textOf(STATUS, status) || "ok";
}

/** Name of a step of the ladder. */
export function stepText(step: bigint): string {
  const found = Object.entries(LADDER).find(([, value]) => value === step);
  return found?.[0].toUpperCase() ?? "none";
}

/** Flags of a fixing by name; `none` if there are none. */
export function flagText(flags: bigint): string {
  return textOf(FLAG, flags) || "none";
}

function textOf(bits: Readonly<Record<string, bigint>>, mask: bigint): string {
  return Object.entries(bits)
    .flatMap(([name, bit]) => ((mask & bit) === 0n ? [] : name))
    .join(" ");
}

function head(places: number): string {
  const width = 9 + places;
  const cells = ["mid", ...CLASS_NAMES].map((name) => name.padStart(width));
  return `time  ${cells.join(" ")}   apart    band  status`;
}

function shown({ sights, fixes }: CrashRun): readonly Sight[] {
  const close = (fixes[0]?.[0] ?? 0n) - HOUR;
  let last: Sight | undefined;
  return sights.filter((sight) => {
    const worth = last === undefined || isWorth(sight, last, close);
    if (worth) last = sight;
    return worth;
  });
}

function isWorth(sight: Sight, last: Sight, close: bigint): boolean {
  const pause = sight.time < close ? SELDOM : OFTEN;
  if (sight.time - last.time >= pause || sight.turns.length > 0) return true;
  const [now, before] = [sight.spot.mid, last.spot.mid];
  const gap = now > before ? now - before : before - now;
  return gap * 100n >= before * WORTH;
}

/** Status, and who is not clear or does not count. */
function noteOf({ spot, votes }: Sight): string {
  const notes = votes.flatMap(({ store, verdict }, index) => {
    const name = CLASS_NAMES[index] ?? "";
    if (verdict === VERDICT.quarantined) return `${name} quarantined`;
    if (verdict === VERDICT.stale) return `${name} stale`;
    return store?.standing === STANDING.suspect ? `${name} suspect` : [];
  });
  return [statusText(spot.status), ...notes].join(", ");
}

function row(sight: Sight, places: number): string {
  const { spot, votes, turns } = sight;
  const show = (value: bigint | undefined) =>
    (value === undefined ? "–" : decimal(value, 8, places)).padStart(9 + places);
  const cells = [spot.mid, ...votes.map(({ store }) => store?.price)].map(show);
  const live = votes.flatMap(({ store, verdict }) =>
    verdict === VERDICT.used && store !== undefined ? store.price : [],
  );
  const [lowest, highest] = live.reduce(
    ([low, high], price) => [price < low ? price : low, price > high ? price : high],
    [live[0] ?? 0n, live[0] ?? 0n],
  );
  const apart = percent(highest - lowest, lowest);
  const band = percent(spot.high - spot.low, spot.mid);
  const told = turns.map(({ vote, kind, price, middle }) => {
    const off =
      kind === "quarantined" ? ` (${show(price).trim()} against ${show(middle).trim()})` : "";
    return ` ← ${vote} ${kind}${off}`;
  });
  const at = clock(sight.time).slice(11);
  return `${at} ${cells.join(" ")} ${apart} ${band}  ${noteOf(sight)}${told.join("")}`;
}

function percent(part: bigint, whole: bigint): string {
  return `${decimal(whole === 0n ? 0n : (part * 10_000n) / whole, 2, 2)} %`.padStart(7);
}

function fixing(run: CrashRun, places: number) {
  const { sights, opened, mark, marked, fixes, proving, transactions } = run;
  const price = (value: bigint) => decimal(value, 8, places);
  const counts = Object.entries(STATUS).flatMap(([name, bit]) => {
    const count = sights.filter(({ spot }) => (spot.status & bit) !== 0n).length;
    return count === 0 ? [] : `${name} ${count}`;
  });
  const lines = fixes.map(([at, fixed]) => {
    const when = `${clock(at)}  fix: `;
    if (!fixed.ok) return `${when}not before ${clock(fixed.again)}`;
    return `${when}${price(fixed.price)} by ${stepText(fixed.step)}, flags: ${flagText(fixed.flags)}`;
  });
  return [
    `of ${sights.length} updates: ${counts.join(", ") || "none degraded"}; ${transactions} transactions`,
    `opened ${clock(opened)}; mark ${price(mark)} of ${clock(marked)}`,
    ...lines,
    `proofs of ${Math.round(proving.bytes / 1_000)} kB, brought for ${decimal(proving.gas, 0, 0)} gas`,
  ];
}

import { UsageError } from "./usage.ts";

const ISO =
  /^(?<day>\d{4}-\d{2}-\d{2})(?:[T ](?<clock>\d{2}:\d{2})(?<seconds>:\d{2})?\s?(?<zone>Z|UTC|[+-]\d{2}:\d{2})?)?$/;
const SPAN = /^(?<count>\d+)\s?(?<unit>s|m|min|h|d|w)$/;
const UNIX = /^\d{9,11}$/;
const UNITS: Readonly<Record<string, bigint>> = {
  s: 1n,
  m: 60n,
  min: 60n,
  h: 3_600n,
  d: 86_400n,
  w: 604_800n,
};

/** Bits of a time, unix seconds, in orders and in the ledger. */
const TIME_BITS = 40n;

/** Seconds of a day. */
export const DAY = 86_400n;

/**
 * A time, unix seconds.
 *
 * @param text - Unix seconds; `2026-12-25`, which is its first second; `2026-12-25T08:00Z`; or `+2h` from now. UTC unless
 * it says otherwise.
 * @param now - Time of the chain.
 */
export function parseTime(name: string, text: string, now: bigint): bigint {
  const time = timeIn(name, text.trim(), now);
  if (time >> TIME_BITS === 0n) return time;
  throw new UsageError(`${name}: ${text.trim()} is later than any time of the ledger.`);
}

function timeIn(name: string, trimmed: string, now: bigint): bigint {
  if (UNIX.test(trimmed)) return BigInt(trimmed);
  const later = trimmed.startsWith("+") ? secondsOf(trimmed.slice(1)) : undefined;
  if (later !== undefined) return now + later;
  const seconds = isoSeconds(trimmed);
  if (seconds !== undefined) return seconds;
  throw new UsageError(
    `${name}: ${JSON.stringify(trimmed)} is no time: write 2026-12-25, 2026-12-25T08:00Z, unix seconds, or +2h from now (s, m, h, d, w).`,
  );
}

/** A length of time, seconds: a number of them, or `7d` (s, m, h, d, w). */
export function parseSpan(name: string, text: string): bigint {
  const trimmed = text.trim();
  const seconds = /^\d+$/.test(trimmed) ? BigInt(trimmed) : secondsOf(trimmed);
  if (seconds !== undefined) return seconds;
  throw new UsageError(
    `${name}: ${JSON.stringify(text)} is no length of time: write seconds, or 7d (s, m, h, d, w).`,
  );
}

function secondsOf(text: string): bigint | undefined {
  const { count, unit = "" } = SPAN.exec(text)?.groups ?? {};
  return count === undefined ? undefined : BigInt(count) * (UNITS[unit] ?? 0n);
}

/** Whether a text names a day and no time of it. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text.trim());
}

function isoSeconds(text: string): bigint | undefined {
  const { day, clock = "00:00", seconds = ":00", zone = "Z" } = ISO.exec(text)?.groups ?? {};
  if (day === undefined) return undefined;
  const time = Date.parse(`${day}T${clock}${seconds}${zone === "UTC" ? "Z" : zone}`);
  // Date.parse takes the 30th of February for the 2nd of March.
  const exists = !Number.isNaN(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return exists && time >= 0 ? BigInt(time / 1_000) : undefined;
}

/** The last second that a date can name. */
const LAST_DATE = 8_640_000_000_000n;

/** `2026-12-25T08:00:00Z`; seconds where no date is so late. */
export function iso(seconds: bigint): string {
  if (seconds > LAST_DATE) return String(seconds);
  return new Date(Number(seconds) * 1_000).toISOString().replace(".000Z", "Z");
}

/** `2026-12-25 08:00`, seconds only where there are some: for tables, which say that times are UTC. */
export function shownTime(seconds: bigint): string {
  return iso(seconds)
    .replace("T", " ")
    .replace(/(?::00)?Z$/, "");
}

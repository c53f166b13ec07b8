import { toJsonLine } from "../print.ts";

/** What can be alarming. docs/watch.md says what to do about each. */
export const ALARMS = [
  "difference",
  "shortfall",
  "reorg",
  "outflow",
  "volume",
  "payout",
  "stale",
  "breaker",
  "pending",
  "retired",
  "fixing",
  "lag",
] as const;

/** Name of an alarm. */
export type AlarmName = (typeof ALARMS)[number];

/** How bad it is: to be known, to be looked at, to be acted upon at once. */
export type Severity = "info" | "warning" | "critical";

/** Something that a rule found, for documents and for people. */
export interface Finding {
  readonly alarm: AlarmName;
  readonly severity: Severity;
  /** One sentence. */
  readonly text: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Something that is so for a while: it is told when it begins and when it ends. */
export interface Condition extends Finding {
  /** What it is about: the same condition has the same key in the next block. */
  readonly key: string;
}

/** A finding as it is told. */
export interface Alarm extends Finding {
  /** The block's time, or the watch's where there is no block; `2026-12-25T08:00:00Z`. */
  readonly time: string;
  readonly block: number | null;
}

/** An alarm as one line of JSON. */
export function alarmJson({ time, block, alarm, severity, text, details }: Alarm): string {
  return toJsonLine({ time, block, alarm, severity, text, details });
}

/** An alarm as a line for people. Contracts name tokens and roles as they like: what would move the cursor is left out. */
export function alarmText({ time, block, alarm, severity, text }: Alarm): string {
  const where = block === null ? "" : ` block ${block}`;
  const plain = text.replaceAll(/\p{Cc}/gu, "?");
  return `${time}${where} ${severity.toUpperCase()} ${alarm}: ${plain}`;
}

import { TRIGGERS } from "@certus/model";

import { timeOf } from "../../shapes.ts";
import { iso } from "../../times.ts";
import type { Finding } from "../alarm.ts";
import { amountName, amountSaid, marketName } from "../names.ts";
import type { Names } from "../names.ts";

/** A market's guard was set. */
export interface SeenGuard {
  readonly market: bigint;
  readonly token: bigint;
  readonly level: bigint;
  /** Unix seconds. */
  readonly until: bigint;
  readonly ceiling: bigint;
  readonly before: { readonly level: bigint; readonly until: bigint; readonly ceiling: bigint };
}

/** What a breaker told. */
export interface BreakerTold {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What one transaction did about guards. */
export interface GuardCall {
  /** Time of its block. */
  readonly time: bigint;
  readonly guards: readonly SeenGuard[];
  readonly told: readonly BreakerTold[];
}

const LEVELS = ["normal", "restricted", "halted"] as const;

function levelName(level: bigint): string {
  return LEVELS[Number(level)] ?? `level ${level}`;
}

function triggerName(trigger: unknown): string {
  const row = TRIGGERS.find(({ index }) => index === Number(trigger));
  return row?.name ?? `trigger ${String(trigger)}`;
}

/** What a breaker tells that says all about the level of the same transaction. */
const EXPLAINING: ReadonlySet<string> = new Set(["Tripped", "Released"]);

/** Markets that were tripped, imposed upon or released, and what their breakers say beside it. */
export function breakerFindings({ time, guards, told }: GuardCall, names: Names): Finding[] {
  const explained = marketsOf(told.filter(({ name }) => EXPLAINING.has(name)));
  const spoken = marketsOf(told);
  // A breaker says why; a guard that is none, or says nothing about it, is told by what it set.
  const bare = guards
    .filter(({ market }) => !explained.has(market))
    .filter((guard) => !spoken.has(guard.market) || levelChanged(guard, time));
  return [
    ...told.flatMap((one) => toldFinding(one, guards, time, names)),
    ...bare.flatMap((guard) => guardFinding(guard, time, names)),
  ];
}

function marketsOf(told: readonly BreakerTold[]): ReadonlySet<unknown> {
  return new Set(told.map(({ args }) => args["market"]));
}

function inForce({ level, until }: Pick<SeenGuard, "level" | "until">, time: bigint): bigint {
  return until > time ? level : 0n;
}

function levelChanged(guard: SeenGuard, time: bigint): boolean {
  return inForce(guard, time) !== inForce(guard.before, time);
}

function toldFinding(
  { name, args }: BreakerTold,
  guards: readonly SeenGuard[],
  time: bigint,
  names: Names,
): Finding[] {
  const { market } = args;
  // Of a feed, and nothing that concerns a market alone.
  if (typeof market !== "bigint") return [];
  const trigger = triggerName(args["trigger"]);
  const about = { ...marketName(names, market), what: name };
  const called = `market ${names.market(market)}`;
  switch (name) {
    case "Tripped": {
      const level = levelName(args["level"] as bigint);
      const until = args["until"] as bigint;
      return [
        {
          alarm: "breaker",
          severity: "warning",
          text: `${called} is ${level} until ${iso(until)}: ${trigger}`,
          details: { ...about, trigger, level, until: timeOf(until), measured: args["measured"] },
        },
      ];
    }
    case "Released": {
      const left = guards.find((guard) => guard.market === market && inForce(guard, time) > 0n);
      const rest = left ? `; it stays ${levelName(left.level)} until ${iso(left.until)}` : "";
      const text = `${called} was released, which ${trigger} had tripped${rest}`;
      return [info(text, { ...about, trigger, until: left ? timeOf(left.until) : null })];
    }
    case "NoticeGiven":
      return [info(`${called}: somebody gives notice of ${trigger}`, { ...about, trigger })];
    case "NoticeAnswered":
      return [info(`${called}: the notice of ${trigger} is answered`, { ...about, trigger })];
    case "MarketEnrolled":
      return [info(`${called} is watched by its breaker from now on`, about)];
    case "PolicySet":
      return [warning(`the thresholds of ${called} were changed`, about)];
    case "TokenFeedSet":
      return [warning(`the feed of the collateral of ${called} was set`, about)];
    default:
      return [];
  }
}

function guardFinding(guard: SeenGuard, time: bigint, names: Names): Finding[] {
  const { market, token, level, until, ceiling, before } = guard;
  const called = `market ${names.market(market)}`;
  const details = {
    ...marketName(names, market),
    what: "GuardSet",
    level: levelName(level),
    until: until === 0n ? null : timeOf(until),
    ceiling: amountName(names, token, ceiling),
    setter: "its guard",
  };
  const stood = inForce(before, time) > 0n;
  if (inForce(guard, time) > 0n) {
    return [warning(`${called} is ${levelName(level)} until ${iso(until)}, by its guard`, details)];
  }
  if (stood) return [info(`${called} was released by its guard`, details)];
  if (ceiling === before.ceiling) return [];
  const set = `the ceiling of ${called} is ${amountSaid(names, token, ceiling)} now`;
  return [info(set, details)];
}

function info(text: string, details: Finding["details"]): Finding {
  return { alarm: "breaker", severity: "info", text, details };
}

function warning(text: string, details: Finding["details"]): Finding {
  return { alarm: "breaker", severity: "warning", text, details };
}

import { LEVEL_HALTED, LEVEL_NORMAL, LEVEL_RESTRICTED, MAX_LEVEL_TIME } from "../constants.ts";
import { ModelFault } from "../errors.ts";
import { max, min } from "../rounding.ts";
import type { Address } from "../types.ts";
import { POLICY_BOUNDS, TRIGGERS } from "./table.ts";
import type { Policy, TriggerName, TriggerRow } from "./table.ts";

/** Episodes of so many seconds count together. */
const EPISODES_WINDOW = 86_400n;
/** Most times by which a stay is prolonged fourfold. */
const MOST_ESCALATION = 4n;

/** A market as the breaker knows it; times in unix seconds, 0 for never. */
export interface MarketWatch {
  /** Of the terms. */
  readonly token: Address;
  readonly termsCeiling: bigint;
  /** Feeds of the underlying and of the collateral; 0 for none. */
  readonly feed: bigint;
  readonly tokenFeed: bigint;
  readonly policy: Policy;
  readonly policySince: bigint;
  /** Thresholds to which the guardian may roll back; undefined if it may not. */
  readonly previous: Policy | undefined;
  /** Level last set, and its end. */
  readonly level: bigint;
  readonly until: bigint;
  /** End of what nothing ends early. */
  readonly firmUntil: bigint;
  /** What tripped it last, and when. */
  readonly trigger: TriggerName;
  readonly trippedAt: bigint;
  /** Beginnings of the last two episodes. */
  readonly olderStart: bigint;
  readonly newerStart: bigint;
  readonly escalation: bigint;
  /** Stress that is applied, bps. */
  readonly tightness: bigint;
  readonly adaptedAt: bigint;
  /** The guardian's last two uses. */
  readonly olderImposed: bigint;
  readonly newerImposed: bigint;
  /** When a steward and when the risk role last set thresholds. */
  readonly tightenedAt: bigint;
  readonly setAt: bigint;
  /** Until when the market is restricted for its collateral. */
  readonly depegUntil: bigint;
  /** Times of notices. */
  readonly notices: ReadonlyMap<TriggerName, bigint>;
}

/** A market that was just enrolled. */
export function freshWatch(token: Address, termsCeiling: bigint): MarketWatch {
  return {
    ...{ token, termsCeiling, feed: 0n, tokenFeed: 0n },
    ...{ policy: POLICY_BOUNDS.initial, policySince: 0n, previous: undefined },
    ...{ level: LEVEL_NORMAL, until: 0n, firmUntil: 0n, trigger: "None", trippedAt: 0n },
    ...{ olderStart: 0n, newerStart: 0n, escalation: 0n, tightness: 0n, adaptedAt: 0n },
    ...{ tightenedAt: 0n, setAt: 0n, depegUntil: 0n },
    ...{ olderImposed: 0n, newerImposed: 0n, notices: new Map<TriggerName, bigint>() },
  };
}

/** Number of a trigger in the contract. */
export function indexOf(trigger: TriggerName): bigint {
  return BigInt(rowOf(trigger)?.index ?? 0);
}

/** Row of a trigger; undefined for none. */
export function rowOf(trigger: TriggerName): TriggerRow | undefined {
  return TRIGGERS.find(({ name }) => name === trigger);
}

/** Row of a trigger that there is. */
export function requireRow(trigger: TriggerName): TriggerRow {
  const row = rowOf(trigger);
  if (row === undefined) throw new ModelFault(`the table has no ${trigger}`);
  return row;
}

/** The level as it reads at a time. */
export function levelIn({ level, until }: MarketWatch, now: bigint): bigint {
  return now < until ? level : LEVEL_NORMAL;
}

/** How long a trip of a row stays; without what is left of a sequencer's grace. */
export function stayOf({ stay, escalates }: TriggerRow, escalation: bigint): bigint {
  return escalates ? min(stay * 4n ** escalation, MAX_LEVEL_TIME) : stay;
}

/** The market with an episode begun, unless one goes on. */
export function withEpisode(watch: MarketWatch, now: bigint): MarketWatch {
  const { olderStart, newerStart, escalation } = watch;
  const within = (start: bigint): boolean => start !== 0n && now < start + EPISODES_WINDOW;
  if (levelIn(watch, now) !== LEVEL_NORMAL && within(newerStart)) return watch;
  return {
    ...watch,
    escalation: within(olderStart) ? min(escalation + 1n, MOST_ESCALATION) : 0n,
    olderStart: newerStart,
    newerStart: now,
  };
}

/**
 * The market with a level in the place of what was in force; that stays as a restriction if it would have lasted longer, or if it
 * is the guardian's and this is not, or the other way round.
 */
export function withLevel(
  watch: MarketWatch,
  now: bigint,
  trigger: TriggerName,
  level: bigint,
  until: bigint,
): MarketWatch {
  const inForce = levelIn(watch, now) !== LEVEL_NORMAL;
  const others = (watch.trigger === "Guardian") !== (trigger === "Guardian");
  const stays = inForce && (others || watch.until > until);
  const firmUntil = stays ? max(watch.firmUntil, watch.until) : watch.firmUntil;
  return { ...watch, level, until, firmUntil, trigger, trippedAt: now };
}

/** The market with its floor at a time at least. */
export function withFloor(watch: MarketWatch, firmUntil: bigint): MarketWatch {
  return { ...watch, firmUntil: max(watch.firmUntil, firmUntil) };
}

/** The market with what is in force ended, and the notice of it with it. */
export function withoutLevel(watch: MarketWatch): MarketWatch {
  const notices = new Map(watch.notices);
  notices.delete(watch.trigger);
  return { ...watch, level: LEVEL_NORMAL, until: 0n, notices };
}

/** The market as it is written: restricted to its floor unless it is halted; a level that is over is none. */
export function settled(watch: MarketWatch, now: bigint): MarketWatch {
  const { firmUntil } = watch;
  const level = levelIn(watch, now);
  if (level === LEVEL_HALTED) return watch;
  const until = level === LEVEL_NORMAL ? 0n : watch.until;
  if (firmUntil > now && firmUntil > until) {
    return { ...watch, level: LEVEL_RESTRICTED, until: firmUntil };
  }
  return { ...watch, level, until };
}

/** Whether the ledger's word is left alone: written again, a halt would count as another one. */
export function isHalted(watch: MarketWatch, now: bigint): boolean {
  return levelIn(watch, now) === LEVEL_HALTED;
}

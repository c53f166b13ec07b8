import { TRIGGERS } from "@certus/model";
import type { TriggerName, TriggerRow } from "@certus/model";

import type { Move } from "./moves.ts";

/** A time during which new risk was shut out by moves; unix seconds. */
export interface Episode {
  readonly from: number;
  readonly until: number;
  /** The hardest tier that was reached. */
  readonly tier: TriggerName;
  /** Whether the price was back where it came from within the hour. */
  readonly back: boolean;
}

const DAY = 86_400;
const HOUR = 3_600;
const MOST_ESCALATION = 4;
/** As near to the reference as votes have to be to each other. */
const BACK = 0.03;

/** Tiers by the hardest first, and what of a threshold each takes. */
const TIERS = [
  [rowOf("HugeMove"), (threshold: number) => Math.floor((threshold * 7) / 2)],
  [rowOf("BigMove"), (threshold: number) => threshold * 2],
  [rowOf("Move"), (threshold: number) => threshold],
] as const;

/** What a keeper brings about who trips with every move that passes a threshold, as docs/breakers.md has it in §5. */
export function episodesOf(moves: readonly Move[], threshold: number): readonly Episode[] {
  const episodes: Episode[] = [];
  let [older, newer] = [-Infinity, -Infinity];
  let escalation = 0;
  let until = -Infinity;
  moves.forEach((move, index) => {
    const tier = TIERS.findIndex(([, of]) => move.bps >= of(threshold));
    const [row] = TIERS[tier] ?? [];
    if (row === undefined) return;
    const { time } = move;
    const begins = time >= until;
    const counts = begins || newer + DAY <= time;
    const often = older + DAY > time ? Math.min(escalation + 1, MOST_ESCALATION) : 0;
    const power = counts ? often : escalation;
    const stay = Math.min(Number(row.stay) * 4 ** power, Number(row.longest));
    if (time + stay <= until) return;
    [until, escalation] = [time + stay, power];
    if (counts) [older, newer] = [newer, time];
    if (begins) {
      const back = isBack(moves, index);
      episodes.push({ from: time, until, tier: row.name, back });
      return;
    }
    const last = episodes.pop();
    if (last === undefined) return;
    const harder = tier < TIERS.findIndex(([each]) => each.name === last.tier);
    episodes.push({ ...last, until, tier: harder ? row.name : last.tier });
  });
  return episodes;
}

/** Minutes during which new risk is shut out. */
export function minutesOf(episodes: readonly Episode[]): number {
  return episodes.reduce((sum, { from, until }) => sum + (until - from) / 60, 0);
}

function isBack(moves: readonly Move[], index: number): boolean {
  const { time = 0, reference = 0 } = moves[index] ?? {};
  return moves
    .slice(index + 1)
    .some(
      (next) => next.time - time <= HOUR && Math.abs(next.price - reference) < reference * BACK,
    );
}

function rowOf(name: TriggerName): TriggerRow {
  const row = TRIGGERS.find((each) => each.name === name);
  if (row === undefined) throw new Error(`the table has no ${name}`);
  return row;
}

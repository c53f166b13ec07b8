import { refuse } from "../errors.ts";
import type { OracleHub } from "../oracle/multi/hub.ts";
import { sequencerState } from "../oracle/multi/sequencer.ts";
import { distanceOf, requireCore, requireReference } from "./observations.ts";
import type { FeedWatch, Observation } from "./observations.ts";
import { tightened } from "./policy.ts";
import type { TriggerName } from "./table.ts";
import { indexOf } from "./watch.ts";
import type { MarketWatch } from "./watch.ts";

/** Votes without which a market has none. */
const LEAST_VOTES = 2n;
const BPS = 10_000n;
/** Prices have eight decimals. */
const PRICE_PER_BPS = 10_000n;

/** What a condition comes to, in the unit of its trigger. */
export interface Finding {
  readonly holds: boolean;
  /** Whether it halts where its row does. */
  readonly halts: boolean;
  readonly measured: bigint;
  readonly threshold: bigint;
}

/** What a condition is looked for in. */
export interface Scene {
  readonly hub: OracleHub;
  readonly now: bigint;
  readonly market: bigint;
  readonly watch: MarketWatch;
}

/** How a bigger move compares with `move`. */
const MOVES: Readonly<Partial<Record<TriggerName, (move: bigint) => bigint>>> = {
  Move: (move) => move,
  BigMove: (move) => 2n * move,
  HugeMove: (move) => (7n * move) / 2n,
};

/** Whether a trigger is a move. */
export function isMove(trigger: TriggerName): boolean {
  return MOVES[trigger] !== undefined;
}

/** Whether a condition holds now; for votes that are missing, that they were since a time. */
export function conditionOf(scene: Scene, trigger: TriggerName, since: bigint): Finding {
  switch (trigger) {
    case "Sequencer":
      return sequencer(scene);
    case "Depeg":
      return depeg(scene);
    case "FewVotes":
    case "NoVotes":
      return missing(scene, trigger, since);
    case "Apart":
    case "FarApart":
      return apart(scene, trigger);
    default:
      return unavailable(scene, trigger);
  }
}

function unavailable({ market }: Scene, trigger: TriggerName): never {
  return refuse("TriggerUnavailable", market, indexOf(trigger));
}

function feedOf(scene: Scene, trigger: TriggerName): bigint {
  const { feed } = scene.watch;
  return feed === 0n ? unavailable(scene, trigger) : feed;
}

function sequencer(scene: Scene): Finding {
  const { hub, now } = scene;
  const { uptime } = hub.world;
  if (uptime === undefined) return unavailable(scene, "Sequencer");
  const { down, since, grace } = sequencerState(uptime, now);
  if (down) return { holds: true, halts: false, measured: 0n, threshold: 0n };
  const end = since + grace;
  return { holds: now < end, halts: false, measured: now, threshold: end };
}

function depeg(scene: Scene): Finding {
  const { hub, now, watch } = scene;
  const feed = watch.tokenFeed;
  if (feed === 0n) return unavailable(scene, "Depeg");
  const { quorum, votes } = hub.dispersionNow(now, feed, now);
  const { recent, coreLow, coreHigh } = votes;
  if (recent < quorum) refuse("NoAgreement", recent, quorum, distanceOf(coreLow, coreHigh));
  const { depegBelow, pegAbove } = watch.policy;
  const measured = hub.spotNow(now, feed).mid / PRICE_PER_BPS;
  const threshold = now < watch.depegUntil ? pegAbove : depegBelow;
  return { holds: measured < threshold, halts: false, measured, threshold };
}

function missing(scene: Scene, trigger: "FewVotes" | "NoVotes", since: bigint): Finding {
  const feed = feedOf(scene, trigger);
  const { quorum, votes } = scene.hub.dispersionNow(scene.now, feed, since);
  const threshold = trigger === "FewVotes" ? quorum : LEAST_VOTES;
  return { holds: votes.seen < threshold, halts: true, measured: votes.seen, threshold };
}

function apart(scene: Scene, trigger: "Apart" | "FarApart"): Finding {
  const { hub, now, watch } = scene;
  const { quorum, votes } = hub.dispersionNow(now, feedOf(scene, trigger), now);
  const { policy, tightness } = watch;
  const agreed = tightened(policy.apart, tightness);
  const threshold = trigger === "Apart" ? agreed : tightened(policy.farApart, tightness);
  const measured = distanceOf(votes.lowest, votes.highest);
  const nobody = distanceOf(votes.coreLow, votes.coreHigh) >= agreed;
  return {
    holds: votes.recent >= 2n && measured >= threshold,
    halts: votes.recent >= quorum && nobody,
    measured,
    threshold,
  };
}

/** How far the votes of this minute that agree have moved from an observation, if far enough. */
export function moveOf(scene: Scene, seen: FeedWatch, trigger: TriggerName, hint: bigint): bigint {
  const { hub, now, watch } = scene;
  const feed = feedOf(scene, trigger);
  const reference = requireReference(seen, hint, now);
  const { quorum, votes } = hub.dispersionNow(now, feed, now);
  const { policy, tightness } = watch;
  requireCore(votes, quorum, tightened(policy.apart, tightness));
  const measured = wayBetween(reference, votes.coreLow, votes.coreHigh);
  const threshold = MOVES[trigger]?.(tightened(policy.move, tightness)) ?? 0n;
  if (measured < threshold) refuse("NoEvidence", indexOf(trigger), measured, threshold);
  return measured;
}

/** From the nearest end of an observation to that of two prices, bps of the former; 0 where they overlap. */
function wayBetween({ low, high }: Observation, coreLow: bigint, coreHigh: bigint): bigint {
  if (coreHigh < low) return ((low - coreHigh) * BPS) / low;
  return coreLow > high ? ((coreLow - high) * BPS) / high : 0n;
}

import { DEAD_FEED_DELAY, END_DELAY, HALT_WINDOW, MARK_DELAY, STALE_DELAY } from "@certus/model";

import { FEEDS } from "../world/places.ts";
import { draftRound } from "./feed.ts";
import { listedMarkets, openBooks } from "./scene.ts";
import type { Draft, Scene } from "./scene.ts";

type Moment = readonly [weight: number, at: bigint];

/** Moments at which something changes. */
function moments(scene: Scene): readonly Moment[] {
  const { state, orders } = scene;
  const all: Moment[] = [];
  for (const { expiry, market, price } of openBooks(scene)) {
    all.push([3, expiry - market.terms.lastTrade], [4, expiry], [1, expiry - 300n]);
    if (price === 0n) {
      all.push(
        [1, expiry + END_DELAY],
        [0.6, expiry + STALE_DELAY],
        [0.5, expiry + DEAD_FEED_DELAY],
      );
      all.push([0.2, expiry + MARK_DELAY]);
    }
  }
  for (const { terms, guard } of listedMarkets(scene)) {
    all.push([1, guard.until], [0.4, guard.olderHalt === 0n ? 0n : guard.olderHalt + HALT_WINDOW]);
    const next = terms.gridAnchor + terms.gridPeriod;
    all.push([0.5, next - 7_200n], [0.3, next - terms.horizon]);
  }
  for (const { order } of orders.slice(-12)) all.push([0.3, order.deadline]);
  for (const { operators } of state.accounts.values()) {
    for (const { until } of operators.values()) all.push([0.3, until]);
  }
  return all;
}

/** The farthest that time jumps at once. */
const FARTHEST = 3_000_000n;

/** One of the next moments that matter, or one second beside it; nothing if none is near. */
export function momentAhead(scene: Scene): bigint | undefined {
  const { dice, now } = scene;
  const ahead = moments(scene)
    .filter(([, at]) => at > now && at < now + FARTHEST)
    .sort(([, a], [, b]) => (a < b ? -1 : 1));
  const near = ahead.slice(0, 8).map(([weight, at], index) => [weight / (1 + index), at] as const);
  if (near.length === 0) return undefined;
  const at = dice.near(dice.weighted(near));
  return at > now ? at : undefined;
}

/** wait: until one of the next moments that matter, or one second beside it. Never long while books are trading. */
export function draftWait(scene: Scene): Draft | undefined {
  const { dice, now } = scene;
  const at = momentAhead(scene);
  if (at === undefined) return { kind: "wait", at: now + 3_000n };
  // Feeds publish at least once an hour: what a long wait skipped is made up for mostly.
  for (const { proxy } of FEEDS) {
    if (at > now + 600n && dice.chance(0.7)) scene.plan.push(() => draftRound(scene, proxy, true));
  }
  if (at > now + 3_000n && dice.chance(0.8)) {
    const before = at - dice.between(1n, 2_000n);
    const { proxy } = dice.pick(FEEDS);
    scene.plan.unshift(
      () => ({ ...draftRound({ ...scene, now: before }, proxy, true), at: before }),
      () => ({ kind: "wait", at }),
    );
    return { kind: "wait", at: before };
  }
  return { kind: "wait", at };
}

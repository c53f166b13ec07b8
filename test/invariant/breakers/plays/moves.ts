import type { MarketId, TriggerName } from "@certus/model";

import { FEEDS, HOLDERS } from "../places.ts";
import {
  anyMarket,
  asPrice,
  call,
  inForce,
  keyOf,
  nearTime,
  sayWorth,
  seenOf,
  watchOf,
} from "../scene.ts";
import type { Play, Scene } from "../scene.ts";
import { nextLook, observed } from "./observing.ts";

const BPS = 10_000n;
/** Seconds for which an observation is a reference. */
const REFERENCE_AGE = 300n;

/** Seconds before a move within which what it is compared with is observed. */
const LEAD = 250n;
const DAY = 86_400n;

/** Moves with what each asks of a move of one, in halves. */
const MOVES: readonly (readonly [TriggerName, bigint])[] = [
  ["Move", 2n],
  ["BigMove", 4n],
  ["HugeMove", 7n],
];

/** The price that lies so many bps below or above an end of a reference: the first that does, or beside it. */
function moved({ dice }: Scene, low: bigint, high: bigint, bps: bigint): bigint {
  const beside = dice.pick([0n, 0n, 0n, 1n, -1n]);
  if (dice.chance(0.5)) return asPrice(low - (bps * low + BPS - 1n) / BPS + beside);
  return asPrice(high + (bps * high + BPS - 1n) / BPS + beside);
}

/** A price moves within minutes by what trips, or by a little less or more. */
export function* move(scene: Scene): Play {
  yield* moveOf(scene, anyMarket(scene));
}

/** The same of one market, at a time if one is given that is still ahead. */
function* moveOf(scene: Scene, market: MarketId, due = 0n): Play {
  const { dice, worth } = scene;
  const key = keyOf(scene, market);
  const feed = FEEDS[key].name;
  yield* observed(scene, nextLook(scene, key), key, dice.pick([0n, 5n, 60n]));
  const seen = seenOf(scene, feed);
  const last = seen?.kept.at(-1);
  if (seen === undefined || last === undefined) return;
  const watch = watchOf(scene, market);
  const [trigger, halves] = dice.pick(MOVES);
  const threshold = (inForce(watch, watch.policy.move) * halves) / 2n;
  const bps = dice.weighted([
    [5, dice.near(threshold)],
    [3, threshold + dice.between(0n, 800n)],
    [1, dice.between(0n, threshold)],
  ]);
  worth[key] = moved(scene, last.low, last.high, bps > 9_900n ? 9_900n : bps);
  const at = dice.weighted([
    [5, scene.now + dice.between(1n, 200n)],
    [2, dice.near(last.time + REFERENCE_AGE)],
  ]);
  const time = due >= scene.now ? due : at < scene.now ? scene.now : at;
  yield sayWorth(scene, time, key, dice.pick([0n, 0n, 0n, 10n]));
  const place = seen.count - 1n;
  const hint = dice.weighted([
    [8, place],
    [1, place + 16n * dice.between(1n, 1n << 60n)],
    [1, dice.between(0n, 20n)],
  ]);
  yield call(time, { kind: "trip", market, trigger, hint });
  if (dice.chance(0.3)) {
    const [other] = dice.pick(MOVES);
    yield call(time + dice.between(0n, 30n), { kind: "trip", market, trigger: other, hint });
  }
}

/** Move after move of what no longer comes to rest. */
export function* tumble(scene: Scene): Play {
  for (let left = 2 + scene.dice.below(5); left > 0; left--) {
    yield* move(scene);
    const rest = scene.dice.weighted([
      [3, 0n],
      [3, scene.dice.between(300n, 1_500n)],
      [1, scene.dice.between(1_500n, 8_000n)],
    ]);
    if (rest > 0n) yield { kind: "wait", at: scene.now + rest };
  }
}

/** Whenever a market has come back it moves again: episode after episode, each longer than the one before. */
export function* relapse(scene: Scene): Play {
  yield* relapseOf(scene, anyMarket(scene), scene.dice.pick([3, 4, 6, 7]));
}

function* relapseOf(scene: Scene, market: MarketId, episodes: number): Play {
  const { dice } = scene;
  for (let left = episodes; left > 0; left--) {
    const { until } = watchOf(scene, market);
    const at = until > scene.now ? nearTime(scene, until) : scene.now;
    yield* moveAt(scene, market, at + dice.pick([0n, 0n, 1n, 60n]));
  }
}

/** A move at a time, to the second. */
function* moveAt(scene: Scene, market: MarketId, time: bigint): Play {
  const before = time - LEAD;
  if (before > scene.now) yield { kind: "wait", at: before };
  yield* moveOf(scene, market, time);
}

/** A day after an episode began, to the second, another one does: mostly after the older one of the two that are remembered. */
export function* anniversary(scene: Scene): Play {
  const { dice } = scene;
  const market = anyMarket(scene);
  if (daysAfter(scene, market).length === 0) yield* relapseOf(scene, market, dice.pick([2, 3]));
  const [first, ...others] = daysAfter(scene, market);
  if (first === undefined) return;
  const day = dice.chance(0.7) ? first : dice.pick([first, ...others]);
  yield* moveAt(scene, market, dice.chance(0.5) ? day : nearTime(scene, day));
}

/** When a day will have passed since the episodes that are remembered, the older one first. */
function daysAfter(scene: Scene, market: MarketId): bigint[] {
  const { olderStart, newerStart } = watchOf(scene, market);
  return [olderStart, newerStart]
    .filter((start) => start !== 0n)
    .map((start) => start + DAY)
    .filter((day) => day > scene.now + LEAD);
}

/** A halt during which something firm begins: once it is over that is left. */
export function* underHalt(scene: Scene): Play {
  const { dice } = scene;
  const market = anyMarket(scene);
  const halted = (): boolean => {
    const { level, until } = watchOf(scene, market);
    return level === 2n && until > scene.now;
  };
  if (!halted()) {
    const duration = dice.between(300n, 2_400n);
    const sender = HOLDERS.guardian;
    yield call(scene.now, { kind: "impose", market, level: 2n, duration, sender });
  }
  yield* moveOf(scene, market);
  if (!halted()) return;
  const { until } = watchOf(scene, market);
  if (dice.chance(0.3)) {
    yield call(scene.now, { kind: "lift", market, sender: HOLDERS.guardian });
    return;
  }
  const at = dice.chance(0.5) ? until : nearTime(scene, until);
  yield call(at, { kind: "sync", market });
}

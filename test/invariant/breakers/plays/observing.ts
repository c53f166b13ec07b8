import { TRIGGERS } from "@certus/model";

import { FEEDS } from "../places.ts";
import type { FeedKey } from "../places.ts";
import {
  anyMarket,
  call,
  keyOf,
  nearTime,
  sayWorth,
  seenOf,
  voteCount,
  watchOf,
} from "../scene.ts";
import type { Play, Scene } from "../scene.ts";

const MINUTE = 60n;
/** Observations after which nobody waits for health any longer: a vote in quarantine takes ten minutes. */
const MOST_LOOKS = 14;

/** What a feed is worth is said and observed, at a time; mostly the hub has to learn of the feed first. */
export function* observed(scene: Scene, at: bigint, key: FeedKey, noise = 5n): Play {
  if (voteCount(scene, key) === 0 && scene.dice.chance(0.8)) {
    yield { kind: "createFeed", at };
    for (const market of scene.twin.markets.slice(0, 2)) yield call(at, { kind: "enroll", market });
  }
  yield sayWorth(scene, at, key, noise);
  yield call(at, { kind: "observe", feed: FEEDS[key].name });
}

/** When the next observation is due, or a little later. */
export function nextLook(scene: Scene, key: FeedKey): bigint {
  const { dice, now } = scene;
  const seen = seenOf(scene, FEEDS[key].name);
  const due = nearTime(scene, (seen?.lastAny ?? now) + MINUTE);
  return dice.weighted([
    [2, due],
    [4, now + MINUTE + dice.between(0n, 60n)],
    [2, now + dice.between(100n, 300n)],
  ]);
}

/** Some observations of what drifts a little. */
export function* calm(scene: Scene): Play {
  const { dice, worth } = scene;
  const key = keyOf(scene, anyMarket(scene));
  for (let left = 1 + dice.below(6); left > 0; left--) {
    worth[key] = (worth[key] * (10_000n + dice.between(-40n, 40n))) / 10_000n + 1n;
    const noise = dice.weighted([
      [6, 5n],
      [2, 40n],
      [2, 120n],
    ]);
    yield* observed(scene, nextLook(scene, key), key, noise);
  }
}

/** Whether something is in force that health ends. */
function endsInHealth(scene: Scene, market: bigint): boolean {
  const { trigger, until } = watchOf(scene, market);
  const releasable = TRIGGERS.find(({ name }) => name === trigger)?.releasable === true;
  return releasable && until > scene.now + 700n;
}

/** When health was seen first since the market was tripped, as far as that is kept. */
function firstHealthy(scene: Scene, market: bigint): bigint | undefined {
  const { trippedAt, feed } = watchOf(scene, market);
  const kept = seenOf(scene, feed)?.kept ?? [];
  return kept.find(({ time, healthy }) => healthy && time > trippedAt)?.time;
}

/** Health is observed until it ends what is in force, now and then a little less of it, or not in time. */
export function* recover(scene: Scene): Play {
  const { dice } = scene;
  const market = dice.maybe(scene.twin.markets.filter((each) => endsInHealth(scene, each)));
  if (market === undefined) {
    yield* calm(scene);
    if (dice.chance(0.1)) yield call(scene.now, { kind: "release", market: anyMarket(scene) });
    return;
  }
  const key = keyOf(scene, market);
  const span = dice.weighted([
    [4, dice.near(600n)],
    [1, 599n],
    [4, dice.between(600n, 700n)],
    [1, dice.between(200n, 600n)],
  ]);
  for (let left = MOST_LOOKS; left > 0; left--) {
    const begun = firstHealthy(scene, market);
    if (begun !== undefined && scene.now >= begun + span) break;
    // It counts from the first sign of health since the trip.
    const due = begun === undefined ? 0n : begun + span;
    const next = nextLook(scene, key);
    const last = due > scene.now + MINUTE && due < next + MINUTE;
    yield* observed(scene, last ? due : next, key);
  }
  const { lastTime = scene.now } = seenOf(scene, FEEDS[key].name) ?? {};
  const late = dice.weighted([
    [5, scene.now + dice.between(0n, 60n)],
    [3, nearTime(scene, lastTime + 120n)],
  ]);
  if (dice.chance(0.16)) {
    const { worth } = scene;
    const apart = Array.from(
      { length: 3 },
      (_, at) => (worth[key] * (100n + 2n * BigInt(at))) / 100n,
    );
    yield {
      ...sayWorth(scene, late, key),
      kind: "say",
      feed: FEEDS[key].name,
      readings: apart.map((price, index) => ({ index: BigInt(index), price, time: late })),
    };
  }
  yield call(late, { kind: "release", market });
  if (watchOf(scene, market).level === 0n && dice.chance(0.3)) {
    yield call(scene.now, { kind: "sync", market });
  }
}

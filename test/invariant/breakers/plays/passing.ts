import { TRIGGERS, findMarket } from "@certus/model";
import type { TriggerName } from "@certus/model";

import { ANYONE, FEEDS, HOLDERS, NO_FEED } from "../places.ts";
import { anyMarket, call, keyOf, nearTime, seenOf, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";
import { observed } from "./observing.ts";

const HOUR = 3_600n;
const DAY = 86_400n;

/** Times at which something ends or may happen again, all of them ahead. */
function bounds(scene: Scene): readonly bigint[] {
  const market = anyMarket(scene);
  const watch = watchOf(scene, market);
  const guard = findMarket(scene.twin.ledger.state, market)?.guard;
  const seen = seenOf(scene, watch.feed);
  const times = [
    watch.until,
    watch.firmUntil,
    watch.depegUntil,
    watch.newerStart + DAY,
    watch.olderStart + DAY,
    watch.adaptedAt + 600n,
    (guard?.olderHalt ?? 0n) + 7n * DAY,
    (guard?.newerHalt ?? 0n) + 7n * DAY,
    (seen?.lastTime ?? 0n) + 60n,
    scene.twin.breaker.network.lastTime + 900n,
  ];
  return times.filter((time) => time > scene.now && time < scene.now + 8n * DAY);
}

/** Time passes: to a bound, or as long as nobody cares. */
export function* pass(scene: Scene): Play {
  const { dice, now } = scene;
  const bound = dice.maybe(bounds(scene));
  const at = dice.weighted([
    [5, bound === undefined ? now + 60n : nearTime(scene, bound)],
    [3, now + dice.between(1n, 600n)],
    [2, now + dice.between(600n, 6n * HOUR)],
    [1, now + dice.between(6n * HOUR, 30n * HOUR)],
    [0.3, now + dice.between(DAY, 8n * DAY)],
  ]);
  yield { kind: "wait", at };
  if (dice.chance(0.5)) yield call(scene.now, { kind: "sync", market: anyMarket(scene) });
  if (dice.chance(0.3)) yield call(scene.now, { kind: "adapt", market: anyMarket(scene) });
}

/** Tightness follows the stress, step by step; now and then the network makes it. */
export function* adapt(scene: Scene): Play {
  const { dice, twin } = scene;
  const market = anyMarket(scene);
  const key = keyOf(scene, market);
  const strained = dice.chance(0.5);
  for (let left = 1 + dice.below(6); left > 0; left--) {
    if (strained) {
      const fee = twin.breaker.network.baseFee;
      const baseFee = dice.pick([fee * 2n, fee * 4n, fee * 9n, fee / 2n, dice.near(2n * fee)]);
      if (dice.chance(0.6) && baseFee >= 0n && baseFee < 1n << 60n) {
        yield { kind: "baseFee", baseFee, at: scene.now };
      }
      if (dice.chance(0.5)) yield { kind: "blocks", count: dice.between(1n, 80n), at: scene.now };
      yield* observed(scene, scene.now + dice.between(60n, 180n), key);
    }
    const { adaptedAt } = watchOf(scene, market);
    const due = adaptedAt + 600n;
    const at = dice.weighted([
      [5, due > scene.now ? nearTime(scene, due) : scene.now],
      [2, scene.now + dice.between(600n, 2_000n)],
      [1, scene.now + dice.between(2_000n, 30_000n)],
    ]);
    yield call(at, { kind: "adapt", market });
  }
}

const NAMES: readonly TriggerName[] = ["None", ...TRIGGERS.map(({ name }) => name)];

/** Any call at all, by anybody, mostly in vain. */
export function* stray(scene: Scene, at = scene.now): Play {
  const { dice } = scene;
  const market = anyMarket(scene);
  const trigger = dice.pick(NAMES);
  const sender = dice.pick([ANYONE, ...Object.values(HOLDERS)]);
  const { policy } = watchOf(scene, market);
  const feed = dice.pick([FEEDS.ether.name, FEEDS.late.name, FEEDS.coin.name, NO_FEED]);
  yield dice.weighted([
    [2, call(at, { kind: "observe", feed })],
    [3, call(at, { kind: "trip", market, trigger, hint: dice.between(0n, 20n) })],
    [1, call(at, { kind: "notice", market, trigger })],
    [1, call(at, { kind: "answer", market, trigger })],
    [0.3, call(at, { kind: "release", market })],
    [3, call(at, { kind: "sync", market })],
    [3, call(at, { kind: "adapt", market })],
    [0.3, call(at, { kind: "enroll", market })],
    [0.3, call(at, { kind: "tripShortfall", market, books: [], accounts: [] })],
    [0.3, call(at, { kind: "lift", market, sender })],
    [0.3, call(at, { kind: "rollBack", market, sender })],
    [0.2, call(at, { kind: "tighten", market, policy, sender })],
    [0.2, call(at, { kind: "setPolicy", market, policy, sender })],
    [0.2, call(at, { kind: "impose", market, level: 1n, duration: 60n, sender })],
  ]);
}

import type { TriggerName } from "@certus/model";

import type { Command } from "../command.ts";
import { FEEDS } from "../places.ts";
import type { FeedKey } from "../places.ts";
import { anyMarket, call, inForce, keyOf, nearTime, say, voteCount, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";

const BPS = 10_000n;

/** Prices whose ends are so many bps apart: evenly, or two of them together. */
function spread(
  { dice, worth }: Scene,
  key: FeedKey,
  count: number,
  bps: bigint,
): readonly bigint[] {
  const low = worth[key];
  const high = low + (bps * low + BPS - 1n) / BPS + dice.pick([0n, 0n, 0n, -1n, 1n]);
  const even = dice.chance(0.7);
  return Array.from({ length: count }, (_, at) => {
    if (at === 0) return low;
    if (at === count - 1) return high;
    return even ? low + ((high - low) * BigInt(at)) / BigInt(count - 1) : low + BigInt(at);
  });
}

/** The same with some silent. */
function withSilent(
  { dice }: Scene,
  prices: readonly bigint[],
  probability: number,
): readonly (bigint | undefined)[] {
  if (!dice.chance(probability)) return prices;
  const silent = dice.below(prices.length);
  return prices.map((price, at) => (at === silent ? undefined : price));
}

/** Votes are apart, at the notice and again. */
export function* apart(scene: Scene): Play {
  const { dice, now } = scene;
  const market = anyMarket(scene);
  const key = keyOf(scene, market);
  const trigger: TriggerName = "Apart";
  const distance = (): bigint => {
    const watch = watchOf(scene, market);
    const threshold = inForce(watch, watch.policy.apart);
    return dice.weighted([
      [4, dice.near(threshold)],
      [4, threshold + dice.between(0n, 200n)],
      [1, dice.between(0n, threshold)],
    ]);
  };
  const speak = function* (at: bigint): Play {
    const prices = spread(scene, key, voteCount(scene, key), distance());
    yield say(at, key, withSilent(scene, prices, 0.25));
  };
  if (voteCount(scene, key) === 0) return;
  yield* speak(now + dice.between(1n, 90n));
  yield call(scene.now, { kind: "notice", market, trigger });
  for (let left = dice.pick([1, 1, 2]); left > 0; left--) {
    const since = watchOf(scene, market).notices.get(trigger) ?? scene.now;
    const time = dice.weighted([
      [4, nearTime(scene, since + 60n)],
      [3, since + dice.between(60n, 900n)],
      [2, nearTime(scene, since + 900n)],
    ]);
    const at = time < scene.now ? scene.now : time;
    yield* speak(at);
    yield call(at, { kind: "trip", market, trigger, hint: 0n });
  }
  if (dice.chance(0.15)) yield call(scene.now, { kind: "answer", market, trigger });
}

/** Votes are far apart, once. */
export function* farApart(scene: Scene): Play {
  const { dice, now } = scene;
  const market = anyMarket(scene);
  const key = keyOf(scene, market);
  const count = voteCount(scene, key);
  if (count === 0) return;
  const watch = watchOf(scene, market);
  const threshold = inForce(watch, watch.policy.farApart);
  const bps = dice.weighted([
    [4, dice.near(threshold)],
    [4, threshold + dice.between(0n, 900n)],
    [1, dice.between(0n, threshold)],
  ]);
  const at = now + dice.between(1n, 400n);
  yield say(at, key, withSilent(scene, spread(scene, key, count, bps), 0.35));
  const then = dice.weighted([
    [6, at],
    [1, dice.near(at + 60n)],
  ]);
  yield call(then, { kind: "trip", market, trigger: "FarApart", hint: 0n });
}

/** The sequencer is down for a while, so that nobody could answer. */
function* outage({ dice, now }: Scene): Play {
  const began = now + dice.between(1n, 100n);
  yield { kind: "uptime", answer: 1n, startedAt: began, at: began };
  const ended = began + dice.between(1n, 300n);
  if (dice.chance(0.8)) yield { kind: "uptime", answer: 0n, startedAt: ended, at: ended };
}

/** Votes fall silent; somebody asks for them, and now and then is answered. */
export function* silence(scene: Scene): Play {
  const { dice, now, worth } = scene;
  const market = anyMarket(scene);
  const key = keyOf(scene, market);
  const count = voteCount(scene, key);
  if (count === 0) return;
  const loud = dice.weighted([
    [5, 0],
    [3, 1],
    [4, 2],
    [1, count],
  ]);
  const speak = (at: bigint, many: number): Command =>
    say(
      at,
      key,
      Array.from({ length: count }, (_, index) =>
        index < many ? worth[key] + BigInt(index) : undefined,
      ),
    );
  const begin =
    now +
    dice.weighted([
      [3, dice.between(300n, 700n)],
      [2, dice.between(100n, 300n)],
    ]);
  if (loud > 0) yield speak(begin, loud);
  const asked: TriggerName[] = dice.weighted([
    [4, ["NoVotes"]],
    [4, ["FewVotes"]],
    [3, ["FewVotes", "NoVotes"]],
  ]);
  const first = begin < scene.now ? scene.now : begin;
  for (const trigger of asked) yield call(first, { kind: "notice", market, trigger });
  if (dice.chance(0.35)) {
    const some = dice.pick([1, 2, count]);
    yield speak(scene.now + dice.between(1n, 500n), some);
    if (dice.chance(0.7))
      yield call(scene.now, { kind: "answer", market, trigger: dice.pick(asked) });
  }
  if (scene.twin.knobs.sequencer && dice.chance(0.12)) yield* outage(scene);
  for (const trigger of asked) {
    const since = watchOf(scene, market).notices.get(trigger) ?? first;
    const most = trigger === "NoVotes" ? 7_200n : 3_600n;
    const time = dice.weighted([
      [5, nearTime(scene, since + 600n)],
      [3, since + dice.between(600n, 1_500n)],
      [1, nearTime(scene, since + most)],
    ]);
    const at = time < scene.now ? scene.now : time;
    if (loud > 0 && loud < count && dice.chance(0.6)) yield speak(at, loud);
    yield call(at, { kind: "trip", market, trigger, hint: 0n });
  }
  if (dice.chance(0.4)) {
    const feed = FEEDS[key].name;
    yield speak(scene.now + dice.between(1n, 200n), count);
    yield call(scene.now, { kind: "observe", feed });
    yield call(scene.now, { kind: "answer", market, trigger: dice.pick(asked) });
  }
}

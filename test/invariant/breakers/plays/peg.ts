import type { Command } from "../command.ts";
import { FEEDS } from "../places.ts";
import { PEG, anyMarket, call, holder, nearTime, say, voteCount, watchOf } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";

const MINUTE = 60n;
const HOUR = 3_600n;

/** Collateral leaves its peg, stays near it, comes back. */
export function* peg(scene: Scene): Play {
  const { dice, worth } = scene;
  const market = anyMarket(scene);
  const watch = watchOf(scene, market);
  if (watch.tokenFeed !== FEEDS.coin.name && dice.chance(0.9)) {
    const sender = holder(scene, "safe");
    yield call(scene.now, { kind: "setTokenFeed", market, feed: FEEDS.coin.name, sender });
  }
  const count = voteCount(scene, "coin");
  const speak = (at: bigint, bps: bigint, silent = 0): Command => {
    worth.coin = (PEG * bps) / 10_000n + dice.pick([0n, 0n, 9_999n, -1n]);
    const spreading = dice.chance(0.2) ? worth.coin / 50n : 0n;
    const prices = Array.from({ length: count }, (_, index) =>
      index < silent ? undefined : worth.coin + spreading * BigInt(index - 1),
    );
    return say(at, "coin", prices);
  };
  const below = (): bigint => {
    const { depegBelow, pegAbove } = watchOf(scene, market).policy;
    return dice.weighted([
      [4, dice.near(depegBelow)],
      [4, depegBelow - dice.between(1n, 900n)],
      [1, dice.between(depegBelow, pegAbove)],
    ]);
  };
  yield speak(scene.now + dice.between(1n, 90n), below());
  yield call(scene.now, { kind: "notice", market, trigger: "Depeg" });
  for (let left = dice.pick([1, 2, 3]); left > 0; left--) {
    const since = watchOf(scene, market).notices.get("Depeg") ?? scene.now;
    const time = dice.weighted([
      [5, nearTime(scene, since + 30n * MINUTE)],
      [3, since + dice.between(30n * MINUTE, HOUR)],
      [2, nearTime(scene, since + HOUR)],
    ]);
    const at = time < scene.now ? scene.now : time;
    const { depegBelow, pegAbove } = watchOf(scene, market).policy;
    const held = watchOf(scene, market).depegUntil > at;
    const bps = held
      ? dice.pick([dice.near(pegAbove), dice.between(depegBelow, pegAbove), dice.near(depegBelow)])
      : below();
    yield speak(at, bps, dice.chance(0.15) ? 1 : 0);
    yield call(at, { kind: "trip", market, trigger: "Depeg", hint: 0n });
    if (dice.chance(0.15)) yield call(at, { kind: "answer", market, trigger: "Depeg" });
  }
  if (!dice.chance(0.4)) return;
  yield speak(scene.now + dice.between(1n, 400n), dice.pick([9_990n, 10_000n, 10_010n]));
  yield call(scene.now, { kind: "answer", market, trigger: "Depeg" });
}

import type { Command } from "../command.ts";
import { anyMarket, call, nearTime } from "../scene.ts";
import type { Play, Scene } from "../scene.ts";

/** The sequencer goes down, comes up, cannot be read; whoever sees it trips. */
export function* sequencer(scene: Scene): Play {
  const { dice, twin } = scene;
  const market = anyMarket(scene);
  const tripped = (at: bigint): Command =>
    call(at, { kind: "trip", market, trigger: "Sequencer", hint: 0n });
  if (!twin.knobs.sequencer) {
    yield tripped(scene.now + dice.between(0n, 60n));
    return;
  }
  if (dice.chance(0.15)) {
    yield { kind: "uptimeRead", readable: false, at: scene.now + 1n };
    yield tripped(scene.now + dice.between(0n, 100n));
    yield { kind: "uptimeRead", readable: true, at: scene.now + dice.between(1n, 900n) };
    yield tripped(scene.now);
    return;
  }
  const began = scene.now + dice.between(1n, 50n);
  yield { kind: "uptime", answer: dice.pick([1n, 1n, 2n]), startedAt: began, at: began };
  if (dice.chance(0.7)) yield tripped(scene.now + dice.between(0n, 200n));
  const outage = dice.weighted([
    [3, dice.between(100n, 2_900n)],
    [1, dice.near(300n)],
    [1, dice.near(2_700n)],
  ]);
  const end = began + outage < scene.now ? scene.now : began + outage;
  const odd = dice.chance(0.1);
  const startedAt = odd ? dice.pick([0n, end + 20n]) : end;
  yield { kind: "uptime", answer: 0n, startedAt, at: end };
  const grace = outage < 300n ? 300n : outage > 2_700n ? 2_700n : outage;
  const at = dice.weighted([
    [4, end + dice.between(0n, grace)],
    [4, nearTime(scene, end + grace)],
  ]);
  yield tripped(at);
  if (odd) yield { kind: "uptime", answer: 0n, startedAt: scene.now, at: scene.now };
}

import type { Header } from "../../../scripts/replay/node.ts";
import type { Condition } from "./alarm.ts";
import { fixingConditions } from "./rules/fixing.ts";
import { shortfallConditions } from "./rules/shortfall.ts";
import { staleConditions } from "./rules/stale.ts";
import type { Scene } from "./scene.ts";

/**
 * Looks at what stands at the newest block, whether or not anything was told in it: balances, feeds, books without a
 * price, and now and then everything.
 */
export async function sweep(scene: Scene, end: Header): Promise<void> {
  const { look, replicator, names, options, output, checker, progress } = scene;
  const { state } = replicator.now;
  const { limits, fullEvery } = options;
  await names.learn();
  const [tokens, feeds, unfixed] = await Promise.all([
    look.tokens(state, end),
    limits.stale === undefined ? [] : look.feeds(state, end),
    look.unfixed(state, end),
  ]);
  tell(scene, end, "shortfall", shortfallConditions(tokens, names));
  tell(scene, end, "stale", staleConditions(feeds, limits));
  tell(scene, end, "fixing", fixingConditions(unfixed, end.time));
  const at = { block: end.number, time: end.time };
  output.tell(await checker.touched(end), at);
  if (!checker.isDue(end, fullEvery)) return;
  output.tell(await checker.all(end, (line) => progress?.update(() => line)), at);
}

function tell(scene: Scene, end: Header, scope: string, conditions: readonly Condition[]): void {
  const changes = scene.conditions.changes(scope, conditions);
  scene.output.tell(changes, { block: end.number, time: end.time });
}

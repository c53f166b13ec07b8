/**
 * The way of a fixing to its mark: readings of all classes, a hitch now and then, the opening, moves of the mark.
 *
 * @module
 */
import type { FixingKey, Reading } from "@certus/model";

import type { PriceCalls } from "./calls.ts";
import { TRUTH, bend } from "./lies.ts";
import type { Lie } from "./lies.ts";
import { TERMS } from "./places.ts";
import type { SourcePlace } from "./places.ts";
import type { Plan } from "./plan.ts";
import { MAXIMAL_FIRST, signedMessage, toldMessage, unanimous } from "./readings.ts";
import type { PricePath } from "./records.ts";

/** What an opening works with. */
export interface OpeningScene {
  readonly calls: PriceCalls;
  readonly path: PricePath;
  readonly plan: Plan;
  readonly key: FixingKey;
}

/** The sequencer's last outage is long over by then. */
const LONG_UP = 4_000n;

/** Brings a reading of every class, as of now or some seconds ago. */
async function readAll(
  { calls, plan: { feed, removed } }: OpeningScene,
  now: bigint,
  priceOf: (place: SourcePlace) => bigint,
  { ago = 0n, without }: { readonly ago?: bigint; readonly without?: SourcePlace | undefined } = {},
): Promise<void> {
  const { world } = calls;
  const time = now - ago;
  for (const [index, place] of feed.sources.entries()) {
    const price = priceOf(place);
    if (place === without || place === "push" || place === "stream") continue;
    const told: Reading = { price, time, confidence: 3n, form: MAXIMAL_FIRST };
    if (place === "redstone" || place === "own") {
      const gone = place === "own" && removed !== undefined ? [removed] : [];
      const said = unanimous(place, price, gone);
      const { payload, answer } = signedMessage(world, place, time, said);
      await calls.update(now, feed, index, payload, answer);
    } else if (TERMS[place].push) {
      await world.tell(now, place, told);
    } else {
      const { payload, answer } = toldMessage(told);
      await calls.update(now, feed, index, payload, answer);
    }
  }
  await calls.poke(now, feed);
}

/** Something is wrong, the opening is refused, and what was wrong is put right. */
async function hitch(scene: OpeningScene, now: bigint, price: bigint): Promise<void> {
  const { calls, plan, key } = scene;
  const { world } = calls;
  const honest = (): bigint => price;
  switch (plan.hitch) {
    case "none":
      return;
    case "few":
      await readAll(scene, now, honest, { without: "own" });
      break;
    case "apart":
      await readAll(scene, now, (place) => (place === "own" ? price + price / 90n : price));
      break;
    case "old":
      await readAll(scene, now, honest, { ago: 61n });
      break;
    case "guard":
      await readAll(scene, now, (place) => (place === "guard" ? price * 2n : price));
      break;
    case "down":
      await readAll(scene, now, honest);
      await world.setUptime(now, { answer: 1n, startedAt: now - 1n });
      break;
    case "grace":
      await readAll(scene, now, honest);
      await world.setUptime(now, { answer: 1n, startedAt: now - 100n });
      await world.setUptime(now, { answer: 0n, startedAt: now - 50n });
      break;
  }
  await calls.open(now, plan.feed, key);
  await world.setUptime(now, { answer: 1n, startedAt: now - LONG_UP - 60n });
  await world.setUptime(now, { answer: 0n, startedAt: now - LONG_UP });
}

/** Publishes what the push feed says between two times. */
export async function publishUntil(
  { calls, path }: Pick<OpeningScene, "calls" | "path">,
  after: bigint,
  until: bigint,
  lie: Lie,
): Promise<void> {
  if (until <= after) return;
  const rounds = path.rounds.slice(path.countAt(after), path.countAt(until));
  if (rounds.length === 0) return;
  const bent = rounds.map(({ answer, updatedAt }) => ({ answer: bend(answer, lie), updatedAt }));
  await calls.world.publish(until, bent);
}

/**
 * Opens a fixing and moves its mark.
 *
 * @returns The time up to which the push feed has its rounds.
 */
export async function openFixing(scene: OpeningScene): Promise<bigint> {
  const { calls, path, plan, key } = scene;
  const { world } = calls;
  const { feed, openedAt, removed, markLie, pushLie } = plan;
  const price = bend(path.priceAt(openedAt), markLie);
  let now = openedAt;
  if (removed !== undefined) {
    await world.proveEquivocation(now, removed, now - 5n, [price, price + 1n]);
    now += 1n;
  }
  if (markLie !== TRUTH) await world.publish(now, [{ answer: price, updatedAt: now }]);
  if (plan.hitch !== "none") {
    await hitch(scene, now, price);
    now += 1n;
  }
  await readAll(scene, now, () => price);
  if (!(await calls.open(now, feed, key))) throw new Error(`the fixing at ${now} does not open`);
  let published = now;
  for (const time of plan.refreshes) {
    if (time <= now) continue;
    await publishUntil(scene, published, time, pushLie);
    [published, now] = [time, time];
    const moved = path.priceAt(time);
    await readAll(scene, now, () => moved);
    if (time % 2n === 0n) await calls.open(now, feed, key);
    else await calls.refreshMark(now, key);
  }
  return published;
}
